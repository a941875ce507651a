"""Silence climbs with or without Slack: I1 owed, I3 climb."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    CRITICAL,
    MONDAY,
    OWNER,
    STEWARD,
    World,
    a_live_world,
    findings,
    person,
)

from bot.clock import MovedClock
from bot.domain.breaches import Cause, Decision
from bot.domain.gate import GateState
from bot.domain.messages import Message, MessageKind, Place, Posting, Shown
from bot.domain.moments import utc_text
from bot.domain.obligations import ObligationKind
from bot.domain.people import Circle, Person, Standing
from bot.domain.record import Entry, Kind
from bot.domain.refusals import Refused
from bot.domain.registry import WorkflowState
from bot.rendering.render import message
from bot.usecases import delivery, escalation, people, questions, showing

REVIEW, ACKNOWLEDGE = ObligationKind.REVIEW, ObligationKind.ACKNOWLEDGE
WEEK = timedelta(days=7)


def rungs(climbs: list[Entry]) -> list[object]:
    return [entry.facts["rung"] for entry in climbs]


def waiting(world: World) -> list[Message]:
    """Take everything out of the outbox, as if it had been sent."""
    found = []
    while posting := delivery.claim_message(world.deps):
        found.append(posting.message)
        at = None if posting.message.place is Place.ANSWER else Shown("C1", f"{posting.id}.0")
        delivery.record_shown(world.deps, posting, at, "")
    return found


def claimed(world: World) -> Posting:
    posting = delivery.claim_message(world.deps)
    assert posting
    return posting


def read(world: World) -> dict[Message, str]:
    """Send all that waits; give what each message of its case says in the end."""
    said: dict[str, tuple[Message, str]] = {}
    while posting := delivery.claim_message(world.deps):
        told = posting.message
        said[told.case] = told, str(message(showing.view_of(world.deps, told)).blocks)
        shown = posting.shown or Shown(told.to, f"{posting.id}.0")
        delivery.record_shown(world.deps, posting, shown, "")
    return dict(said.values())


def fail(world: World, is_lost: Callable[[Message], bool]) -> None:
    """Deliver what waits, except for these messages, which can never arrive."""
    while posting := delivery.claim_message(world.deps):
        if is_lost(posting.message):
            delivery.record_undeliverable(world.deps, posting, "channel_not_found")
        else:
            delivery.record_shown(world.deps, posting, Shown("C1", f"{posting.id}.0"), "")


def test_i3_silence_takes_every_rung_on_its_hour_and_keeps_to_the_last(live: World) -> None:
    live.live_through(72 + 32)

    climbs = live.climbs(REVIEW, 1)
    assert rungs(climbs) == [0, 1, 2, 3, 3, 3]
    due = live.owed(REVIEW, 1).due_at
    at = [f"{due + timedelta(hours=hours):%Y-%m-%dT%H}" for hours in (0, 2, 6, 14, 22, 30)]
    assert [entry.ts[:13] for entry in climbs] == at
    assert {entry.facts["late_seconds"] for entry in climbs} == {0}


def test_i3_a_week_of_downtime_skips_no_rung_and_says_how_late_each_was(live: World) -> None:
    live.forward(7 * 24 - 1)

    climbs = live.climbs(REVIEW, 1)
    assert rungs(climbs) == [0, 1, 2, 3, 3]
    late = [int(str(entry.facts["late_seconds"])) // 3600 for entry in climbs]
    assert late == [95, 93, 89, 81, 1]
    assert climbs[-1].facts["coalesced"] == 9, "repeats nobody could hear are one"
    assert live.owed(REVIEW, 1).climbs_at > live.clock.now()
    assert findings(live) == []


def test_i3_nothing_climbs_once_it_is_answered(live: World) -> None:
    live.forward(73)
    live.answers_round(1)
    live.forward(50)

    assert rungs(live.climbs(REVIEW, 1)) == [0]
    assert escalation.climb_obligation(live.deps, "review/triage/1") is False


def test_a_breach_that_silence_has_opened_is_not_said_to_be_still_to_come(live: World) -> None:
    before = said(live)
    assert "If nobody hands in the verdicts, that is a breach." in before
    assert "If nobody hands in the second look, that is a breach." in before
    live.live_through(72 + 14)
    said(live)
    live.forward(8)
    after = said(live)
    assert "please review round 1 of triage" in after
    for breach in (1, 2):
        assert f"Breach {breach} was opened for it already." in after
    assert "that is a breach" not in after

    live.acknowledges(1)
    live.decides(1, Decision.RETRAIN)
    assert "If nobody reports it as carried out, that is a breach." in said(live)
    due = live.owed(ObligationKind.CARRY_OUT, 1).due_at
    live.forward(to=due + timedelta(hours=14))
    opened = [entry.facts for entry in live.entries(Kind.BREACH_OPENED)]
    [late] = [each["breach"] for each in opened if each["cause"] == Cause.NOT_CARRIED_OUT]
    live.forward(8)
    assert f"Breach {late} was opened for it already." in said(live)


def said(world: World) -> str:
    """Send what waits and give all that it says."""
    shown = (showing.view_of(world.deps, each) for each in waiting(world))
    return "\n".join(message(each).text for each in shown)


def test_i3_consequences_come_on_time_though_nothing_was_ever_delivered(live: World) -> None:
    live.answers_round(1, CRITICAL)
    live.forward(0.25 + 13.9)
    assert live.workflow().gate.state is GateState.RUN
    live.forward(0.1)
    assert live.workflow().gate.state is GateState.REVIEW_ALL
    live.forward(8)
    assert live.workflow().gate.state is GateState.PAUSED

    assert not live.entries(Kind.MESSAGE_SHOWN)
    consequences = [entry.facts["consequence"] for entry in live.climbs(ACKNOWLEDGE, 1)]
    assert consequences[3:5] == ["The gate was set to review all.", "The gate was set to paused."]


def test_i3_a_gate_that_a_person_closed_is_not_moved_by_silence(live: World) -> None:
    live.answers_round(1, CRITICAL)
    live.pauses()
    paused = live.workflow().gate
    live.forward(48)

    assert live.workflow().gate == paused


def test_i1_a_workflow_nobody_accepts_stays_a_draft_and_keeps_asking(world: World) -> None:
    world.registers()
    world.live_through(48 + 14 + 16)

    assert rungs(world.climbs(ObligationKind.ACCEPT, 0)) == [0, 1, 2, 3, 3, 3]
    assert world.workflow().state is WorkflowState.DRAFT
    assert world.workflow().gate.state is GateState.NOT_READY
    world.accepts()


def test_i3_a_passed_rung_is_on_record_with_its_reason(live: World) -> None:
    people.note_standing(live.deps, Person(BACKUP, "Ben", Standing.DEACTIVATED))
    live.live_through(72 + 3)

    climbs = live.climbs(REVIEW, 1)
    assert [(entry.facts["rung"], entry.facts["passed"]) for entry in climbs] == [
        (0, None),
        (1, "deactivated"),
        (2, None),
    ]
    assert "asked_c" not in climbs[1].facts


def test_i3_an_empty_last_rung_brings_its_consequence_all_the_same(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, circle=Circle())
    world.looks_again(1, by=BACKUP)
    world.forward(72 + 14)

    assert world.climbs(REVIEW, 1)[-1].facts["passed"] == "nobody holds this role"
    assert world.breach(1).cause == "round not answered"


def test_i3_somebody_asked_before_is_passed_as_the_same_person(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    live.forward(27)

    climbs = live.climbs(ObligationKind.CONFIRM, 1)
    assert [entry.facts["passed"] for entry in climbs][:2] == [None, "same person as before"]


def test_each_rung_asks_its_person_and_tells_the_thread(live: World) -> None:
    waiting(live)
    for hours, expected in ((72, {OWNER}), (3, {BACKUP, "C0WATCH"}), (4, {STEWARD, "C0WATCH"})):
        live.forward(hours)
        step = live.climbs(REVIEW, 1)[-1].seq
        of_step = [each for each in waiting(live) if each.entry == step]
        reminders = [each for each in of_step if each.kind is MessageKind.REMINDER]
        assert {each.to for each in reminders} == expected
        assert all(each.thread for each in reminders if each.place is Place.CHANNEL)


def test_what_a_person_owes_is_listed_with_what_has_climbed_to_them(live: World) -> None:
    def dues(user_id: str) -> list[str]:
        listed = questions.list_dues(live.deps, person(user_id))
        return [str(row.kind) for row in listed.dues]

    assert dues(OWNER) == ["review"]
    assert (dues(BACKUP), dues(STEWARD)) == (["second review"], [])
    live.forward(72 + 2)
    assert dues(BACKUP) == ["review", "second review"]
    assert dues(STEWARD) == ["second review"], "the backup has been asked twice"
    live.forward(12)
    assert dues(ADMIN)[0] == "review"


# What could not be delivered.


def test_i3_a_request_that_reached_nobody_climbs_at_once(live: World) -> None:
    fail(live, lambda message: message.kind is MessageKind.REVIEW_REQUEST)
    live.tick()

    assert rungs(live.climbs(REVIEW, 1)) == [0]
    (failed,) = live.entries(Kind.MESSAGE_FAILED)
    assert failed.facts["obligation"] == "review/triage/1"


def test_i3_undeliverable_messages_do_not_hurry_what_silence_brings(live: World) -> None:
    due = live.owed(REVIEW, 1).due_at
    for _ in range(10):
        fail(live, lambda _: True)
        live.tick()

    assert rungs(live.climbs(REVIEW, 1)) == [0, 1, 2]
    assert live.owed(REVIEW, 1).climbs_at >= due
    live.forward(to=due)
    assert live.breach(1).cause == "round not answered"
    for _ in range(10):
        fail(live, lambda _: True)
        live.tick()
    assert rungs(live.climbs(REVIEW, 1)) == [0, 1, 2, 3], "the last rung keeps its pace"


def test_a_channel_that_is_gone_hurries_nobody_who_was_asked_in_person(live: World) -> None:
    before = live.owed(REVIEW, 1)
    fail(live, lambda message: message.place is Place.CHANNEL)

    assert live.owed(REVIEW, 1) == before


def test_a_request_shown_late_moves_what_is_owed_within_the_grace(live: World) -> None:
    due = live.owed(REVIEW, 1).due_at
    live.forward(0.5)
    waiting(live)
    assert live.owed(REVIEW, 1).due_at == due + timedelta(minutes=30)
    live.forward(20)
    assert live.owed(REVIEW, 1).due_at == due + timedelta(minutes=30), "only the first showing"


def test_a_request_shown_very_late_moves_it_by_the_grace_at_most(live: World) -> None:
    due = live.owed(REVIEW, 1).due_at
    live.forward(30)
    waiting(live)

    assert live.owed(REVIEW, 1).due_at == due + timedelta(hours=1)
    moved = [entry.facts["due_at"] for entry in live.entries(Kind.MESSAGE_SHOWN)]
    assert len([each for each in moved if each]) == 2, "once for each of the two looks"


def test_all_that_asks_for_what_was_shown_late_says_the_time_that_holds(live: World) -> None:
    live.forward(3)
    said = read(live)

    owed = live.owed(REVIEW, 1)
    before = owed.due_at - timedelta(hours=1)
    asking = [text for sent, text in said.items() if sent.obligation == owed.id]
    assert len(asking) == 2, "the owner's request and the card of the round"
    for text in asking:
        assert utc_text(owed.due_at) in text
        assert utc_text(before) not in text
    dues = questions.list_dues(live.deps, person(OWNER))
    assert owed.due_at in {each.due_at for each in dues.dues}


def test_what_is_shown_seconds_late_is_said_once(live: World) -> None:
    due = live.owed(REVIEW, 1).due_at
    live.forward(3 / 3600)
    told = waiting(live)

    assert live.owed(REVIEW, 1).due_at == due + timedelta(seconds=3)
    assert len({each.case for each in told}) == len(told), "times are said to the minute"


def test_what_was_being_sent_when_another_came_late_is_brought_up_to_date(live: World) -> None:
    live.forward(3)
    owed = live.owed(REVIEW, 1)
    while (unsettled := claimed(live)).message.obligation != owed.id:
        delivery.record_shown(live.deps, unsettled, Shown("C1", f"{unsettled.id}.0"), "")
    delivery.record_unknown(live.deps, unsettled, "no answer")
    waiting(live)
    assert live.owed(REVIEW, 1).due_at > owed.due_at, "the card has come meanwhile"

    assert delivery.record_posted_after_all(live.deps, unsettled.id, Shown("D1", "1.0"))
    assert [each.case for each in waiting(live)] == [unsettled.message.case]


def test_a_person_who_left_can_answer_for_nothing(live: World) -> None:
    with pytest.raises(Refused, match="deactivated"):
        questions.list_dues(live.deps, replace(person(OWNER), standing=Standing.DEACTIVATED))


def test_i3_that_somebody_else_could_not_be_told_hurries_nobody(live: World) -> None:
    live.answers_round(1, CRITICAL)
    owed = live.owed(ObligationKind.ACKNOWLEDGE, 1)
    fail(live, lambda message: message.to == STEWARD)
    assert live.owed(ObligationKind.ACKNOWLEDGE, 1).climbs_at == owed.climbs_at

    live.forward(0.25)
    (climbed,) = live.climbs(ObligationKind.ACKNOWLEDGE, 1)
    assert climbed.facts["rung"] == 0, "the owner had all of the time"


def test_i3_a_clock_set_back_stops_no_deadline(live: World) -> None:
    live.forward(71)
    live.reports(1)
    behind = MovedClock(MONDAY - timedelta(days=4))
    live.deps.store.clock = behind
    live.reports(1)
    assert behind.now() == MONDAY + timedelta(hours=71), "it stands where the record stands"
