"""A demo takes away what a demo left, and nothing of anybody else's."""

import signal
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from sandbox.demo.__main__ import main
from sandbox.demo.leftovers import alone_in, clear, clear_runs
from sandbox.player import Unexpected

NAMES = ("export.zip", "log.vkey", "tampered.zip")
LEFT = {
    "export.zip": '{"clock":"sandbox"}\n',
    "log.vkey": "answerable/T0SANDBOX+00+AA\n",
    "tampered.zip": '{"clock":"sandbox"}\n',
}
SOMEBODYS = {
    "export.zip": '{"clock":"system"}\n',
    "log.vkey": "answerable/T0ACME+00+AA\n",
    "tampered.zip": "",
}


def put(path: Path, content: str) -> None:
    if path.suffix == ".zip":
        with ZipFile(path, "w") as bundle:
            bundle.writestr("entries.jsonl" if content else "photo.jpg", content)
    else:
        path.write_text(content)


def test_what_a_demo_left_makes_room_for_the_next(tmp_path: Path) -> None:
    for name, content in LEFT.items():
        put(tmp_path / name, content)
    (tmp_path / "notes.txt").write_text("mine")
    clear(tmp_path, NAMES)

    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]
    clear(tmp_path / "nowhere", NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_somebody_elses_stays_and_so_does_everything_beside_it(
    tmp_path: Path, name: str
) -> None:
    for each, content in {**LEFT, name: SOMEBODYS[name]}.items():
        put(tmp_path / each, content)

    with pytest.raises(Unexpected, match=f"{name} .* --out"):
        clear(tmp_path, NAMES)
    assert {each.name for each in tmp_path.iterdir()} == set(NAMES)


def test_a_broken_file_is_nobodys_demo(tmp_path: Path) -> None:
    (tmp_path / "export.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(Unexpected):
        clear(tmp_path, NAMES)


def test_what_a_killed_demo_kept_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    kept = ("answerable.db", "answerable.db-wal", "signing.key.T0SANDBOX.note", "bot.log")
    for name in (*kept, "pipeline.sh", "guide_outputs.jsonl"):
        (tmp_path / "run-killed").mkdir(exist_ok=True)
        (tmp_path / "run-killed" / name).write_text("x")
    (tmp_path / "run-empty").mkdir()
    (tmp_path / "run-times").mkdir()
    (tmp_path / "run-times" / "marathon.csv").write_text("mine")
    (tmp_path / "run-notes.txt").write_text("mine")
    clear_runs(tmp_path)

    assert {each.name for each in tmp_path.iterdir()} == {"run-times", "run-notes.txt"}


HOLDER = """
import sys
from pathlib import Path
from sandbox.demo.__main__ import main
from sandbox.demo.leftovers import alone_in

with alone_in(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_demo_in_the_same_folder_is_refused_until_the_first_is_gone(
    tmp_path: Path,
) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        cwd=Path(__file__).resolve().parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(Unexpected, match=r"no other demo open in .* --out"), alone_in(tmp_path):
        pytest.fail("two are told")

    holder.kill()
    holder.communicate()
    with alone_in(tmp_path):
        assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_had_is_told_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]
    try:
        assert main(["--out", str(tmp_path / "file" / "demo-out")]) == 1
    finally:
        for number, handler in zip((signal.SIGTERM, signal.SIGHUP), before, strict=True):
            signal.signal(number, handler)

    said = capsys.readouterr().out
    assert f"expected to use {tmp_path}/file/demo-out, and cannot (not a directory)" in said
    assert "name another folder with --out" in said
    assert "Errno" not in said
