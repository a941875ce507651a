"""A demo takes away what a demo left, and nothing of anybody else's."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from sandbox.demo.leftovers import clear
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
