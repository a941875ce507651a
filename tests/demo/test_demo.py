"""The demo, played for real: processes, sockets, files. Nobody watches, so it ends by itself."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

import pytest

from bot import verify

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sandbox/samples/support_triage.jsonl"
CATEGORIES = {"billing", "refund", "delivery", "account", "complaint", "other"}
PATIENCE = 120  # seconds; the story takes a quarter of that on a machine that does nothing else


# The same demo with a story of three steps: register, accept, take the record out.
SHORT = """
import sys
from sandbox.demo import __main__, story
story.STEPS = (*story.STEPS[:2], *(each for each in story.STEPS if "takes" in each.title))
sys.exit(__main__.main())
"""


def play(
    *command: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def play_sample(folder: Path, sample: Path) -> subprocess.CompletedProcess[str]:
    out = str(folder / "out")
    return play("-m", "sandbox.demo", "--out", out, "--sample", str(sample))


def rows() -> list[dict[str, object]]:
    return [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]


def write_sample(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Give what one telling of the story left behind, and what it printed."""
    out = tmp_path_factory.mktemp("demo") / "demo-out"
    # Settings of a real workspace may be about: the demo goes its own way.
    about = {**os.environ, "SLACK_BOT_TOKEN": "xoxb-1-real", "ANSWERABLE_DATABASE_URL": "nonsense"}
    done = play("-m", "bot", "demo", "--out", str(out), environment=about)
    assert done.returncode == 0, done.stdout + done.stderr
    return out, done.stdout


def test_the_story_leaves_an_export_that_verifies(told: tuple[Path, str]) -> None:
    out, _ = told
    assert verify.main([str(out / "export.zip"), "--key", str(out / "log.vkey")]) == 0
    assert {each.name for each in out.iterdir()} == {"export.zip", "log.vkey", "tampered.zip"}


def test_the_tampered_copy_differs_in_one_verdict_and_is_found(told: tuple[Path, str]) -> None:
    out, _ = told
    lines = [
        ZipFile(out / name).read("entries.jsonl").splitlines()
        for name in ("export.zip", "tampered.zip")
    ]
    changed = [pair for pair in zip(*lines, strict=True) if pair[0] != pair[1]]
    ((before, after),) = changed
    assert json.loads(before)["kind"] == "verdict.recorded"
    assert json.loads(before)["facts"]["answer"] == "wrong"
    assert json.loads(after)["facts"]["answer"] == "correct"
    assert verify.main([str(out / "tampered.zip"), "--key", str(out / "log.vkey")]) == 1


def test_the_record_holds_the_whole_story(told: tuple[Path, str]) -> None:
    out, _ = told
    lines = ZipFile(out / "export.zip").read("entries.jsonl").splitlines()
    entries = [json.loads(line) for line in lines]
    kinds = [entry["kind"] for entry in entries]
    climbs = [entry["facts"] for entry in entries if entry["kind"] == "obligation.climbed"]
    assert kinds.count("round.drawn") == 8
    assert kinds.count("breach.opened") == 2
    assert kinds.count("refused") == 4
    assert [each["rung"] for each in climbs] == [0, 1, 2, 3]
    assert [each["late_seconds"] for each in climbs] == [0, 0, 0, 0]
    gate = [e["facts"]["to"] for e in entries if e["kind"] == "gate.changed"]
    assert gate == ["run", "paused", "run"]


def test_the_story_is_told_in_plain_text_without_a_terminal(told: tuple[Path, str]) -> None:
    _, printed = told
    assert "\033" not in printed
    assert "\u202e" not in printed
    assert "stays open" not in printed
    assert re.search(r"24 steps in \d+\.\d s", printed)


def test_a_step_that_fails_ends_the_demo_with_its_name_and_what_was_expected(
    tmp_path: Path,
) -> None:
    spoilt = [row | {"confidence": 7} for row in rows()]
    sample = write_sample(tmp_path / "spoilt", spoilt)
    done = play_sample(tmp_path, sample)
    assert done.returncode == 1
    assert (
        "Failed at “Week 1: the pipeline works”: expected every output to be taken" in done.stdout
    )
    assert done.stdout.count("Failed at") == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", '{"week": 1}\n'])
def test_a_sample_that_is_none_is_one_line(tmp_path: Path, text: str) -> None:
    sample = tmp_path / "sample"
    if text:
        sample.write_text(text, "utf-8")
    done = play_sample(tmp_path, sample)
    assert done.returncode == 1
    assert str(sample) in done.stdout
    assert done.stderr == ""


def test_on_a_terminal_the_sandbox_stays_open_until_ctrl_c(tmp_path: Path) -> None:
    screen, terminal = pty.openpty()
    demo = subprocess.Popen(
        [sys.executable, "-c", SHORT, "--out", str(tmp_path / "out")],
        cwd=ROOT,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    try:
        printed = read_until(screen, b"Ctrl-C")
        found = re.search(rb"stays open: (http://127\.0\.0\.1:\d+)", printed)
        assert found
        assert b"\033[" in printed
        address = found[1].decode()
        assert urlopen(address, timeout=5).status == 200  # noqa: S310 -- our own sandbox
        demo.send_signal(signal.SIGINT)
        assert demo.wait(20) == 0
        with pytest.raises(OSError, match="refused"):
            urlopen(address, timeout=5)  # noqa: S310 -- our own sandbox
    finally:
        demo.kill()
        demo.wait()
        os.close(screen)


def read_until(screen: int, words: bytes) -> bytes:
    printed = b""
    end = time.monotonic() + PATIENCE  # noqa: TID251 -- a test's own patience
    while words not in printed:
        assert time.monotonic() < end, printed.decode()  # noqa: TID251
        printed += os.read(screen, 65_536)
    return printed


def test_the_sample_is_eight_weeks_that_drift_from_the_sixth_on() -> None:
    weeks: dict[int, list[dict[str, object]]] = {}
    for row in rows():
        weeks.setdefault(int(str(row["week"])), []).append(row)
    assert sorted(weeks) == list(range(1, 9))
    wrong = {
        week: sum(row["prediction"] != row["truth"] for row in those) / len(those)
        for week, those in weeks.items()
    }
    assert all(wrong[week] < 0.08 for week in range(1, 6))
    assert all(0.25 < wrong[week] < 0.35 for week in range(6, 9))
    assert all(40 <= len(those) <= 50 for those in weeks.values())


def test_the_sample_is_varied_and_within_the_limits() -> None:
    all_rows = rows()
    assert len({row["output_id"] for row in all_rows}) == len(all_rows)
    assert len({row["input"] for row in all_rows}) == len(all_rows)
    assert {row["truth"] for row in all_rows} == CATEGORIES
    assert {row["prediction"] for row in all_rows} == CATEGORIES
    said = "".join(str(row["input"]) for row in all_rows)
    assert all(mark in said for mark in ("<!channel>", "{{", "<https://", "\u202e", "😡", "</"))
