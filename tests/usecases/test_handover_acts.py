"""Who answers when people leave or hand over: never nobody, and only by one's own word."""

import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    BUILDER,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    World,
    findings,
    person,
)

from bot.domain.breaches import Decision
from bot.domain.gate import GateState
from bot.domain.handovers import HandoverState
from bot.domain.messages import Message, MessageKind, Place, Shown
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.other_ways import OtherWay
from bot.domain.people import OPERATOR, SYSTEM, Circle, Role, Standing
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.registry import Roles
from bot.rendering import views
from bot.rendering.render import message
from bot.rendering.views import HandoverRequest
from bot.usecases import (
    attesting,
    delivery,
    forgetting,
    gate,
    handovers,
    people,
    questions,
    registry,
    sampling,
    showing,
)
from store.record import ERASED

REVIEW, HAND_OVER, TAKE_OVER, ATTEST = (
    ObligationKind.REVIEW,
    ObligationKind.HAND_OVER,
    ObligationKind.TAKE_OVER,
    ObligationKind.ATTEST,
)
NEXT = "U0NEXT"
SUCCESSION = replace(ROLES, owner=NEXT)


def told(world: World) -> set[tuple[MessageKind, str]]:
    found = set()
    while posting := delivery.claim_message(world.deps):
        showing.view_of(world.deps, posting.message)
        found.add((posting.message.kind, posting.message.to))
        delivery.record_shown(world.deps, posting, None, "")
    return found


def everything_is_posted(world: World) -> None:
    """Have what waits stand in Slack, so that it is brought up to date there."""
    while posting := delivery.claim_message(world.deps):
        shown = posting.shown or Shown("C1", f"{posting.id}.0")
        delivery.record_shown(world.deps, posting, shown, "")


def faults(world: World, roles: Roles, by: str) -> set[str]:
    with pytest.raises(Invalid) as invalid:
        world.hands_over(roles, by=by)
    return set(invalid.value.errors)


def refused(world: World, roles: Roles, by: str) -> str:
    """Give the field under which a change that is not this person's to make is refused."""
    before = len(world.refusals())
    with pytest.raises(Refused) as refusal:
        world.hands_over(roles, by=by)
    assert len(world.refusals()) == before + 1, "and that is on record"
    return refusal.value.field


# Handing over.


def test_a_successor_answers_from_their_own_acceptance_on(live: World) -> None:
    done = live.hands_over(SUCCESSION)
    assert done.is_proposal
    assert live.workflow().roles == ROLES, "until then the old owner is answerable"
    assert {
        (MessageKind.HANDOVER_REQUEST, NEXT),
        (MessageKind.HANDOVER_REQUEST, "C0WATCH"),
    } <= told(live)
    first = live.takes_over(NEXT)

    assert live.workflow().roles == SUCCESSION
    assert live.owed(TAKE_OVER, 1).state is ObligationState.ANSWERED
    assert live.owed(REVIEW, 1).owed_by == NEXT
    assert {(MessageKind.DUTY_REQUEST, NEXT), (MessageKind.ROLES_NOTICE, OWNER)} <= told(live)
    changed = live.entries(Kind.ROLES_CHANGED)[-1].seq
    notice = Message(MessageKind.ROLES_NOTICE, Place.CHANNEL, "C0WATCH", changed, KEY, changed)
    view = showing.view_of(live.deps, notice)
    assert isinstance(view, views.RolesNotice)
    assert (view.proposed_by, view.by) == (OWNER, NEXT)
    assert live.takes_over(NEXT).number == first.number, "twice is once"
    with pytest.raises(Refused, match="that takes"):
        live.answers_round(1, by=OWNER)
    live.answers_round(1, by=NEXT)
    assert findings(live) == []


