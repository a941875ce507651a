"""The verifier on shares: what reviewers answer was handed to them, by the owner (I4, I5)."""

from datetime import timedelta
from pathlib import Path

import pytest
from bundles import (
    START,
    Record,
    close_round,
    draw_round,
    findings_in,
    introduce,
    open_round,
    sound_record,
)

from bot.domain.record import Kind

OWNER, REVIEWER, OTHER = "person-a", "person-b", "person-c"
WORKFLOW: dict[str, object] = {"workflow": "triage"}


def drawn_in(record: Record) -> list[str]:
    drawn = [each.facts["drawn"] for each in record.entries if each.kind == "round.drawn"]
    assert isinstance(drawn[-1], list)
    return drawn[-1]


def handed(
    record: Record,
    *positions: int,
    share: int = 1,
    to: str = REVIEWER,
    by: str = OWNER,
    role: str = "owner",
) -> None:
    facts = about(share) | {"reviewer": to, "positions": list(positions)}
    record.add(Kind.ITEMS_HANDED, f"share/triage/{share}", facts, actor=by, role=role)


def about(share: int = 1) -> dict[str, object]:
    return {"workflow": "triage", "round": 2, "share": share}


def judges(
    record: Record, position: int, actor: str = REVIEWER, role: str = "reviewer", kind: str = ""
) -> None:
    facts = {"workflow": "triage", "round": 2, "output": drawn_in(record)[position]}
    facts |= {"answer": "correct", "late": False}
    record.add(kind or Kind.VERDICT_RECORDED, "round/triage/2", facts, actor=actor, role=role)


def hands_in(record: Record, actor: str = REVIEWER, share: int = 1) -> None:
    facts = about(share) | {"outputs": 1}
    record.add(Kind.ITEMS_ANSWERED, f"share/triage/{share}", facts, actor=actor, role="reviewer")


def takes_back(record: Record, *positions: int, share: int = 1) -> None:
    facts = about(share) | {"positions": list(positions)}
    record.add(Kind.ITEMS_TAKEN_BACK, f"share/triage/{share}", facts, actor=OWNER, role="owner")


def ends(record: Record, actor: str = OWNER, role: str = "owner") -> None:
    owed = {"obligation": "review/triage/2"}
    on = "obligation/review/triage/2"
    record.add(Kind.OBLIGATION_ANSWERED, on, owed, actor=actor, role=role)


@pytest.fixture
def record() -> Record:
    """Give a sound record with a second round, drawn, and its review owed."""
    made = sound_record()
    introduce(made, OTHER, "U0C")
    open_round(made, 2)
    draw_round(made, 2)
    return made


def test_what_is_handed_out_answered_and_taken_back_is_sound(
    record: Record, tmp_path: Path
) -> None:
    handed(record, 0, 1)
    judges(record, 0, kind=Kind.DRAFT_SAVED)
    takes_back(record, 1)
    judges(record, 0)
    hands_in(record)
    handed(record, 1, share=2, to=OTHER)
    takes_back(record, 1, share=2)
    for position in range(1, 6):
        judges(record, position, OWNER, "owner")
    close_round(record, 2)
    ends(record)

    assert findings_in(record, tmp_path) == ""


@pytest.mark.parametrize(("by", "role"), [(OTHER, "backup"), (REVIEWER, "owner")])
def test_i4_what_the_owner_did_not_hand_to_somebody_else_is_found(
    record: Record, tmp_path: Path, by: str, role: str
) -> None:
    handed(record, 0, by=by, role=role)
    assert "not handed out by the owner to somebody else" in findings_in(record, tmp_path)


def takes_over(record: Record, successor: str = OTHER) -> None:
    on = "handover/triage/1"
    about = WORKFLOW | {"handover": 1}
    facts = about | {"successor": successor}
    record.add(Kind.HANDOVER_PROPOSED, on, facts, actor=OWNER, role="owner")
    agreed = record.add(Kind.HANDOVER_ACCEPTED, on, about, actor=successor, role="successor")
    changed = WORKFLOW | {"changed": ["owner"]}
    record.add(Kind.ROLES_CHANGED, "workflow/triage", changed, actor=successor, prior=agreed)


