"""The verifier on what is planted: committed to, revealed at the close, not counted (I6, I8)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from bundles import (
    OUTPUTS,
    Record,
    close_round,
    draw_round,
    drawn_in,
    findings_in,
    judge_all,
    open_round,
    owe,
    sound_record,
)

from bot.domain.plants import Plant
from bot.domain.record import Kind

SALTS = {1: "11" * 32, 2: "22" * 32}
OWNER = {"actor": "person-a", "role": "owner"}


def plant(record: Record, number: int, output: str, actor: str = "operator") -> None:
    made = Plant("triage", number, output, SALTS[number], 0)
    facts: dict[str, object] = {"workflow": "triage", "plant": number}
    record.add(Kind.OUTPUT_PLANTED, made.name, facts | {"commitment": made.commitment}, actor=actor)


def mix_in(record: Record, *numbers: int, of_round: int = 2) -> None:
    facts: dict[str, object] = {"workflow": "triage", "round": of_round, "plants": list(numbers)}
    record.add(Kind.PLANTS_MIXED_IN, f"round/triage/{of_round}", facts)


def draft(record: Record, output: str, why: str = "") -> int:
    facts: dict[str, object] = {"workflow": "triage", "round": 2, "output": output}
    facts |= {"answer": "wrong", "why": why, "severity": "minor"} if why else {"answer": "correct"}
    return record.add(Kind.DRAFT_SAVED, "round/triage/2", facts, **OWNER)


def told(number: int, output: str, draft: int | None, *, found: bool) -> dict[str, object]:
    return {"plant": number, "output": output, "salt": SALTS[number], "draft": draft,
            "found": found}  # fmt: skip


def reveal(record: Record, *plants: dict[str, object]) -> None:
    facts: dict[str, object] = {"workflow": "triage", "round": 2, "plants": list(plants)}
    record.add(Kind.PLANTS_REVEALED, "round/triage/2", facts)


def planted_in(
    outputs: tuple[str, str] = ("bad-1", "bad-2"), drafts: tuple[str, ...] = ("error", "")
) -> tuple[Record, list[int]]:
    """Give a record of a second round with two outputs planted in it, and the drafts of these."""
    record = sound_record()
    open_round(record, 2)
    plant(record, 1, outputs[0])
    plant(record, 2, outputs[1])
    draw_round(record, 2)
    mix_in(record, 1, 2)
    given = [draft(record, name, why) for name, why in zip(outputs, drafts, strict=False)]
    judge_all(record, 2)
    owe(record, "answered", owed="review/triage/2")
    return record, given


def close(record: Record) -> None:
    close_round(record, 2)
    record.entries[-1] = replace(record.entries[-1], ts=record.entries[-2].ts)


@pytest.fixture
def sound() -> Record:
    record, (first, second) = planted_in()
    close(record)
    reveal(record, told(1, "bad-1", first, found=True), told(2, "bad-2", second, found=False))
    return record


def test_a_round_with_planted_outputs_is_sound(sound: Record, tmp_path: Path) -> None:
    assert findings_in(sound, tmp_path) == ""


def test_i8_what_was_planted_and_drawn_is_found(tmp_path: Path) -> None:
    scratch = sound_record()
    open_round(scratch, 2)
    draw_round(scratch, 2)
    real = drawn_in(scratch, 2)[0]
    record, drafts = planted_in((real, "bad-2"), ("", ""))
    close(record)
    reveal(record, told(1, real, None, found=False), told(2, "bad-2", drafts[1], found=False))
    found = findings_in(record, tmp_path)
    assert f"reveals {real} as planted, which was drawn and counted" in found
    assert f"{real}, which was planted, is in the population of round 2 of triage" in found


def test_i8_what_was_planted_and_only_drawn_from_is_found(tmp_path: Path) -> None:
    scratch = sound_record()
    open_round(scratch, 2)
    draw_round(scratch, 2)
    spared = next(name for name, _ in OUTPUTS if name not in drawn_in(scratch, 2))
    record, (first, second) = planted_in((spared, "bad-2"))
    close(record)
    reveal(record, told(1, spared, first, found=True), told(2, "bad-2", second, found=False))
    found = findings_in(record, tmp_path)
    assert f"{spared}, which was planted, is in the population of round 2 of triage" in found


WRONG: dict[str, tuple[Callable[[int, int], list[dict[str, object]]], str]] = {
    "another output": (
        lambda one, _: [told(1, "bad-2", None, found=False), told(2, "bad-1", one, found=True)],
        "reveals bad-2 as plant 1, which was not committed to",
    ),
    "one fewer": (
        lambda one, _: [told(1, "bad-1", one, found=True)],
        "round 2 of triage is closed, and what was planted in it is not revealed",
    ),
    "noticed what was not": (
        lambda one, two: [told(1, "bad-1", one, found=True), told(2, "bad-2", two, found=True)],
        "says of bad-2 wrongly whether it was noticed",
    ),
    "not noticed what was": (
        lambda one, two: [told(1, "bad-1", one, found=False), told(2, "bad-2", two, found=False)],
        "says of bad-1 wrongly whether it was noticed",
    ),
    "another draft": (
        lambda one, _: [told(1, "bad-1", one, found=True), told(2, "bad-2", one, found=False)],
        "says of bad-2 what no draft of it says",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_i6_what_is_revealed_wrongly_is_found(name: str, tmp_path: Path) -> None:
    said, sentence = WRONG[name]
    record, (first, second) = planted_in()
    close(record)
    reveal(record, *said(first, second))
    assert sentence in findings_in(record, tmp_path)


def test_what_is_revealed_before_the_close_is_found(tmp_path: Path) -> None:
    record, (first, second) = planted_in()
    reveal(record, told(1, "bad-1", first, found=True), told(2, "bad-2", second, found=False))
    close(record)
    found = findings_in(record, tmp_path)
    assert "reveals what is planted in round 2 of triage before its close" in found


def test_what_was_not_committed_to_or_is_mixed_in_again_is_found(
    sound: Record, tmp_path: Path
) -> None:
    open_round(sound, 3)
    draw_round(sound, 3)
    mix_in(sound, 1, of_round=3)
    assert "plants 1, which was not committed to, or is elsewhere" in findings_in(sound, tmp_path)


def test_what_is_mixed_into_a_round_that_is_closed_is_found(sound: Record, tmp_path: Path) -> None:
    mix_in(sound, of_round=1)
    found = findings_in(sound, tmp_path)
    assert "plants in round 1 of triage, which has not just been drawn" in found


def test_a_plant_is_committed_to_once_and_by_the_console(sound: Record, tmp_path: Path) -> None:
    plant(sound, 1, "bad-3", actor="person-a")
    found = findings_in(sound, tmp_path)
    assert "plants 1 of triage a second time" in found
    assert "is planted by somebody who could be asked about it" in found


def test_an_answer_to_what_was_neither_drawn_nor_planted_is_found(tmp_path: Path) -> None:
    record, (first, second) = planted_in()
    draft(record, "made-up")
    close(record)
    reveal(record, told(1, "bad-1", first, found=True), told(2, "bad-2", second, found=False))
    found = findings_in(record, tmp_path)
    assert "answers made-up, which round 2 of triage neither drew nor planted" in found