@pytest.mark.parametrize("somebody", [OWNER, ADMIN, STEWARD, MEMBER])
def test_i4_nobody_accepts_for_the_successor(live: World, somebody: str) -> None:
    live.hands_over(SUCCESSION)
    with pytest.raises(Refused, match="that takes the successor"):
        live.takes_over(somebody)
    assert live.refusals() == ["may not take this workflow over"]
    assert live.workflow().roles == ROLES


def asked_by_role(world: World) -> list[tuple[object, object, str]]:
    """Give of what, on which rung and who was asked because they took a role."""
    with world.deps.store.read(world.deps.workspace) as reading:
        return [
            (each.facts["obligation"], each.facts["rung"], reading.log.words(each.seq, "asked"))
            for each in world.entries(Kind.OBLIGATION_ASKED)
        ]


def not_yours(world: World, user_id: str, owed: str) -> str:
    """Give who is asked now, as it reads whoever was asked on this step before."""
    climbed = world.entries(Kind.OBLIGATION_CLIMBED)[-1]
    number = world.owed(ObligationKind(climbed.facts["kind"]), 1).subject
    reminder = MessageKind.REMINDER
    message = Message(reminder, Place.PERSON, user_id, climbed.seq, KEY, number, owed)
    view = showing.view_of(world.deps, message)
    assert isinstance(view, views.NotYours)
    return view.asked


def test_i3_a_new_steward_is_asked_for_what_had_reached_the_old_one(live: World) -> None:
    live.is_away(OWNER)
    live.tick()
    live.answers_round(1, by=BACKUP)
    live.tick()
    everything_is_posted(live)
    live.hands_over(replace(ROLES, steward=NEXT), by=ADMIN)

    second = "second-review/triage/1"
    assert asked_by_role(live) == [(second, 2, NEXT)]
    assert not_yours(live, STEWARD, second) == NEXT, "not the backup, who is barred from it"
    assert (MessageKind.REMINDER, NEXT) in told(live)
    live.looks_again(1, by=NEXT)
    assert findings(live) == []


def test_i3_a_new_backup_is_asked_for_what_had_reached_the_old_one(live: World) -> None:
    live.live_through(72 + 2)
    everything_is_posted(live)
    live.hands_over(replace(ROLES, owner=NEXT, backup=MEMBER))
    live.takes_over(NEXT)

    review = "review/triage/1"
    assert (review, 1, MEMBER) in asked_by_role(live)
    assert not_yours(live, BACKUP, review) == MEMBER
    everything_is_posted(live)
    live.live_through(4)
    assert (MessageKind.REMINDER, MEMBER) in told(live), "brought up to date: it has climbed on"
    assert findings(live) == []


def test_i3_who_takes_a_role_and_cannot_be_asked_is_passed_at_once(live: World) -> None:
    live.is_away(OWNER)
    live.is_away(BACKUP)
    live.is_away(NEXT)
    live.tick()
    live.hands_over(replace(ROLES, steward=NEXT), by=ADMIN)
    live.tick()

    assert asked_by_role(live) == []
    assert live.climbs(REVIEW, 1)[-1].facts["rung"] == 3
    assert findings(live) == []


def test_i3_a_new_owner_who_is_away_hastens_nothing_that_the_backup_was_asked_for(
    live: World,
) -> None:
    live.live_through(72 + 2)
    before = live.owed(REVIEW, 1)
    assert before.rung == 1, "the backup was asked"
    live.is_away(NEXT)
    live.hands_over(SUCCESSION)
    live.takes_over(NEXT)
    live.tick()

    assert live.owed(REVIEW, 1) == replace(before, owed_by=NEXT)
    assert findings(live) == []


def test_nobody_is_asked_twice_because_they_hold_another_role_now(live: World) -> None:
    live.live_through(72 + 6)
    live.hands_over(replace(ROLES, backup=NEXT), by=ADMIN)
    live.hands_over(replace(ROLES, backup=MEMBER, steward=NEXT), by=ADMIN)

    reviews = [each[1:] for each in asked_by_role(live) if each[0] == "review/triage/1"]
    assert reviews == [(1, NEXT), (1, MEMBER)]
    assert findings(live) == []


