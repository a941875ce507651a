"""Every 90 days the owner says that all is right still."""

from dataclasses import replace
from datetime import timedelta

import pytest
from worlds import ADMIN, BACKUP, MEMBER, OWNER, ROLES, STEWARD, World, findings, person

from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import SYSTEM
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.usecases import attesting, questions
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
