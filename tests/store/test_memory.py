"""What is remembered outside the database of what was seen of the record."""

import os
import stat
from pathlib import Path

import pytest
from worlds import World

from bot.config import Misconfigured
from bot.domain.notes import parse_checkpoint, parse_note
from store.memory import KeyMemory, NoMemory


def note_of(world: World) -> str:
    with world.deps.store.read(world.deps.workspace) as reading:
        return reading.log.last_checkpoint().note


def test_what_is_kept_is_remembered_by_every_process(live: World, tmp_path: Path) -> None:
    ours, theirs = (KeyMemory(tmp_path / "signing.key") for _ in range(2))
    assert ours.last_or_none("T0WORK") is None

    for _ in range(2):
        note = note_of(live)
        ours.keep("T0WORK", note)
        kept = parse_checkpoint(parse_note(note).text)
        assert ours.last_or_none("T0WORK") == theirs.last_or_none("T0WORK") == kept
        live.reports(1)
    assert ours.last_or_none("T0ELSE") is None


def test_the_file_is_the_owners_alone_and_whole_at_any_time(
    live: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = KeyMemory(tmp_path / "signing.key")
    memory.keep("T0WORK", note_of(live))
    path = memory.path("T0WORK")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_text()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    live.pauses()
    with pytest.raises(OSError, match="No space"):
        memory.keep("T0WORK", note_of(live))
    assert path.read_text() == before, "the old one, not half of the new"


@pytest.mark.parametrize("text", ["", "answerable/T0WORK\n", "\xff" * 9])
def test_a_file_of_no_use_is_named_and_never_taken_for_none(tmp_path: Path, text: str) -> None:
    memory = KeyMemory(tmp_path / "signing.key")
    memory.path("T0WORK").write_text(text, "latin-1")

    with pytest.raises(Misconfigured, match=r"signing\.key\.T0WORK\.note"):
        memory.last_or_none("T0WORK")


def test_who_is_witnessed_by_nobody_remembers_nothing(live: World) -> None:
    NoMemory().keep("T0WORK", note_of(live))
    assert NoMemory().last_or_none("T0WORK") is None