def test_pipelines_are_told_of_the_new_owner_by_whoever_named_the_old_one(live: World) -> None:
    live.hands_over(SUCCESSION)
    before = gate.read_board(live.deps, -1)
    assert before
    assert [row.owner for row in before.gates] == [OWNER]
    live.takes_over(NEXT)

    after = gate.read_board(live.deps, before.number)
    assert after
    assert [row.owner for row in after.gates] == [NEXT]


def test_i1_what_nobody_accepts_climbs_and_lapses_and_the_old_owner_stays(live: World) -> None:
    live.answers_round(1)
    live.hands_over(SUCCESSION)
    live.live_through(48 + 14)

    assert [each.facts["rung"] for each in live.climbs(TAKE_OVER, 1)] == [0, 1, 2, 3]
    assert live.owed(TAKE_OVER, 1).state is ObligationState.LAPSED
    assert (MessageKind.HANDOVER_REQUEST, OWNER) in told(live), "who proposed it hears of it"
    assert live.workflow().roles == ROLES
    with pytest.raises(Refused, match="already lapsed"):
        live.takes_over(NEXT)
    assert findings(live) == []


def test_a_successor_declines_and_who_proposed_them_is_told_why(live: World) -> None:
    live.hands_over(SUCCESSION)
    told(live)
    live.declines(NEXT, why=" I go on leave. ")

    assert live.workflow().roles == ROLES
    assert live.owed(TAKE_OVER, 1).state is ObligationState.SUPERSEDED
    [said] = live.entries(Kind.HANDOVER_DECLINED)
    assert (said.role, said.facts) == ("successor", {**said.facts, "handover": 1})
    posting = delivery.claim_message(live.deps)
    assert posting
    assert posting.message.to == OWNER
    card = showing.view_of(live.deps, posting.message)
    assert isinstance(card, HandoverRequest)
    assert (card.outcome, card.because) == (HandoverState.DECLINED, "I go on leave.")
    for late in (live.takes_over, live.declines):
        with pytest.raises(Refused, match="already declined"):
            late(NEXT)
    with pytest.raises(Refused, match="already declined"):
        live.withdraws()
    live.hands_over(SUCCESSION)
    live.takes_over(NEXT, 2)
    assert findings(live) == []


def test_who_proposed_it_withdraws_a_proposal_once(live: World) -> None:
    live.hands_over(SUCCESSION)
    first = live.withdraws()

    assert live.withdraws().number == first.number, "twice is once"
    assert len(live.entries(Kind.HANDOVER_WITHDRAWN)) == 1
    assert live.owed(TAKE_OVER, 1).state is ObligationState.SUPERSEDED
    assert live.workflow().roles == ROLES
    with pytest.raises(Refused, match="already withdrawn"):
        live.takes_over(NEXT)
    assert findings(live) == []


@pytest.mark.parametrize("somebody", [OWNER, ADMIN, STEWARD, MEMBER])
def test_i4_nobody_declines_for_the_successor(live: World, somebody: str) -> None:
    live.hands_over(SUCCESSION)
    for ask in (live.declines, lambda by: handovers.open_decline(live.deps, person(by), KEY, 1)):
        with pytest.raises(Refused, match="that takes the successor"):
            ask(somebody)
    assert live.owed(TAKE_OVER, 1).state is ObligationState.OPEN


@pytest.mark.parametrize("somebody", [NEXT, ADMIN, STEWARD, MEMBER])
def test_i4_nobody_withdraws_what_another_proposed(live: World, somebody: str) -> None:
    live.hands_over(SUCCESSION)
    with pytest.raises(Refused):
        live.withdraws(somebody)
    assert live.owed(TAKE_OVER, 1).state is ObligationState.OPEN
    assert len(live.refusals()) == 1


