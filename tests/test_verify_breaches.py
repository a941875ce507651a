"""The verifier on breaches: none is closed that nobody decided, or missed (I1, I4, I6)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from bundles import (
    Record,
    close_round,
    decide,
    draw_round,
    drawn_in,
    findings_in,
    judge,
    open_breach,
    open_critical,
    open_round,
    owe,
    see_to,
    set_gate,
    sound_record,
    step,
)

from bot import verify
from bot.domain.authority import WHO, Act
from bot.domain.breaches import GATE_OF, WORK, Decision
from bot.domain.people import DELEGATE_OF
from bot.domain.record import Kind

ACKNOWLEDGED, CLOSED = Kind.BREACH_ACKNOWLEDGED, Kind.BREACH_CLOSED


def opened() -> Record:
    """Give a sound record with a breach that is open, and a round that is drawn."""
    record = sound_record()
    open_round(record, 2)
    draw_round(record, 2)
    open_breach(record)
    return record


def decided(record: Record, decision: str, number: int = 1) -> None:
    step(record, ACKNOWLEDGED, number)
    decide(record, decision, number)


def test_the_verifier_knows_the_decisions_of_the_product_and_who_takes_them() -> None:
    assert {str(each) for each in Decision} == verify.DECISIONS
    assert {str(each) for each in WORK} == verify.WORK
    assert {str(each): str(gate) for each, gate in GATE_OF.items()} == verify.GATE_OF
    for act, known in (
        (Act.ACKNOWLEDGE, verify.MAY_DECIDE),
        (Act.DECIDE, verify.MAY_DECIDE),
        (Act.DECIDE_CRITICAL, verify.MAY_DECIDE_CRITICAL),
    ):
        lent = {DELEGATE_OF[role] for role in WHO[act]}
        assert {str(role) for role in WHO[act] | lent} == known


def test_a_breach_that_is_answered_for_step_by_step_is_sound(tmp_path: Path) -> None:
    record = opened()
    decided(record, "roll_back")
    see_to(record, "roll_back", evidence="It is rolled back.")
    step(record, CLOSED)
    open_breach(record, 2)
    decided(record, "pause", 2)
    set_gate(record, "run", "paused")
    see_to(record, "pause", 2)
    step(record, CLOSED, 2)
    assert findings_in(record, tmp_path) == ""


def test_a_workflow_that_is_retired_closes_all_its_breaches(tmp_path: Path) -> None:
    record = opened()
    open_breach(record, 2)
    step(record, ACKNOWLEDGED, 2)
    seq = decide(record, "retire", 2)
    step(record, CLOSED)
    record.entries[-1] = replace(record.entries[-1], prior=seq)
    close_round(record, 2, judged=0, missing=6)
    set_gate(record, "run", "retired")
    see_to(record, "retire", 2)
    step(record, CLOSED, 2)
    assert findings_in(record, tmp_path) == ""


def _closed_by_nobodys_decision(record: Record) -> None:
    step(record, ACKNOWLEDGED)
    step(record, CLOSED)


def _closed_before_it_was_done(record: Record) -> None:
    decided(record, "retrain")
    step(record, CLOSED)


def _closed_with_another_decision(record: Record) -> None:
    open_breach(record, 2)
    decided(record, "continue", 2)
    step(record, CLOSED)
    record.entries[-1] = replace(record.entries[-1], prior=record.entries[-2].seq)


def _decided_by_who_had_not_seen_it(record: Record) -> None:
    decide(record, "continue")


def _decided_twice(record: Record) -> None:
    decided(record, "continue")
    decide(record, "pause")


def _decided_without_a_reason(record: Record) -> None:
    step(record, ACKNOWLEDGED)
    step(record, Kind.DECISION_RECORDED, decision="continue")


def _decided_to_look_away(record: Record) -> None:
    decided(record, "ignore")


def _decided_by_an_admin(record: Record) -> None:
    step(record, ACKNOWLEDGED)
    decide(record, "continue", role="admin")


def _critical_decided_by_a_backup(record: Record) -> None:
    open_breach(record, 2, critical=True)
    decided(record, "continue", 2)


def _acknowledged_by_an_auditor(record: Record) -> None:
    step(record, ACKNOWLEDGED, role="auditor")


def _done_otherwise(record: Record) -> None:
    decided(record, "pause")
    see_to(record, "continue")


def _done_without_evidence(record: Record) -> None:
    decided(record, "retrain")
    see_to(record, "retrain")


def _done_though_the_gate_is_open(record: Record) -> None:
    decided(record, "pause")
    see_to(record, "pause")


def _never_opened(record: Record) -> None:
    step(record, ACKNOWLEDGED, 7)


def _left_out(record: Record) -> None:
    open_breach(record, 3)


def _played_down(record: Record) -> None:
    judge(record, drawn_in(record, 2)[0], "error", "critical", 2)
    open_critical(record, drawn_in(record, 2)[:1], 2, number=2, critical=False)


def _never_raised(record: Record) -> None:
    judge(record, drawn_in(record, 2)[0], "error", "critical", 2)


def _raised_later(record: Record) -> None:
    judge(record, drawn_in(record, 2)[0], "error", "critical", 2)
    judge(record, drawn_in(record, 2)[1], number=2)
    open_critical(record, drawn_in(record, 2)[:1], 2, number=2)


def _raised_for_half(record: Record) -> None:
    both = drawn_in(record, 2)[:2]
    judge(record, both[0], "error", "critical", 2)
    judge(record, both[1], "error", "critical", 2, ts=record.entries[-1].ts)
    open_critical(record, both[:1], 2, number=2)


def _raised_for_nothing(record: Record) -> None:
    judge(record, drawn_in(record, 2)[0], number=2)
    open_critical(record, drawn_in(record, 2)[:1], 2, number=2)


def answered(record: Record, owed: str) -> None:
    owe(record, "opened", owed=owed)
    owe(record, "answered", owed=owed)


def _answered_for_without_an_act(record: Record) -> None:
    answered(record, "acknowledge/triage/1")


def _answered_for_by_another(record: Record) -> None:
    open_breach(record, 2)
    owe(record, "opened", owed="acknowledge/triage/1")
    step(record, ACKNOWLEDGED, 2)
    owe(record, "answered", owed="acknowledge/triage/1")
    record.entries[-1] = replace(record.entries[-1], ts=record.entries[-2].ts)


def _answered_for_later(record: Record) -> None:
    step(record, ACKNOWLEDGED)
    answered(record, "acknowledge/triage/1")


def _attested_by_nobody(record: Record) -> None:
    answered(record, "attest/triage/1")


def _let_lapse(record: Record) -> None:
    owe(record, "opened", owed="decide/triage/1")
    owe(record, "lapsed", owed="decide/triage/1")


def _given_up(record: Record) -> None:
    owe(record, "superseded", owed="review/triage/2")


def _given_up_for_a_pause(record: Record) -> None:
    decided(record, "pause")
    owe(record, "superseded", owed="review/triage/2")
    record.entries[-1] = replace(record.entries[-1], prior=record.entries[-2].seq)


@pytest.mark.parametrize(
    ("tampered", "finding"),
    [
        (_answered_for_without_an_act, "acknowledge/triage/1, and nobody did then what it asks"),
        (_answered_for_by_another, "acknowledge/triage/1, and nobody did then what it asks"),
        (_answered_for_later, "acknowledge/triage/1, and nobody did then what it asks"),
        (_attested_by_nobody, "attest/triage/1, and nobody did then what it asks"),
        (_let_lapse, "lets decide/triage/1 lapse, which never does"),
        (_given_up, "gives up review/triage/2, though triage is not retired by that"),
        (_given_up_for_a_pause, "gives up review/triage/2, though triage is not retired by that"),
    ],
)
def test_i1_what_is_owed_does_not_end_without_what_answers_it(
    tmp_path: Path, tampered: Callable[[Record], None], finding: str
) -> None:
    record = opened()
    tampered(record)
    assert finding in findings_in(record, tmp_path)


@pytest.mark.parametrize("is_before", [True, False])
def test_what_is_owed_is_answered_by_its_act_at_the_same_time(
    tmp_path: Path, *, is_before: bool
) -> None:
    record = opened()
    owe(record, "opened", owed="acknowledge/triage/1")
    if is_before:
        step(record, ACKNOWLEDGED)
    owe(record, "answered", owed="acknowledge/triage/1")
    if not is_before:
        step(record, ACKNOWLEDGED)
    record.entries[-1] = replace(record.entries[-1], ts=record.entries[-2].ts)
    assert findings_in(record, tmp_path) == ""


def test_what_is_owed_ends_with_the_workflow(tmp_path: Path) -> None:
    record = opened()
    decided(record, "retire")
    retired = record.entries[-1].seq
    owe(record, "superseded", owed="review/triage/2")
    record.entries[-1] = replace(record.entries[-1], prior=retired)
    assert findings_in(record, tmp_path) == ""


OTHERS = "names other outputs than were judged critical then"


@pytest.mark.parametrize(
    ("tampered", "finding"),
    [
        (_closed_by_nobodys_decision, "comes when breach 1 of triage is acknowledged"),
        (_closed_before_it_was_done, "comes when breach 1 of triage is decided"),
        (_closed_with_another_decision, "comes when breach 1 of triage is open"),
        (_decided_by_who_had_not_seen_it, "comes when breach 1 of triage is open"),
        (_decided_twice, "comes when breach 1 of triage is decided"),
        (_decided_without_a_reason, "decides nothing that is known, or without a reason"),
        (_decided_to_look_away, "decides nothing that is known, or without a reason"),
        (_decided_by_an_admin, "is decided as admin, which nobody may"),
        (_critical_decided_by_a_backup, "is decided as backup, which nobody may"),
        (_acknowledged_by_an_auditor, "is acknowledged as auditor, which nobody may"),
        (_done_otherwise, "carries out continue, not pause"),
        (_done_without_evidence, "is done by the bot where a person has to show it"),
        (_done_though_the_gate_is_open, "says that pause is done, but the gate is at run"),
        (_never_opened, "is about breach 7, which was not opened"),
        (_left_out, "is breach 3 of triage, not 2"),
        (_played_down, "is opened for a critical verdict and is not critical"),
        (_never_raised, "critical, and no breach was opened for it"),
        (_raised_later, "critical, and no breach was opened for it"),
        (_raised_for_half, OTHERS),
        (_raised_for_nothing, OTHERS),
    ],
)
def test_i1_a_breach_that_was_missed_or_made_away_with_is_found(
    tmp_path: Path, tampered: Callable[[Record], None], finding: str
) -> None:
    record = opened()
    tampered(record)
    assert finding in findings_in(record, tmp_path)