def test_i4_whoever_hands_out_as_the_owner_is_the_owner_by_then(
    record: Record, tmp_path: Path
) -> None:
    handed(record, 0, to=REVIEWER, by=OTHER)
    found = findings_in(record, tmp_path)
    assert "is by person-c as the owner, which they are not by then" in found


def test_i4_who_was_the_owner_hands_out_and_takes_back_no_more(
    record: Record, tmp_path: Path
) -> None:
    handed(record, 0)
    takes_over(record)
    handed(record, 1, share=2, by=OTHER)
    handed(record, 2, share=3)
    takes_back(record, 0)
    found = findings_in(record, tmp_path).splitlines()
    assert [each.partition(": ")[2] for each in found] == [
        "is by person-a as the owner, which they are not by then"
    ] * 2


def test_i4_who_stands_in_for_another_than_the_owner_hands_nothing_out(
    record: Record, tmp_path: Path
) -> None:
    away = {"absence": 1, "begins_at": at(0), "ends_at": at(9), "zone": "UTC", "delegate": OTHER}
    record.add(Kind.ABSENCE_ANNOUNCED, "absence/1", away, actor=REVIEWER, role="member")
    handed(record, 0, by=OTHER, role="delegate of owner")
    assert "who stands in for another then" in findings_in(record, tmp_path)


def at(hours: int) -> str:
    return (START + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_what_was_not_drawn_is_not_handed_out(record: Record, tmp_path: Path) -> None:
    handed(record, 0, 99)
    assert "what round 2 of triage has not drawn" in findings_in(record, tmp_path)


def test_what_is_with_somebody_is_not_handed_out_again(record: Record, tmp_path: Path) -> None:
    handed(record, 0)
    handed(record, 0, share=2, to=OTHER)
    handed(record, 1, share=1, to=OTHER)
    found = findings_in(record, tmp_path)
    assert "is with a reviewer already" in found
    assert "share 1 of triage a second time" in found


def test_i4_a_reviewer_answers_their_own_alone(record: Record, tmp_path: Path) -> None:
    handed(record, 0)
    judges(record, 1)
    assert "which is not with person-b" in findings_in(record, tmp_path)


def test_i4_nobody_else_answers_what_a_reviewer_has(record: Record, tmp_path: Path) -> None:
    handed(record, 0)
    judges(record, 0, OWNER, "owner")
    assert "which is not with person-a" in findings_in(record, tmp_path)


def test_i4_a_reviewer_answers_as_a_reviewer(record: Record, tmp_path: Path) -> None:
    handed(record, 0)
    judges(record, 0, role="owner")
    assert "in another role than that of its reviewer" in findings_in(record, tmp_path)


def test_a_share_is_handed_in_by_its_reviewer_with_all_verdicts(
    record: Record, tmp_path: Path
) -> None:
    handed(record, 0)
    hands_in(record, OTHER)
    hands_in(record)
    found = findings_in(record, tmp_path)
    assert "hands in what is another's" in found
    assert "hands in outputs without a verdict" in found
    assert "is about share 1, which nobody has" in found


def test_what_has_its_verdict_is_not_taken_back(record: Record, tmp_path: Path) -> None:
    handed(record, 0, 1)
    judges(record, 0)
    takes_back(record, 0)
    assert "takes back what is not in this share, or has its verdict" in findings_in(
        record, tmp_path
    )


def test_i1_a_review_does_not_end_while_a_reviewer_has_some_of_it(
    record: Record, tmp_path: Path
) -> None:
    handed(record, 0)
    ends(record, REVIEWER, "reviewer")
    found = findings_in(record, tmp_path)
    assert "of which reviewers have outputs" in found
    assert "is a reviewer's handing in of all of round 2" in found