def test_to_decline_takes_a_reason(live: World) -> None:
    live.hands_over(SUCCESSION)
    with pytest.raises(Invalid):
        live.declines(NEXT, why=" ")
    assert live.entries(Kind.HANDOVER_DECLINED) == []


def test_i1_where_the_owner_left_another_is_named_whoever_declines(live: World) -> None:
    live.leaves(OWNER)
    live.tick()
    live.hands_over(SUCCESSION, by=STEWARD)
    live.declines(NEXT)
    assert live.owed(HAND_OVER, 1).state is ObligationState.OPEN
    live.hands_over(replace(ROLES, owner=MEMBER), by=STEWARD)
    live.withdraws(STEWARD, 2)
    assert live.owed(HAND_OVER, 1).state is ObligationState.OPEN
    live.hands_over(SUCCESSION, by=STEWARD)
    live.takes_over(NEXT, 3)
    assert live.owed(HAND_OVER, 1).state is ObligationState.ANSWERED
    assert findings(live) == []


def test_another_proposal_takes_the_place_of_one_nobody_answered(live: World) -> None:
    live.hands_over(SUCCESSION)
    live.hands_over(replace(ROLES, owner=MEMBER))

    assert live.owed(TAKE_OVER, 1).state is ObligationState.SUPERSEDED
    with pytest.raises(Refused, match="already superseded"):
        live.takes_over(NEXT)
    live.takes_over(MEMBER, 2)
    assert findings(live) == []


def test_the_backup_can_succeed_once_another_backup_is_named(live: World) -> None:
    assert faults(live, replace(ROLES, owner=BACKUP), OWNER) == {"backup"}
    live.hands_over(replace(ROLES, owner=BACKUP, backup=MEMBER))
    live.takes_over(BACKUP)

    assert live.workflow().roles == replace(ROLES, owner=BACKUP, backup=MEMBER)
    assert live.owed(REVIEW, 1).owed_by == BACKUP
    assert live.owed(ObligationKind.SECOND_REVIEW, 1).owed_by == MEMBER
    assert findings(live) == []


def test_the_steward_does_not_succeed(live: World) -> None:
    assert faults(live, replace(ROLES, owner=STEWARD), OWNER) == {"steward"}
    live.is_away(OWNER)
    assert faults(live, replace(ROLES, owner=STEWARD), ADMIN) == {"steward"}


@pytest.mark.parametrize("by", [OWNER, STEWARD])
def test_i4_who_was_steward_owns_only_what_an_admin_finds_another_steward_for(
    live: World, by: str
) -> None:
    live.is_away(OWNER, days=1)
    roles = replace(ROLES, owner=STEWARD, steward=NEXT)
    assert refused(live, roles, by) == ("steward" if by == OWNER else "owner")
    live.hands_over(roles, by=ADMIN)
    live.takes_over(STEWARD)
    assert live.workflow().roles == roles
    assert findings(live) == []


@pytest.mark.parametrize("by", [STEWARD, ADMIN])
def test_i4_nobody_proposes_themselves(live: World, by: str) -> None:
    live.leaves(OWNER)
    assert refused(live, replace(ROLES, owner=by, steward=NEXT), by) == "owner"
    assert live.entries(Kind.HANDOVER_PROPOSED) == []


@pytest.mark.parametrize(
    ("by", "name"),
    [
        (OWNER, "backup"),
        (ADMIN, "backup"),
        (OWNER, "technical_owner"),
        (STEWARD, "steward"),
        (ADMIN, "steward"),
    ],
)
def test_who_may_name_whom(live: World, by: str, name: str) -> None:
    roles = replace(ROLES, **{name: NEXT})
    assert not live.hands_over(roles, by=by).is_proposal
    assert live.workflow().roles == roles
    assert (MessageKind.ROLES_NOTICE, NEXT) in told(live)
    assert findings(live) == []


