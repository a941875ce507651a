"""An owner leaves: others are asked at once, and for another owner, or everything stops."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    BUILDER,
    CHANNEL,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    World,
    a_live_world,
    findings,
    person,
)

from bot.domain.gate import GateState
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.other_ways import OtherWay
from bot.domain.people import OPERATOR, SYSTEM, Circle, Role, Standing
from bot.domain.record import Kind
from bot.domain.registry import Roles
from bot.rendering import views
from bot.rendering.render import message
from bot.rendering.views import HandoverRequest
from bot.usecases import forgetting, questions, sampling, showing
from store.record import ERASED
from tests.posted import all_shown, everything_is_posted, sent_views, told
from tests.rendering.judge import buttons

REVIEW = ObligationKind.REVIEW
HAND_OVER = ObligationKind.HAND_OVER
TAKE_OVER = ObligationKind.TAKE_OVER
NEXT = "U0NEXT"
SUCCESSION = replace(ROLES, owner=NEXT)


def test_while_the_owner_is_away_the_steward_proposes(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.hands_over(SUCCESSION, by=STEWARD)
    live.takes_over(NEXT)
    assert live.workflow().roles.owner == NEXT
    assert findings(live) == []


@pytest.mark.parametrize("standing", [Standing.DEACTIVATED, Standing.GUEST])
def test_i3_what_an_owner_who_left_owes_is_asked_of_the_backup_at_once(
    live: World, standing: Standing
) -> None:
    live.leaves(OWNER, standing)
    live.tick()

    reasons = {Standing.DEACTIVATED: "deactivated", Standing.GUEST: "no full member any more"}
    assert [each.facts["passed"] for each in live.climbs(REVIEW, 1)] == [reasons[standing], None]
    owed = live.owed(HAND_OVER, 1)
    assert (owed.owed_by, owed.due_at) == (STEWARD, live.clock.now() + timedelta(days=2))
    assert {(MessageKind.OWNER_NEEDED, STEWARD), (MessageKind.OWNER_NEEDED, "C0WATCH")} <= told(
        live
    )
    live.leaves(OWNER, standing)
    assert len([each for each in live.entries(Kind.OBLIGATION_OPENED)
                if each.facts["kind"] == "hand over"]) == 1  # fmt: skip
    assert findings(live) == []


def test_what_comes_up_after_an_owner_left_goes_to_the_backup_at_once(live: World) -> None:
    live.leaves(OWNER)
    live.tick()
    live.answers_round(1, CRITICAL, by=BACKUP)
    live.tick()

    climbs = live.climbs(ObligationKind.ACKNOWLEDGE, 1)
    assert [each.facts["passed"] for each in climbs] == ["deactivated", None]
    live.acknowledges(1, by=BACKUP)
    assert findings(live) == []


def test_the_steward_names_an_owner_who_accepts(live: World) -> None:
    live.leaves(OWNER)
    live.tick()
    live.hands_over(SUCCESSION, by=STEWARD)
    assert live.owed(HAND_OVER, 1).state is ObligationState.OPEN, "named is not yet there"
    live.takes_over(NEXT)

    assert live.owed(HAND_OVER, 1).state is ObligationState.ANSWERED
    assert live.workflow().roles.owner == NEXT
    assert live.owed(REVIEW, 1).owed_by == NEXT
    live.answers_round(1, by=NEXT)
    assert findings(live) == []


def test_the_card_says_that_the_old_owner_has_left(live: World) -> None:
    live.hands_over(SUCCESSION)
    proposed = live.entries(Kind.HANDOVER_PROPOSED)[-1].seq
    asked = Message(MessageKind.HANDOVER_REQUEST, Place.PERSON, NEXT, proposed, "triage", 1)

    def card() -> views.HandoverRequest:
        view = showing.view_of(live.deps, asked)
        assert isinstance(view, views.HandoverRequest)
        return view

    assert not card().has_left
    live.leaves(OWNER)
    assert card().has_left


def owner_needed(world: World, number: int = 1) -> views.OwnerNeeded:
    entry = world.entries(Kind.OBLIGATION_OPENED)[-1].seq
    asked = Message(MessageKind.OWNER_NEEDED, Place.CHANNEL, "C0WATCH", entry, KEY, number)
    view = showing.view_of(world.deps, asked)
    assert isinstance(view, views.OwnerNeeded)
    return view


def test_the_card_names_who_left_whoever_is_the_owner_by_now(live: World) -> None:
    live.leaves(OWNER)
    live.hands_over(SUCCESSION, by=STEWARD)
    assert owner_needed(live).owner == OWNER
    live.takes_over(NEXT)
    assert (owner_needed(live).owner, owner_needed(live).state) == (OWNER, "answered")

    live.leaves(NEXT)
    live.hands_over(replace(ROLES, owner=MEMBER), by=STEWARD)
    live.takes_over(MEMBER, 2)
    assert [owner_needed(live, number).owner for number in (1, 2)] == [OWNER, NEXT]


def test_i1_naming_is_owed_until_somebody_accepts(live: World) -> None:
    live.answers_round(1)
    live.leaves(OWNER)
    live.hands_over(SUCCESSION, by=STEWARD)
    live.live_through(48 + 14)

    assert live.owed(TAKE_OVER, 1).state is ObligationState.LAPSED
    assert live.owed(HAND_OVER, 1).state is ObligationState.OPEN
    assert live.workflow().gate.state is GateState.REVIEW_ALL, "a proposal alone puts nothing off"
    assert findings(live) == []


def test_i1_naming_is_owed_still_if_a_proposal_gives_way_to_another_change(live: World) -> None:
    live.leaves(OWNER)
    live.hands_over(SUCCESSION, by=ADMIN)
    live.hands_over(replace(ROLES, backup=MEMBER), by=ADMIN)

    assert live.owed(TAKE_OVER, 1).state is ObligationState.SUPERSEDED
    assert live.owed(HAND_OVER, 1).state is ObligationState.OPEN
    assert findings(live) == []


def said_meanwhile(world: World, to: str = STEWARD) -> str:
    """Send what waits; give what the request for an owner says by now that was sent anew."""
    return all_shown(world)[MessageKind.OWNER_NEEDED, to].text


def test_i3_the_card_says_who_is_asked_meanwhile_as_it_climbs(live: World) -> None:
    live.is_away(BACKUP)
    live.leaves(OWNER)
    live.tick()
    assert [each.facts["passed"] for each in live.climbs(REVIEW, 1)] == [
        "deactivated",
        "away",
        None,
    ]
    words = said_meanwhile(live)
    assert "The backup cannot be asked now: what the owner owes goes to the steward" in words
    live.comes_back(BACKUP)
    assert "What the owner owes goes to the backup until then; of" in said_meanwhile(live)
    live.is_away(BACKUP, MEMBER, start=1)
    assert "What the owner owes goes to the backup until then; of" in said_meanwhile(live)
    live.forward(24)
    words = said_meanwhile(live)
    assert "What the owner owes goes to whoever stands in for the backup until then; of" in words
    live.is_away(STEWARD)
    live.leaves(BACKUP)
    words = said_meanwhile(live)
    assert "Backup and steward cannot be asked now: what the owner owes goes to the admins" in words
    assert findings(live) == []


def test_an_owner_who_is_back_need_not_be_replaced(live: World) -> None:
    live.answers_round(1)
    live.leaves(OWNER)
    live.tick()
    live.leaves(OWNER, Standing.MEMBER)

    assert live.owed(HAND_OVER, 1).state is ObligationState.SUPERSEDED
    live.live_through(48 + 14)
    assert live.workflow().gate.state is GateState.RUN
    live.leaves(OWNER)
    assert live.owed(HAND_OVER, 2).state is ObligationState.OPEN
    assert findings(live) == []


def test_i3_if_nobody_names_an_owner_every_output_is_reviewed(live: World) -> None:
    live.answers_round(1)
    live.leaves(OWNER)
    live.live_through(48 + 14)

    assert live.workflow().gate.state is GateState.REVIEW_ALL
    moved = live.entries(Kind.GATE_CHANGED)[-1]
    assert moved.facts["cause"] == "its owner has left and nobody has named another"


def test_i3_where_the_steward_left_first_the_admins_are_asked_at_once(live: World) -> None:
    live.answers_round(1)
    for each in (STEWARD, OWNER):
        live.leaves(each)
    live.tick()

    assert (MessageKind.REMINDER, ADMIN) in told(live)
    assert [each.kind for each in questions.list_dues(live.deps, person(ADMIN)).dues] == [HAND_OVER]
    card = owner_needed(live)
    assert card.next == views.Next(Role.ADMIN, card.due_at, is_again=True)
    live.forward(48)
    assert live.workflow().gate.state is GateState.REVIEW_ALL
    assert findings(live) == []


def test_i3_where_the_steward_leaves_once_it_has_climbed_past_them_the_admins_are_asked_at_once(
    live: World,
) -> None:
    live.answers_round(1)
    live.leaves(OWNER)
    live.live_through(48 + 2)
    assert [each.facts["rung"] for each in live.climbs(HAND_OVER, 1)] == [0, 1]
    live.leaves(STEWARD)
    live.tick()

    assert (MessageKind.REMINDER, ADMIN) in told(live)
    assert [each.facts["passed"] for each in live.climbs(HAND_OVER, 1)][2:] == ["deactivated", None]
    assert findings(live) == []


def test_i3_with_nobody_left_the_gate_closes_at_once_and_a_day_later_all_stops(live: World) -> None:
    live.answers_round(1)
    for each in (OWNER, BACKUP, STEWARD):
        live.leaves(each)
        live.tick()
    assert live.workflow().gate.state is GateState.REVIEW_ALL
    moved = live.entries(Kind.GATE_CHANGED)[-1]
    assert moved.facts["cause"] == "owner, backup and steward have all left"

    live.forward(23.9)
    assert live.workflow().gate.state is GateState.REVIEW_ALL
    live.forward(0.1)
    assert live.workflow().gate.state is GateState.PAUSED
    live.hands_over(Roles(NEXT, MEMBER, "U0STEWARD2", BUILDER), by=ADMIN)
    live.takes_over(NEXT)
    assert live.workflow().roles == Roles(NEXT, MEMBER, "U0STEWARD2", BUILDER)
    assert findings(live) == []


def test_i3_with_nobody_left_whoever_was_asked_reads_by_when_and_what_follows(live: World) -> None:
    live.answers_round(1)
    for each in (BACKUP, STEWARD):
        live.is_away(each)
    live.tick()
    live.leaves(OWNER)
    live.tick()
    everything_is_posted(live)
    asked = live.climbs(HAND_OVER, 1)[-1].seq
    reminder = Message(MessageKind.REMINDER, Place.PERSON, ADMIN, asked, KEY, 1)

    def shown() -> views.Reminder:
        view = showing.view_of(live.deps, reminder)
        assert isinstance(view, views.Reminder)
        return view

    assert not shown().brings_stop
    live.leaves(BACKUP)
    live.leaves(STEWARD)

    assert {
        (MessageKind.OWNER_NEEDED, "C0WATCH"),
        (MessageKind.REMINDER, "C0WATCH"),
        (MessageKind.REMINDER, ADMIN),
    } <= told(live), "what said otherwise is brought up to date"
    assert shown().brings_stop
    assert shown().due_at == live.owed(HAND_OVER, 1).due_at


def test_i3_with_nobody_left_proposals_put_the_stop_off_no_further(live: World) -> None:
    live.answers_round(1)
    for each in (OWNER, BACKUP, STEWARD):
        live.leaves(each)
    live.tick()
    for hour in range(24):
        if not hour % 10:
            live.hands_over(Roles(f"U0N{hour}", MEMBER, "U0STEWARD2", BUILDER), by=ADMIN)
        live.forward(1)
    assert live.workflow().gate.state is GateState.PAUSED
    assert findings(live) == []


def test_a_successor_who_leaves_cannot_accept_and_somebody_else_is_to_be_proposed(
    live: World,
) -> None:
    live.hands_over(SUCCESSION)
    everything_is_posted(live)
    live.leaves(NEXT)
    live.tick()

    found = sent_views(live)
    for to in (OWNER, "C0WATCH"):
        card = found[MessageKind.HANDOVER_REQUEST, to]
        assert isinstance(card, HandoverRequest)
        text = message(card).text
        assert f"<@{NEXT}> has left and cannot accept" in text
        assert f"<@{NEXT}> accepts by" not in text
    told = found[MessageKind.REMINDER, BACKUP]
    assert isinstance(told, views.Reminder)
    assert told.other_way is OtherWay.HAVE_ANOTHER_PROPOSED
    assert "What helps: have somebody else proposed." in message(told).text
    live.leaves(NEXT, Standing.MEMBER)
    back = sent_views(live)[MessageKind.HANDOVER_REQUEST, "C0WATCH"]
    assert f"<@{NEXT}> accepts by" in message(back).text, "brought up to date again"
    live.withdraws()
    assert live.owed(TAKE_OVER, 1).state is ObligationState.SUPERSEDED
    assert findings(live) == []


@pytest.mark.parametrize("has_left", [False, True])
def test_a_proposal_past_its_time_is_not_said_to_be_accepted_by_then(
    live: World, *, has_left: bool
) -> None:
    live.hands_over(SUCCESSION)
    everything_is_posted(live)
    if has_left:
        live.leaves(OWNER)
    live.forward(to=live.owed(TAKE_OVER, 1).due_at)
    live.forward(1)
    assert live.owed(TAKE_OVER, 1).is_open

    text = message(sent_views(live)[MessageKind.HANDOVER_REQUEST, "C0WATCH"]).text
    assert f"*Overdue:* <@{NEXT}> was to accept by" in text
    assert "accepts by" not in text
    assert (f"; <@{OWNER}> stays answerable until they do." in text) is not has_left


def test_i12_who_proposed_and_was_forgotten_is_not_told_that_the_successor_left(
    live: World,
) -> None:
    live.leaves(OWNER)
    live.hands_over(SUCCESSION, by=ADMIN)
    live.deps = replace(live.deps, circle=Circle(frozenset({"U0NEWADMIN"})))
    forgetting.forget_person(live.deps, OPERATOR, ADMIN, "asked for it")
    everything_is_posted(live)
    live.leaves(NEXT)
    live.tick()
    assert ERASED not in {to for _, to in told(live)}
    assert findings(live) == []


def test_where_owner_and_successor_left_the_steward_proposes_somebody_else(live: World) -> None:
    live.answers_round(1)
    live.hands_over(SUCCESSION)
    for each in (OWNER, NEXT):
        live.leaves(each)
    live.live_through(48 + 4)

    waiting = questions.list_dues(live.deps, person(STEWARD)).dues
    [due] = [each for each in waiting if each.kind is TAKE_OVER]
    assert due.other_way is OtherWay.PROPOSE_ANOTHER


def test_i3_all_leaving_in_any_order_is_the_same(live: World) -> None:
    live.answers_round(1)
    for each in (STEWARD, BACKUP, OWNER):
        live.leaves(each)
        live.tick()
    live.forward(24)
    assert live.workflow().gate.state is GateState.PAUSED
    assert findings(live) == []


def test_of_an_owner_who_left_it_is_the_search_for_another_that_says_who_else_did(
    live: World,
) -> None:
    live.leaves(OWNER)
    live.leaves(STEWARD)
    assert MessageKind.VACANCY_NOTICE not in {kind for kind, _ in told(live)}
    assert owner_needed(live).has_admins
    live.leaves(ADMIN)
    assert not owner_needed(live).has_admins


def test_i4_what_asks_an_owner_again_and_again_asks_nobody_who_has_left(live: World) -> None:
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        due = replace(work.workflows.get(KEY), attest_at=work.now, drill_at=work.now)
        work.workflows.save(due)
    live.tick()
    asks = {
        MessageKind.ATTEST_REQUEST: (
            f"<@{OWNER}>: say whether you still answer for {KEY}",
            f"<@{OWNER}>, who was to say whether all is right still with {KEY}, has left.",
            ["hand_over"],
        ),
        MessageKind.DRILL_REQUEST: (
            f"<@{OWNER}>: pause {KEY} for a drill",
            f"<@{OWNER}>, who was to pause {KEY} for a drill by <!date^",
            [],
        ),
    }
    before = all_shown(live)
    for kind, (asked, _, _) in asks.items():
        assert asked in before[kind, CHANNEL].text
    live.leaves(OWNER)
    after = all_shown(live)
    for kind, (asked, says, actions) in asks.items():
        assert asked not in after[kind, CHANNEL].text
        assert says in after[kind, CHANNEL].text
        assert [each["action_id"] for each in buttons(after[kind, CHANNEL])] == actions
    assert findings(live) == []


def test_i4_a_reminder_in_the_channel_asks_nobody_who_has_left_since(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, circle=Circle(frozenset({ADMIN, "U0MAREK"})))
    world.raises()
    world.forward(4)
    everything_is_posted(world)
    world.leaves(BACKUP)
    text = all_shown(world)[MessageKind.REMINDER, CHANNEL].text
    assert f"<@{BACKUP}>:" not in text
    assert f"<@{BACKUP}> was asked, and has left." in text

    world.live_through(13)
    told = f"<@{ADMIN}>, <@U0MAREK>: somebody"
    assert told in all_shown(world)[MessageKind.REMINDER, CHANNEL].text
    world.leaves("U0MAREK")
    text = all_shown(world)[MessageKind.REMINDER, CHANNEL].text
    assert f"<@{ADMIN}>: somebody" in text
    assert "<@U0MAREK> was asked, and has left." in text
    assert findings(world) == []


def test_i4_nobody_who_has_left_is_sent_what_is_asked_from_then_on(live: World) -> None:
    everything_is_posted(live)
    live.leaves(OWNER)
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        due = replace(work.workflows.get(KEY), attest_at=work.now, drill_at=work.now)
        work.workflows.save(due)
    live.raises()
    live.reports(12)
    live.forward(24 * 7)
    asked = told(live)
    assert {(kind, CHANNEL) for kind in (MessageKind.ATTEST_REQUEST, MessageKind.BREACH_CARD)} <= (
        asked
    )
    assert {kind for kind, to in asked if to == OWNER} == {MessageKind.REVIEW_REQUEST}, (
        "what stands there already is brought up to date"
    )
    live.leaves(OWNER, Standing.MEMBER)
    live.tick()
    assert (MessageKind.DUTY_REQUEST, OWNER) in told(live), "they are asked once they are back"
    assert findings(live) == []


def test_whoever_has_a_round_drawn_is_told_that_its_owner_has_left(live: World) -> None:
    live.answers_round(1)
    live.reports(12)
    assert not sampling.sample_now(live.deps, person(STEWARD), KEY).has_left
    live.reports(12)
    live.leaves(OWNER)
    assert sampling.sample_now(live.deps, person(STEWARD), KEY).has_left


def test_the_card_of_a_round_that_opens_says_that_its_owner_has_left(live: World) -> None:
    live.answers_round(1)
    for is_there in (True, False):
        if not is_there:
            live.leaves(OWNER)
        live.reports(12)
        opened = sampling.sample_now(live.deps, person(STEWARD), KEY).round.number + 1
        card = Message(MessageKind.ROUND_CARD, Place.CHANNEL, CHANNEL, 1, KEY, opened)
        text = message(showing.view_of(live.deps, card)).text
        assert (f"drawn for <@{OWNER}> to review" in text) is is_there
        assert (f"<@{OWNER}>, whose that would be, has left." in text) is not is_there
