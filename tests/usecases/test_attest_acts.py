"""Every 90 days the owner says that all is right still."""

from dataclasses import replace
from datetime import timedelta

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    World,
    findings,
    person,
    sent,
)

from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import SYSTEM
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.rendering.render import message
from bot.usecases import attesting, questions, showing
from tests.posted import told

ATTEST = ObligationKind.ATTEST
NEXT = "U0NEXT"
SUCCESSION = replace(ROLES, owner=NEXT)


def test_every_90_days_the_owner_says_that_all_is_right_still(live: World) -> None:
    live.answers_round(1)
    live.pauses()
    live.clock.move(live.clock.now() + timedelta(days=89))
    assert live.due(attesting.attestations_due) == ()
    live.clock.move(live.clock.now() + timedelta(days=1))
    live.tick()

    assert live.owed(ATTEST, 1).state is ObligationState.OPEN
    assert {(MessageKind.ATTEST_REQUEST, OWNER)} <= told(live)
    for somebody in (BACKUP, STEWARD, ADMIN):
        with pytest.raises(Refused, match="that takes the owner"):
            attesting.attest(live.deps, person(somebody), "triage", 1)
    form = attesting.open_attestation(live.deps, person(OWNER), "triage", 1)
    assert form.roles == ROLES
    first = attesting.attest(live.deps, person(OWNER), "triage", 1)
    assert attesting.attest(live.deps, person(OWNER), "triage", 1).number == first.number
    assert live.owed(ATTEST, 1).state is ObligationState.ANSWERED
    live.clock.move(live.clock.now() + timedelta(days=90))
    live.tick()
    assert live.owed(ATTEST, 2).state is ObligationState.OPEN
    assert findings(live) == []


def test_a_sheet_shows_what_is_owed_what_waits_and_who_has_left(live: World) -> None:
    live.answers_round(1)
    live.looks_again(1)
    live.pauses()
    live.forward(90 * 24)
    sheet = questions.show_workflow(live.deps, person(MEMBER), "triage")
    assert (ATTEST, OWNER, False) in [
        (each.kind, each.owed_by, each.is_overdue) for each in sheet.owed
    ]
    assert sheet.is_drill_waiting, "it is asked once the workflow runs again"
    assert sheet.gone == ()
    live.leaves(OWNER)
    assert questions.show_workflow(live.deps, person(MEMBER), "triage").gone == (OWNER,)


def test_i3_silence_about_it_has_every_output_reviewed(live: World) -> None:
    live.answers_round(1)
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        soon = replace(work.workflows.get("triage"), attest_at=work.now)  # before all else is due
        work.workflows.save(soon)
    live.tick()
    live.forward(72 + 14)

    climbed = live.climbs(ATTEST, 1)[-1]
    assert (climbed.facts["rung"], climbed.facts["consequence"]) == (
        3,
        "The gate was set to review all.",
    )
    moved = live.entries(Kind.GATE_CHANGED)[-1]
    assert moved.facts["cause"] == "its owner has not said that all is right still"


def test_a_new_owner_need_not_say_it_for_90_days(live: World) -> None:
    live.answers_round(1)
    live.forward(24 * 90)
    live.hands_over(SUCCESSION)
    live.takes_over(NEXT)

    assert live.owed(ATTEST, 1).state is ObligationState.SUPERSEDED
    assert live.workflow().attest_at == live.clock.now() + timedelta(days=90)
    assert findings(live) == []


def handed_over_after_it_was_said(world: World) -> None:
    """Have the owner say it on the first day and hand over on the second."""
    world.answers_round(1)
    world.looks_again(1)
    with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
        work.workflows.save(replace(work.workflows.get("triage"), attest_at=work.now))
    world.tick()
    attesting.attest(world.deps, person(OWNER), "triage", 1)
    world.forward(24)
    world.hands_over(SUCCESSION)
    world.takes_over(NEXT)


def test_i4_a_new_owner_reads_when_the_former_one_said_it_and_gets_no_receipt_of_theirs(
    live: World,
) -> None:
    handed_over_after_it_was_said(live)
    said = live.entries(Kind.OWNERSHIP_ATTESTED)[-1].seq
    reads = (
        f"Whoever was the owner said 2026-06-01 09:00 UTC that all is right still with triage, "
        f"record #{said}: nothing more is owed here. The owner is asked again 2026-08-31 09:00 UTC."
    )
    for press in (attesting.open_attestation, attesting.attest):
        with pytest.raises(Refused) as late:
            press(live.deps, person(NEXT), "triage", 1)
        assert late.value.sentence == reads
        with pytest.raises(Refused, match=r"^You said 2026-06-01 09:00 UTC that all is right"):
            press(live.deps, person(OWNER), "triage", 1)
    assert findings(live) == []


def test_i4_the_card_names_who_said_it_and_not_who_is_the_owner_by_now(live: World) -> None:
    handed_over_after_it_was_said(live)
    cards = [each for each in sent(live) if each.kind is MessageKind.ATTEST_REQUEST]
    assert cards
    for each in cards:
        text = message(showing.view_of(live.deps, each)).text
        assert f"<@{OWNER}> said <!date^" in text
        assert ", as the owner, that all is right still. The owner is asked again <!date^" in text
        assert NEXT not in text


def test_who_presses_on_an_old_card_hears_that_it_is_asked_again_since(live: World) -> None:
    live.answers_round(1)
    live.looks_again(1)
    live.pauses()
    live.forward(90 * 24)
    attesting.attest(live.deps, person(OWNER), "triage", 1)
    live.forward(90 * 24)
    with pytest.raises(Refused, match="attestation 2 has a message of its own"):
        attesting.open_attestation(live.deps, person(OWNER), "triage", 1)