@pytest.mark.parametrize(
    ("by", "name"),
    [(STEWARD, "backup"), (OWNER, "steward"), (ADMIN, "owner"), (STEWARD, "owner")],
)
def test_i4_whoever_may_not_name_somebody_is_refused_on_record(
    live: World, by: str, name: str
) -> None:
    assert refused(live, replace(ROLES, **{name: NEXT}), by) == name
    assert live.refusals() == [f"may not name another {name}"]
    assert live.workflow().roles == ROLES
    assert findings(live) == []


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, {"owner"}),
        ({"backup": "U0GONE"}, {"backup"}),
        ({"technical_owner": OWNER}, {"technical_owner"}),
    ],
)
def test_what_cannot_be_is_said_field_by_field(
    live: World, changed: dict[str, str], wrong: set[str]
) -> None:
    live.leaves("U0GONE")
    assert faults(live, replace(ROLES, **changed), OWNER) == wrong
    assert live.workflow().roles == ROLES
    assert live.refusals() == [], "a slip in a form is no attempt"


@pytest.mark.parametrize("somebody", [BACKUP, BUILDER, MEMBER])
def test_i4_others_open_no_form(live: World, somebody: str) -> None:
    with pytest.raises(Refused, match="that takes"):
        handovers.open_handover(live.deps, person(somebody), "triage")


@pytest.mark.parametrize("somebody", [OWNER, STEWARD])
def test_a_draft_is_handed_over_by_an_admin_alone(world: World, somebody: str) -> None:
    world.registers()
    with pytest.raises(Refused, match="a draft"):
        world.hands_over(SUCCESSION, by=somebody)


def test_i1_a_draft_whose_owner_left_is_accepted_by_whom_an_admin_names(world: World) -> None:
    world.registers()
    world.leaves(OWNER)
    world.live_through(72)
    assert world.owed(ObligationKind.ACCEPT, 0).state is ObligationState.OPEN
    form = handovers.open_handover(world.deps, person(ADMIN), "triage")
    assert form.roles == ROLES
    assert not world.hands_over(SUCCESSION, by=ADMIN).is_proposal, "nobody answers for it yet"

    assert world.owed(ObligationKind.ACCEPT, 0).owed_by == NEXT
    assert (MessageKind.DUTY_REQUEST, NEXT) in told(world)
    with pytest.raises(Refused, match="that takes the owner"):
        world.accepts(by=OWNER)
    world.accepts(by=NEXT)
    assert world.workflow().roles == SUCCESSION
    assert world.owed(ObligationKind.ACCEPT, 0).state is ObligationState.ANSWERED
    assert findings(world) == []


def test_what_is_retired_is_taken_over_by_nobody(live: World) -> None:
    live.hands_over(SUCCESSION)
    live.answers_round(1, CRITICAL)
    live.acknowledges(1)
    live.decides(1, Decision.RETIRE, by=STEWARD)

    assert live.owed(TAKE_OVER, 1).state is ObligationState.SUPERSEDED
    with live.deps.store.read(live.deps.workspace) as reading:
        proposed = reading.handovers.last("triage")
    assert proposed
    assert proposed.state is HandoverState.SUPERSEDED
    with pytest.raises(Refused, match="is retired"):
        live.takes_over(NEXT)
    assert live.workflow().roles == ROLES
    assert live.entries(Kind.HANDOVER_ACCEPTED) == []


def test_outsiders_are_named_for_nothing(world: World) -> None:
    world.registers()
    world.accepts()
    asked = handovers.Change("triage", SUCCESSION, "why", frozenset({NEXT}))
    with pytest.raises(Invalid) as invalid:
        handovers.change_people(world.deps, person(OWNER), asked)
    assert set(invalid.value.errors) == {"owner"}


