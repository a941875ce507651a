"""The verifier on copies: asked once, and answered with what they are copies of (I6, I7, I8)."""

from dataclasses import replace
from pathlib import Path

import pytest
from bundles import (
    DRAW_KEY,
    Record,
    close_round,
    draw_round,
    drawn_in,
    findings_in,
    judge,
    open_round,
    owe,
    sound_record,
)

from bot.domain import sampling
from bot.domain.record import Kind

SAME = (2, 4)  # places of one category in the draw


def drawn_with(
    copies: list[list[int]], *, second: tuple[str, ...] | None = None
) -> tuple[Record, list[str]]:
    """Give a record of a second round that is drawn with these copies, and what was drawn."""
    record = sound_record()
    open_round(record, 2)
    draw_round(record, 2, copies=copies)
    drawn = drawn_in(record, 2)
    seed = sampling.seed_for(DRAW_KEY, "T1", "triage", 2)
    unasked = {place for group in copies for place in group[1:]}
    asked = [each for place, each in enumerate(drawn) if place not in unasked]
    chosen = sampling.second_look(seed, asked) if second is None else second
    at = next(i for i, e in enumerate(record.entries) if e.facts.get("copies") == copies and i > 8)
    facts = {**record.entries[at].facts, "second": list(chosen)}
    record.entries[at] = replace(record.entries[at], facts=facts)
    return record, drawn


def answer(record: Record, output: str, why: str = "", copy_of: int | None = None) -> None:
    seq = judge(record, output, why, number=2)
    if copy_of is not None:
        said = {**record.entries[seq].facts, "copy_of": copy_of}
        record.entries[seq] = replace(
            record.entries[seq], facts=said, ts=record.entries[seq - 1].ts
        )


def end(record: Record, errors: int = 0, **figures: object) -> Record:
    owe(record, "answered", owed="review/triage/2")
    close_round(record, 2, errors=errors, overrides=errors, **figures)
    record.entries[-1] = replace(record.entries[-1], ts=record.entries[-2].ts)
    return record


def answered(why: str = "", of_copy: str = "") -> Record:
    """Answer a round in which the fifth output is a copy of the third, each with its why."""
    record, drawn = drawn_with([list(SAME)])
    first, copy = SAME
    answer(record, drawn[first], why)
    answer(record, drawn[copy], of_copy, copy_of=first)
    for place, output in enumerate(drawn):
        if place not in SAME:
            answer(record, output)
    return end(record, errors=bool(why) + bool(of_copy))


def test_a_copy_that_is_answered_with_its_original_is_sound(tmp_path: Path) -> None:
    assert findings_in(answered(), tmp_path) == ""


def test_i8_a_copy_that_is_answered_otherwise_is_found(tmp_path: Path) -> None:
    drawn = drawn_with([list(SAME)])[1]
    found = findings_in(answered("error", ""), tmp_path)
    assert f"answers {drawn[4]} otherwise than what it is a copy of" in found


def test_i8_a_copy_that_is_left_out_is_found(tmp_path: Path) -> None:
    record, drawn = drawn_with([list(SAME)])
    for place, output in enumerate(drawn):
        if place != SAME[1]:
            answer(record, output)
    found = findings_in(end(record, judged=5, missing=1), tmp_path)
    assert f"answers {drawn[2]}, and not its copies" in found


def test_i8_a_copy_that_is_answered_by_itself_is_found(tmp_path: Path) -> None:
    record, drawn = drawn_with([list(SAME)])
    for output in drawn:
        answer(record, output)
    found = findings_in(end(record), tmp_path)
    assert f"says wrongly of {drawn[4]} what it is a copy of" in found


def test_i8_an_answer_that_follows_another_than_was_drawn_is_found(tmp_path: Path) -> None:
    record, drawn = drawn_with([])
    answer(record, drawn[0])
    answer(record, drawn[1], copy_of=0)
    found = findings_in(record, tmp_path)
    assert f"says wrongly of {drawn[1]} what it is a copy of" in found


def test_a_copy_that_somebody_drafts_is_found(tmp_path: Path) -> None:
    record, drawn = drawn_with([list(SAME)])
    facts: dict[str, object] = {"workflow": "triage", "round": 2, "output": drawn[4]}
    record.add(
        Kind.DRAFT_SAVED, "round/triage/2", facts | {"answer": "correct"},
        actor="person-a", role="owner",
    )  # fmt: skip
    assert f"drafts an answer to {drawn[4]}, which is a copy" in findings_in(record, tmp_path)


def test_i7_a_second_look_at_a_copy_is_found(tmp_path: Path) -> None:
    drawn = drawn_with([list(SAME)])[1]
    record, _ = drawn_with([list(SAME)], second=(drawn[4], drawn[0]))
    found = findings_in(record, tmp_path)
    assert "it names other outputs for the second look than its seed does" in found


WRONG: dict[str, tuple[list[list[int]], str]] = {
    "a group of one": (
        [[2]],
        "groups copies of round 2 of triage of which some are none, or twice",
    ),
    "in two groups": ([[2, 3], [3, 4]], "of which some are none, or twice"),
    "in another order": ([[4, 2]], "of which some are none, or twice"),
    "what was not drawn": ([[2, 99]], "calls copies what round 2 of triage has not drawn"),
    "of two categories": ([[0, 4]], "of round 2 of triage is a copy in another category"),
}


@pytest.mark.parametrize("name", WRONG)
def test_i7_what_cannot_be_copies_is_found(name: str, tmp_path: Path) -> None:
    copies, sentence = WRONG[name]
    record, _ = drawn_with(copies)
    assert sentence in findings_in(record, tmp_path)


SPOILT: dict[str, dict[str, str]] = {
    "who": {"actor": "person-b", "role": "backup"},
    "when": {"ts": "2026-11-02T23:59:00.000000Z"},
}


@pytest.mark.parametrize("name", SPOILT)
def test_i8_a_copy_that_is_answered_apart_is_found(name: str, tmp_path: Path) -> None:
    record = answered()
    copy = next(i for i, each in enumerate(record.entries) if "copy_of" in each.facts)
    entry = record.entries[copy]
    record.entries[copy] = replace(
        entry,
        actor=SPOILT[name].get("actor", entry.actor),
        role=SPOILT[name].get("role", entry.role),
        ts=SPOILT[name].get("ts", entry.ts),
    )
    assert "otherwise than what it is a copy of" in findings_in(record, tmp_path)
