"""The demo, played for real: processes, sockets, files. Nobody watches, so it ends by itself."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from bot import verify

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sandbox/samples/support_triage.jsonl"
CATEGORIES = {"billing", "refund", "delivery", "account", "complaint", "other"}
PATIENCE = 120  # seconds; the story takes a quarter of that on a machine that does nothing else


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


def entries_in(bundle: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ZipFile(bundle).read("entries.jsonl").splitlines()]


def in_record(ts: str) -> str:
    """Give the time of a message in Slack as the record writes times."""
    moment = datetime.fromtimestamp(int(ts.partition(".")[0]), UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


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
    entries = entries_in(out / "export.zip")
    kinds = [entry["kind"] for entry in entries]
    climbs = [
        entry["facts"]
        for entry in entries
        if entry["kind"] == "obligation.climbed"
        and entry["facts"]["obligation"].startswith("review/")
    ]
    assert kinds.count("round.drawn") == 8
    assert kinds.count("breach.opened") == 2
    assert kinds.count("refused") == 4
    assert [each["rung"] for each in climbs] == [0, 1, 2, 3]
    assert [each["late_seconds"] for each in climbs] == [0, 0, 0, 0]
    grades = {
        e["facts"]["round"]: e["facts"]["grade"] for e in entries if e["kind"] == "round.closed"
    }
    assert grades == {
        **dict.fromkeys((1, 2, 3, 5), "within_limit"),
        4: "not_enough_evidence",
        **dict.fromkeys((6, 7), "watch"),
    }
    pointed = [e["facts"]["points_to"] for e in entries if e["kind"] == "round.closed"]
    assert pointed[-2:] == ["drift", "category complaint"]
    gate = [e["facts"]["to"] for e in entries if e["kind"] == "gate.changed"]
    assert gate == ["run", "paused", "run"]


def test_every_message_stands_at_the_time_of_what_it_tells(told: tuple[Path, str]) -> None:
    out, _ = told
    entries = {entry["seq"]: entry for entry in entries_in(out / "export.zip")}
    shown = [entry for entry in entries.values() if entry["kind"] == "message.shown"]
    # The first entry of a message is its posting; what follows are updates in place.
    posts = {entry["facts"]["ts"]: entry for entry in reversed(shown) if entry["facts"]["ts"]}
    late = {
        (entry["facts"]["kind"], entry["ts"], entries[entry["prior"]]["ts"], ts)
        for ts, entry in posts.items()
        if not entry["ts"] == entries[entry["prior"]]["ts"] == in_record(ts)
    }
    assert late == set()
    in_channel = [entry for entry in posts.values() if entry["facts"]["place"] == "channel"]
    assert {
        ("accept_request", "2026-06-01T08:00"),
        ("round_card", "2026-06-01T10:00"),
        ("round_card", "2026-06-08T09:00"),
        ("breach_card", "2026-07-03T15:00"),
        ("gate_notice", "2026-07-20T10:40"),
        ("gate_notice", "2026-07-22T09:30"),
    } <= {(entry["facts"]["kind"], entry["ts"][:16]) for entry in in_channel}


def test_what_a_late_review_changes_is_told_as_it_is(told: tuple[Path, str]) -> None:
    _, printed = told
    said = " ".join(printed.split())
    assert "round 4 closed unanswered: silence is no verdict" in said
    assert "they came after the close and change no figure of the round" in said
    assert "no grade yet" not in said


def test_the_story_is_told_in_plain_text_without_a_terminal(told: tuple[Path, str]) -> None:
    _, printed = told
    assert "\033" not in printed
    assert "\u202e" not in printed
    assert "stays open" not in printed
    first_step = printed.index(" 1/24 ")
    assert re.search(r"Watch it happen.*http://127\.0\.0\.1:\d+", printed[:first_step])
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