def test_the_reports_page_names_who_answers_now(live: World) -> None:
    live.hands_over(SUCCESSION)
    live.takes_over(NEXT)
    assert findings(live) == []
    with zipfile.ZipFile(live.path.with_suffix(".zip")) as bundle:
        page = bundle.read("report.html").decode()
    assert f'<td data-is="owner">{NEXT}</td>' in page
    (row,) = [line for line in page.splitlines() if 'data-is="owner"' in line]
    assert OWNER not in row, "accepted by whoever answers now"


def test_while_the_owner_is_away_the_steward_proposes(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.hands_over(SUCCESSION, by=STEWARD)
    live.takes_over(NEXT)
    assert live.workflow().roles.owner == NEXT
    assert findings(live) == []


# Who has left.


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


def sent_views(world: World) -> dict[tuple[MessageKind, str], views.MessageView]:
    """Send what waits, and give the last of each kind to each reader as it was shown."""
    found = {}
    while posting := delivery.claim_message(world.deps):
        said = posting.message
        found[said.kind, said.to] = showing.view_of(world.deps, said)
        delivery.record_shown(world.deps, posting, None, "")
    return found


def test_i3_all_leaving_in_any_order_is_the_same(live: World) -> None:
    live.answers_round(1)
    for each in (STEWARD, BACKUP, OWNER):
        live.leaves(each)
        live.tick()
    live.forward(24)
    assert live.workflow().gate.state is GateState.PAUSED
    assert findings(live) == []


def vacancies(world: World) -> list[tuple[str, tuple[views.Vacancy, ...]]]:
    """Send what waits, and give who is told in it of roles that somebody left, and of which."""
    found = []
    while posting := delivery.claim_message(world.deps):
        said = posting.message
        delivery.record_shown(world.deps, posting, Shown(said.to, str(posting.id)), "")
        if isinstance(view := showing.view_of(world.deps, said), views.VacancyNotice):
            found.append((said.to, view.vacant))
    return found


def test_i1_the_owner_and_who_can_name_another_are_told_once_that_the_steward_left(
    live: World,
) -> None:
    live.leaves(STEWARD)
    live.leaves(STEWARD, Standing.GUEST)
    vacant = views.Vacancy(KEY, Role.STEWARD, may_name=False)
    assert vacancies(live) == [(ADMIN, (replace(vacant, may_name=True),)), (OWNER, (vacant,))]


def test_i1_an_owner_whose_backup_left_is_told_to_name_another(live: World) -> None:
    live.leaves(BACKUP)
    vacant = views.Vacancy(KEY, Role.BACKUP, may_name=True)
    assert vacancies(live) == [(OWNER, (vacant,))], "the owner can: no admin has to be asked"


def test_of_a_draft_only_an_admin_can_name_another(world: World) -> None:
    world.registers()
    world.leaves(BACKUP)
    assert {to for to, _ in vacancies(world)} == {ADMIN, OWNER}


def test_once_another_is_named_or_who_left_is_back_nothing_has_to_be_done(live: World) -> None:
    live.leaves(BACKUP)
    live.hands_over(replace(ROLES, backup=NEXT))
    assert vacancies(live) == [(OWNER, ())]
    live.leaves(NEXT)
    live.leaves(NEXT, Standing.MEMBER)
    assert vacancies(live) == [(OWNER, ())]


def test_where_nobody_is_left_to_name_a_steward_the_owner_is_told_so(live: World) -> None:
    live.leaves(ADMIN)
    live.leaves(STEWARD)
    vacant = views.Vacancy(KEY, Role.STEWARD, may_name=False, by_nobody=True)
    assert vacancies(live) == [(OWNER, (vacant,))]


def test_of_an_owner_who_left_it_is_the_search_for_another_that_says_who_else_did(
    live: World,
) -> None:
    live.leaves(OWNER)
    live.leaves(STEWARD)
    assert MessageKind.VACANCY_NOTICE not in {kind for kind, _ in told(live)}
    assert owner_needed(live).has_admins
    live.leaves(ADMIN)
    assert not owner_needed(live).has_admins


def test_i1_with_an_owner_who_is_back_it_is_told_who_left_meanwhile(live: World) -> None:
    live.leaves(OWNER)
    live.leaves(STEWARD)
    assert vacancies(live) == []
    live.leaves(OWNER, Standing.MEMBER)
    vacant = views.Vacancy(KEY, Role.STEWARD, may_name=False)
    assert vacancies(live) == [(ADMIN, (replace(vacant, may_name=True),)), (OWNER, (vacant,))]
    assert findings(live) == []


@pytest.mark.parametrize(("gone", "told"), [(STEWARD, {ADMIN, NEXT}), (BACKUP, {NEXT})])
def test_i1_whoever_accepts_is_told_which_role_is_empty(
    live: World, gone: str, told: set[str]
) -> None:
    live.hands_over(replace(ROLES, owner=NEXT))
    live.leaves(gone)
    vacancies(live)
    live.takes_over(NEXT)

    found = dict(vacancies(live))
    role = Role.STEWARD if gone == STEWARD else Role.BACKUP
    assert found[NEXT] == (views.Vacancy(KEY, role, may_name=role is Role.BACKUP),)
    assert found.keys() - {OWNER} <= told
    live.takes_over(NEXT)
    assert vacancies(live) == [], "once"
    assert findings(live) == []


def test_i1_whoever_accepts_in_place_of_an_owner_who_left_is_told_who_else_did(
    live: World,
) -> None:
    live.leaves(OWNER)
    live.leaves(BACKUP)
    live.hands_over(replace(ROLES, owner=NEXT), by=STEWARD)
    assert vacancies(live) == []
    live.takes_over(NEXT)
    assert vacancies(live) == [(NEXT, (views.Vacancy(KEY, Role.BACKUP, may_name=True),))]


def test_i1_whoever_accepts_a_draft_is_told_whom_they_can_name_by_then(world: World) -> None:
    world.registers()
    world.leaves(BACKUP)
    vacancies(world)
    world.accepts()
    found = dict(vacancies(world))
    assert found[OWNER] == (views.Vacancy(KEY, Role.BACKUP, may_name=True),)


def test_everybody_on_whom_something_rests_is_named(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    named = people.named_people(live.deps)
    assert named == tuple(sorted({OWNER, BACKUP, STEWARD, BUILDER, ADMIN, MEMBER}))


def test_who_is_to_be_somebody_is_looked_after_until_the_proposal_ends(live: World) -> None:
    live.hands_over(Roles(NEXT, "U0NEXT2", STEWARD, BUILDER))
    assert {NEXT, "U0NEXT2"} <= set(people.named_people(live.deps))
    live.leaves(NEXT, Standing.GUEST)
    live.tick()
    assert live.climbs(TAKE_OVER, 1)[0].facts["passed"] == "no full member any more"
    live.hands_over(replace(ROLES, backup=MEMBER))
    assert "U0NEXT2" not in people.named_people(live.deps)


def test_who_was_never_named_becomes_a_guest_unnoticed(live: World) -> None:
    live.leaves("U0NOBODY", Standing.GUEST)
    assert not live.entries(Kind.PERSON_CHANGED)


# Every 90 days.


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


def test_i4_no_auditor_is_proposed_as_the_owner_nor_takes_over(live: World) -> None:
    assert faults(live, replace(SUCCESSION, owner=AUDITOR), OWNER) == {"owner"}
    live.hands_over(SUCCESSION)
    since = replace(live.deps, circle=Circle(frozenset({ADMIN}), frozenset({NEXT})))
    with pytest.raises(Refused, match="nobody audits what they answer for"):
        handovers.take_over(since, person(NEXT), KEY, 1)
    assert live.workflow().roles == ROLES


def test_whoever_proposes_somebody_away_reads_until_when_and_that_nobody_else_can_accept(
    live: World,
) -> None:
    live.is_away(NEXT, MEMBER, days=3)
    until = live.clock.now().replace(hour=0) + timedelta(days=3)

    said = live.hands_over(SUCCESSION).sentence
    assert f"is away until {until:%Y-%m-%d} 00:00 UTC, and nobody can accept in their" in said
    live.comes_back(NEXT)
    assert live.hands_over(SUCCESSION).sentence.startswith("The successor is asked. Until")


def test_nobody_is_told_to_pause_what_waits_for_a_successors_word(live: World) -> None:
    live.answers_round(1)
    live.hands_over(SUCCESSION)
    live.live_through(48 + 2)

    told = sent_views(live)[MessageKind.REMINDER, BACKUP]
    assert isinstance(told, views.Reminder)
    assert (told.kind, told.other_way) == (TAKE_OVER, OtherWay.NONE)
    assert "see that they do." in message(told).text


@pytest.mark.parametrize(
    ("role", "by"), [("owner", OWNER), ("backup", OWNER), ("steward", STEWARD)]
)
def test_i4_no_auditor_is_named_for_what_they_would_audit(live: World, role: str, by: str) -> None:
    assert faults(live, replace(ROLES, **{role: AUDITOR}), by) == {role}
    live.hands_over(replace(ROLES, technical_owner=AUDITOR))
    assert live.workflow().roles.technical_owner == AUDITOR


def test_an_auditor_who_has_a_role_already_keeps_others_from_no_change(live: World) -> None:
    since = replace(live.deps, circle=Circle(frozenset({ADMIN}), frozenset({BACKUP})))
    asked = handovers.Change(KEY, replace(ROLES, technical_owner=NEXT), "a new desk")
    handovers.change_people(since, person(OWNER), asked)
    assert live.workflow().roles == replace(ROLES, technical_owner=NEXT)


# A button that was pressed before says what was done then and what holds now.


def answered(world: World) -> list[str]:
    """Give what people were told where they look, the newest last."""
    said = []
    while posting := delivery.claim_message(world.deps):
        if posting.message.place is Place.ANSWER:
            said.append(posting.message.sentence)
        delivery.record_shown(world.deps, posting, None, "")
    return said


def test_i4_taking_over_again_after_somebody_else_did_says_who_answers_now(live: World) -> None:
    live.hands_over(SUCCESSION)
    first = handovers.take_over(live.deps, person(NEXT, url="https://a/1"), KEY, 1)
    assert answered(live) == [f"You answer for {KEY} now."]
    live.hands_over(replace(SUCCESSION, owner=MEMBER), by=NEXT)
    live.takes_over(MEMBER, 2)

    again = handovers.take_over(live.deps, person(NEXT, url="https://a/2"), KEY, 1)
    assert again.receipt == first.receipt

    [said] = answered(live)
    assert said == again.sentence
    assert said == (
        f"You took {KEY} over then. Somebody else answers for it now: `/answerable show {KEY}` "
        "says who."
    )


def test_i4_accepting_what_a_former_owner_accepted_says_that_it_was_them(live: World) -> None:
    live.hands_over(SUCCESSION)
    live.takes_over(NEXT)
    answered(live)

    accepted = registry.accept_ownership(live.deps, person(NEXT, url="https://a/1"), KEY)

    [said] = answered(live)
    assert said == accepted.sentence
    assert said == (
        f"Somebody else accepted the duties of {KEY}, as its owner then. You took it over since, "
        "and answer for it now."
    )


def test_accepting_again_says_that_the_first_round_is_open_only_while_it_is(world: World) -> None:
    world.registers()
    registry.accept_ownership(world.deps, person(OWNER, url="https://a/1"), KEY)
    [said] = answered(world)
    assert said.startswith(f"You answer for {KEY} now. Its first round is open. Outputs come from")
    world.reports(6)
    sampling.sample_now(world.deps, person(OWNER), KEY)

    registry.accept_ownership(world.deps, person(OWNER, url="https://a/2"), KEY)
    assert answered(world) == [f"You answer for {KEY} now."]
