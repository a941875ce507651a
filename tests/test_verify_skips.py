"""The verifier on what cannot be judged: missing, and asked of a second person (I1, I4, I8)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from bundles import (
    Record,
    close_round,
    draw_round,
    drawn_in,
    findings_in,
    introduce,
    judge,
    open_critical,
    open_round,
    sound_record,
)

from bot.domain.record import Kind

OWNER, BACKUP, OTHER = "person-a", "person-b", "person-c"
WHY = {"reason": "The link is dead."}


def skip(
    record: Record,
    place: int = 0,
    actor: str = OWNER,
    role: str = "owner",
    look: str = "first",
    words: dict[str, str] | None = WHY,
) -> None:
    output = drawn_in(record, 2)[place]
    facts: dict[str, object] = {"workflow": "triage", "round": 2, "output": output, "look": look}
    record.add(Kind.OUTPUT_SKIPPED, "round/triage/2", facts, words, actor=actor, role=role)


def judge_since(
    record: Record, place: int = 0, actor: str = BACKUP, role: str = "backup", **changed: object
) -> None:
    output = drawn_in(record, 2)[place]
    facts: dict[str, object] = {"workflow": "triage", "round": 2, "output": output}
    facts |= {"answer": "correct"} | changed
    record.add(Kind.OUTPUT_JUDGED, "round/triage/2", facts, actor=actor, role=role)


def obligation(record: Record, verb: str, owed: str, actor: str = "system", role: str = "") -> None:
    facts: dict[str, object] = {"obligation": owed}
    record.add(f"obligation.{verb}", f"obligation/{owed}", facts, actor=actor, role=role)


def confirm(record: Record, actor: str = BACKUP) -> None:
    skip(record, actor=actor, role="backup" if actor == BACKUP else "owner")


def answer(record: Record) -> None:
    obligation(record, "answered", "judge/triage/2", BACKUP, "backup")


def handed_in(*, asks: bool = True, skips: int = 1) -> Record:
    """Give a record of a round that its owner hands in, the first output skipped."""
    record = sound_record()
    introduce(record, OTHER, "U0C")
    open_round(record, 2)
    draw_round(record, 2)
    for output in drawn_in(record, 2)[1:]:
        judge(record, output, number=2)
    for _ in range(skips):
        skip(record)
    obligation(record, "answered", "review/triage/2", OWNER, "owner")
    ended = len(record.entries) - 1
    if asks:
        obligation(record, "opened", "judge/triage/2")
    close_round(record, 2, judged=5, missing=1)
    ts = record.entries[ended].ts
    record.entries[ended:] = [replace(each, ts=ts) for each in record.entries[ended:]]
    return record


@pytest.mark.parametrize("settle", [confirm, judge_since])
def test_i8_what_a_second_person_confirms_or_judges_is_sound(
    tmp_path: Path, settle: Callable[[Record], None]
) -> None:
    record = handed_in()
    settle(record)
    answer(record)
    assert findings_in(record, tmp_path) == ""


def test_i8_who_skipped_it_may_judge_it_later(tmp_path: Path) -> None:
    record = handed_in()
    judge_since(record, actor=OWNER, role="owner")
    answer(record)
    assert findings_in(record, tmp_path) == ""


def test_i8_a_figure_that_counts_the_skipped_as_judged_is_found(tmp_path: Path) -> None:
    record = handed_in()
    said = {**record.entries[-1].facts, "judged": 6, "missing": 0}
    record.entries[-1] = replace(record.entries[-1], facts=said)
    found = findings_in(record, tmp_path)
    assert "says judged: 6, but its verdicts say 5" in found
    assert "says missing: 0, but its verdicts say 1" in found


def test_i1_a_round_handed_in_with_skips_of_which_nobody_is_asked_is_found(tmp_path: Path) -> None:
    record = handed_in(asks=False)
    assert "with what cannot be judged, and asks nobody" in findings_in(record, tmp_path)


def test_i1_a_round_handed_in_with_neither_verdict_nor_skip_is_found(tmp_path: Path) -> None:
    record = handed_in(skips=0)
    assert "answers review/triage/2, of which outputs have no verdict" in findings_in(
        record, tmp_path
    )


def test_i1_an_answer_before_the_second_word_is_found(tmp_path: Path) -> None:
    record = handed_in()
    answer(record)
    assert "answers judge/triage/2, of which outputs have no verdict" in findings_in(
        record, tmp_path
    )


def _confirms_itself(record: Record) -> None:
    confirm(record, OWNER)


def _of_nobody(record: Record) -> None:
    skip(record, actor="system", role="")


def _without_a_reason(record: Record) -> None:
    skip(record, actor=BACKUP, role="backup", words=None)


def _of_a_judged_one(record: Record) -> None:
    skip(record, 1, BACKUP, "backup")


def _in_no_look(record: Record) -> None:
    skip(record, actor=BACKUP, role="backup", look="third")


def _not_looked_at_again(record: Record) -> None:
    for _ in range(2):  # it has one at most
        skip(record, actor=BACKUP, role="backup", look="second")


def _owner_looks_again(record: Record) -> None:
    skip(record, look="second")


def _as_an_auditor(record: Record) -> None:
    skip(record, actor=BACKUP, role="auditor")


def _judges_a_judged_one(record: Record) -> None:
    judge_since(record, 1)


def _judges_it_twice(record: Record) -> None:
    judge_since(record)
    judge_since(record)


def _judges_half(record: Record) -> None:
    judge_since(record, answer="wrong")


def _judges_as_nothing_known(record: Record) -> None:
    judge_since(record, answer="skipped")


def _judges_as_a_reviewer(record: Record) -> None:
    judge_since(record, role="reviewer")


def _judges_critical(record: Record) -> None:
    judge_since(record, answer="wrong", why="error", severity="critical")


@pytest.mark.parametrize(
    ("tamper", "finding"),
    [
        (_confirms_itself, "what person-a has said themselves"),
        (_of_nobody, "that it cannot be judged, without who or why"),
        (_without_a_reason, "that it cannot be judged, without who or why"),
        (_of_a_judged_one, "which was not drawn, or has its verdict"),
        (_in_no_look, "in a look that no round has"),
        (_not_looked_at_again, "has no second look at"),
        (_owner_looks_again, "is a second look of the owner's own"),
        (_as_an_auditor, "is said of an output as auditor, which nobody may"),
        (_judges_a_judged_one, "which is not asked of a second person then"),
        (_judges_it_twice, "which is not asked of a second person then"),
        (_judges_half, "is a verdict without its why and severity"),
        (_judges_as_nothing_known, "is a verdict that no person gives"),
        (_judges_as_a_reviewer, "is said of an output as reviewer, which nobody may"),
        (_judges_critical, "critical, and no breach was opened for it"),
    ],
)
def test_i4_a_word_that_nobody_may_give_is_found(
    tmp_path: Path, tamper: Callable[[Record], None], finding: str
) -> None:
    record = handed_in()
    assert findings_in(record, tmp_path / "before") == ""
    tamper(record)
    assert finding in findings_in(record, tmp_path / "after")


def test_i4_whoever_skips_what_is_with_a_reviewer_is_found(tmp_path: Path) -> None:
    record = sound_record()
    open_round(record, 2)
    draw_round(record, 2)
    facts: dict[str, object] = {"workflow": "triage", "round": 2, "share": 1}
    handed = facts | {"reviewer": BACKUP, "positions": [0, 1]}
    record.add(Kind.ITEMS_HANDED, "share/triage/1", handed, actor=OWNER, role="owner")
    skip(record, 0, BACKUP, "reviewer")
    assert "which is not with" not in findings_in(record, tmp_path / "theirs")
    skip(record, 0)
    assert "which is not with" not in findings_in(record, tmp_path / "the owner's again")
    skip(record, 1)
    assert "which is not with person-a" in findings_in(record, tmp_path / "theirs still")


def test_what_is_judged_critical_since_is_in_its_breach(tmp_path: Path) -> None:
    record = handed_in()
    _judges_critical(record)
    open_critical(record, drawn_in(record, 2)[:1], 2)
    assert findings_in(record, tmp_path) == ""


def test_i8_it_is_judged_by_a_second_person_only_once_the_round_is_handed_in(
    tmp_path: Path,
) -> None:
    record = sound_record()
    open_round(record, 2)
    draw_round(record, 2)
    skip(record)
    judge_since(record)
    assert "which is not asked of a second person then" in findings_in(record, tmp_path)
