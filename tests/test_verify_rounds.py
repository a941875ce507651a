"""The verifier on rounds: they follow each other, are judged by who may, and closed (I4 to I8)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from bundles import (
    PLAN,
    Record,
    close_round,
    draw_round,
    drawn_in,
    findings_in,
    introduce,
    judge,
    judge_all,
    open_breach,
    open_round,
    owe,
    set_gate,
    set_policy,
    sound_record,
)

from bot import verify
from bot.domain.authority import WHO, Act
from bot.domain.breaches import Cause
from bot.domain.escalation import LADDER
from bot.domain.people import DELEGATE_OF, Role
from bot.domain.record import Kind

REVIEW = "review/triage/2"


def at_once(record: Record) -> None:
    """Have the last entry be of the time of the one before."""
    record.entries[-1] = replace(record.entries[-1], ts=record.entries[-2].ts)


def drawn() -> Record:
    """Give a sound record with a second round that is drawn."""
    record = sound_record()
    open_round(record, 2)
    draw_round(record, 2)
    return record


def reviewed(record: Record, number: int = 2, why: str = "") -> None:
    """Have a drawn round judged in full, and its review answered."""
    for output in drawn_in(record, number):
        judge(record, output, why, number=number)
    owe(record, "answered", owed=f"review/triage/{number}")


# Opened.


def test_rounds_that_follow_each_other_are_sound(tmp_path: Path) -> None:
    record = drawn()
    open_round(record, 3)
    reviewed(record, 2)
    close_round(record, 2)
    at_once(record)
    draw_round(record, 3)
    open_round(record, 4)
    assert findings_in(record, tmp_path) == ""


def _ground(record: Record) -> None:
    for number in (3, 4, 5):
        open_round(record, number)
    draw_round(record, 5)
    judge_all(record, 5)
    close_round(record, 5)


def _left_out(record: Record) -> None:
    open_round(record, 4)


def _gone_back_to(record: Record) -> None:
    open_round(record, 3)
    draw_round(record, 3)
    open_round(record, 1)


@pytest.mark.parametrize(
    ("tampered", "finding"),
    [
        (_ground, "opens round 4 of triage before round 3 of triage was drawn"),
        (_ground, "opens round 5 of triage before round 4 of triage was drawn"),
        (_left_out, "opens round 4 of triage, where 3 has to be the next"),
        (_gone_back_to, "opens round 1 of triage, where 4 has to be the next"),
    ],
)
def test_i7_a_round_is_opened_once_the_one_before_is_drawn(
    tmp_path: Path, tampered: Callable[[Record], None], finding: str
) -> None:
    record = drawn()
    tampered(record)
    assert finding in findings_in(record, tmp_path)


def test_i7_a_round_whose_seed_is_lost_is_the_only_finding(tmp_path: Path) -> None:
    record = drawn()
    open_round(record, 3)
    figures = dict.fromkeys(verify.FIGURES, 0)
    facts = {"workflow": "triage", "round": 3, "grade": "not_enough_evidence", **figures}
    lost = record.add(Kind.ROUND_CLOSED, "round/triage/3", facts)
    open_round(record, 4)
    found = findings_in(record, tmp_path)
    assert found == f"{lost}: closes round 3 of triage, whose seed was never revealed"


def test_i7_each_workflow_counts_its_own_rounds(tmp_path: Path) -> None:
    record = sound_record()
    record.add(Kind.WORKFLOW_REGISTERED, "workflow/mail", {"workflow": "mail"}, actor="person-a")
    facts = record.entries[4].facts | {"workflow": "mail"}
    record.add(Kind.POLICY_CHANGED, "workflow/mail", facts, actor="person-a")
    open_round(record, 1, "mail")
    open_round(record, 2)
    assert findings_in(record, tmp_path) == ""


def _opened(record: Record, policy: int | None) -> None:
    open_round(record, 3)
    record.entries[-1] = replace(record.entries[-1], policy=policy)


def _measured(record: Record, policy: int | None) -> None:
    facts: dict[str, object] = {"workflow": "triage", "values": []}
    record.add(Kind.MEASUREMENTS_RECEIVED, "workflow/triage", facts, policy=policy)


def _noticed(record: Record, policy: int | None) -> None:
    open_breach(record)
    record.entries[-1] = replace(record.entries[-1], policy=policy)


@pytest.mark.parametrize("act", [_opened, _measured, _noticed])
@pytest.mark.parametrize(("policy", "is_found"), [(1, 1), (2, 0), (3, 1), (None, 1)])
def test_i5_what_is_opened_is_under_the_policy_in_force(
    tmp_path: Path, act: Callable[[Record, int | None], None], policy: int | None, is_found: int
) -> None:
    record = drawn()
    set_policy(record, replace(PLAN, number=2, limit_bp=100))
    act(record, policy)
    found = findings_in(record, tmp_path)
    assert found.count(f"is under version {policy} of a policy, which is not in force") == is_found
    assert is_found or found == ""


# Closed.


def test_i8_what_is_answered_is_closed_by_then(tmp_path: Path) -> None:
    record = drawn()
    reviewed(record)
    close_round(record, 2)
    at_once(record)
    assert findings_in(record, tmp_path) == ""


def _never_closed(record: Record) -> None:
    reviewed(record, why="error")
    open_round(record, 3)
    draw_round(record, 3)
    judge_all(record, 3)
    close_round(record, 3)


def _closed_when_it_suited(record: Record) -> None:
    reviewed(record, why="error")
    close_round(record, 2, errors=6, overrides=6)


def _hushed_up(record: Record) -> None:
    open_breach(record, cause="round not answered", round=2)


def _gone_with_its_workflow(record: Record) -> None:
    set_gate(record, "run", "retired")


def _never_drawn_and_gone(record: Record) -> None:
    close_round(record, 2, judged=0, missing=6)
    open_round(record, 3)
    set_gate(record, "run", "retired")


@pytest.mark.parametrize(
    "tampered",
    [
        _never_closed,
        _closed_when_it_suited,
        _hushed_up,
        _gone_with_its_workflow,
        _never_drawn_and_gone,
    ],
)
def test_i8_a_round_that_is_over_and_was_not_closed_is_found(
    tmp_path: Path, tampered: Callable[[Record], None]
) -> None:
    record = drawn()
    tampered(record)
    assert ", and it was not closed then" in findings_in(record, tmp_path)


def test_i1_a_drawn_round_that_nobody_is_asked_to_review_is_found(tmp_path: Path) -> None:
    record = drawn()
    asked = record.entries.pop()
    assert asked.facts == {"obligation": REVIEW}
    seq = record.entries[-1].seq
    finding = f"{seq}: draws round 2 of triage, and nobody was asked then to review it"
    assert findings_in(record, tmp_path / "never") == finding
    owe(record, "opened", owed=REVIEW)
    assert findings_in(record, tmp_path / "later") == finding


def test_what_is_drawn_and_closed_at_once_is_asked_of_nobody(tmp_path: Path) -> None:
    record = sound_record()
    open_round(record, 2)
    draw_round(record, 2, outputs=())
    record.entries.pop()
    close_round(record, 2)
    at_once(record)
    assert findings_in(record, tmp_path) == ""


def test_the_verifier_knows_of_what_a_round_not_answered_is_a_breach() -> None:
    assert Cause.ROUND_NOT_ANSWERED == verify.NOT_ANSWERED


# Judged.


def test_the_verifier_knows_in_which_roles_the_product_judges() -> None:
    reached = {rung.role for rung in LADDER}
    for act, kinds in (
        (Act.REVIEW, ("draft.saved", "verdict.recorded")),
        (Act.SECOND_REVIEW, ("second_draft.saved", "second_verdict.recorded")),
        (Act.SETTLE, ("disagreement.settled",)),
    ):
        roles = WHO[act] | reached
        roles |= {DELEGATE_OF[role] for role in roles}
        if act is Act.REVIEW:
            roles |= WHO[Act.ANSWER_SHARE]
        else:  # theirs it is who are named besides the owner
            roles = (roles | {Role.TECHNICAL_OWNER}) - {Role.OWNER, Role.OWNER_DELEGATE}
        for kind in kinds:
            assert verify.MAY_JUDGE[kind] == {str(role) for role in roles}, kind


@pytest.mark.parametrize("role", ["", "slack", "member", "auditor", "successor", "pipeline"])
@pytest.mark.parametrize("kind", list(verify.MAY_JUDGE))
def test_i4_a_verdict_in_no_role_that_may_is_found(tmp_path: Path, role: str, kind: str) -> None:
    record = drawn()
    introduce(record, "person-c", "U0C")
    judge(record, drawn_in(record, 2)[0], number=2, actor="person-c", role=role)
    record.entries[-1] = replace(record.entries[-1], kind=Kind(kind))
    finding = f"is said of an output as {role}, which nobody may"
    assert finding in findings_in(record, tmp_path)


@pytest.mark.parametrize(
    ("role", "rung"), [("backup", 1), ("delegate of backup", 1), ("steward", 2), ("admin", 3)]
)
@pytest.mark.parametrize("kind", [Kind.DRAFT_SAVED, Kind.VERDICT_RECORDED])
def test_i4_a_verdict_of_somebody_whom_the_review_has_not_reached_is_found(
    tmp_path: Path, role: str, rung: int, kind: Kind
) -> None:
    record = drawn()
    for number in range(rung + 1):
        judge(record, drawn_in(record, 2)[number], number=2, actor="person-b", role=role)
        record.entries[-1] = replace(record.entries[-1], kind=kind)
        owe(record, "climbed", number, owed=REVIEW)
    judge(record, drawn_in(record, 2)[-1], number=2, actor="person-b", role=role)
    found = findings_in(record, tmp_path)
    finding = f"is said of an output as {role}, whom {REVIEW} had not reached"
    assert found.count(finding) == rung + 1


def test_the_verifier_knows_whom_each_rung_reaches() -> None:
    reached = {str(rung.role): number for number, rung in enumerate(LADDER) if number}
    assert reached == verify.REACHED_AT
