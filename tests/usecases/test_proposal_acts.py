"""Who may propose whom for a role, and what becomes of a proposal: I4 actor."""

from dataclasses import replace
from datetime import timedelta

import pytest
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    BUILDER,
    CHANNEL,
    KEY,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    World,
    findings,
    person,
    sent,
)

from bot.domain.handovers import HandoverState
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import Circle, Role
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.registry import Roles
from bot.rendering.render import message
from bot.rendering.views import HandoverRequest
from bot.usecases import delivery, handovers, questions, showing
from tests.posted import all_shown, told

REVIEW = ObligationKind.REVIEW
HAND_OVER = ObligationKind.HAND_OVER
TAKE_OVER = ObligationKind.TAKE_OVER
NEXT = "U0NEXT"
SUCCESSION = replace(ROLES, owner=NEXT)


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


def test_i1_what_nobody_accepts_climbs_and_lapses_and_the_old_owner_stays(live: World) -> None:
    live.answers_round(1)
    live.hands_over(SUCCESSION)
    live.live_through(48 + 14)

    assert [each.facts["rung"] for each in live.climbs(TAKE_OVER, 1)] == [0, 1, 2, 3]
    assert live.owed(TAKE_OVER, 1).state is ObligationState.LAPSED
    assert (MessageKind.HANDOVER_REQUEST, OWNER) in told(live), "who proposed it hears of it"
    assert live.workflow().roles == ROLES
    with pytest.raises(Refused, match=r"over. Nobody answered in time"):
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
        with pytest.raises(Refused, match=r"over. It was declined"):
            late(NEXT)
    with pytest.raises(Refused, match=r"over. It was declined"):
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
    with pytest.raises(Refused, match="has withdrawn it"):
        live.takes_over(NEXT)
    assert findings(live) == []


@pytest.mark.parametrize("somebody", [OWNER, ADMIN, STEWARD, MEMBER])
def test_i4_nobody_declines_for_the_successor(live: World, somebody: str) -> None:
    live.hands_over(SUCCESSION)
    for ask in (live.declines, lambda by: handovers.open_decline(live.deps, person(by), KEY, 1)):
        with pytest.raises(Refused, match="that takes the successor"):
            ask(somebody)
    assert live.owed(TAKE_OVER, 1).state is ObligationState.OPEN


@pytest.mark.parametrize("somebody", [NEXT, ADMIN, STEWARD, BACKUP, AUDITOR, MEMBER])
def test_i4_nobody_withdraws_what_another_proposed_and_all_read_who_can(
    live: World, somebody: str
) -> None:
    live.hands_over(SUCCESSION)
    with pytest.raises(Refused, match="the person who proposed this can withdraw it") as refused:
        live.withdraws(somebody)
    assert live.owed(TAKE_OVER, 1).state is ObligationState.OPEN
    assert live.refusals() == ["may not withdraw another's proposal"]
    assert [(each.role, each.people) for each in questions.who_may(live.deps, refused.value)] == [
        (Role.SUCCESSOR, (NEXT,))
    ]


def test_who_proposed_it_withdraws_it_whatever_they_are_by_then(live: World) -> None:
    live.is_away(OWNER)
    live.hands_over(SUCCESSION, by=ADMIN)
    since = replace(live.deps, circle=Circle())

    handovers.withdraw_handover(since, person(ADMIN), KEY, 1)
    assert live.owed(TAKE_OVER, 1).state is ObligationState.SUPERSEDED
    assert [each.role for each in live.entries(Kind.HANDOVER_WITHDRAWN)] == ["member"]
    assert findings(live) == []


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
    with pytest.raises(Refused, match="Somebody has proposed or named other people since, record"):
        live.takes_over(NEXT)
    card = Message(MessageKind.HANDOVER_REQUEST, Place.CHANNEL, CHANNEL, 1, KEY, 1)
    assert f"<@{OWNER}> has proposed or named" in message(showing.view_of(live.deps, card)).text
    live.takes_over(MEMBER, 2)
    assert findings(live) == []


@pytest.mark.parametrize("roles", [replace(ROLES, steward=MEMBER), replace(ROLES, owner=MEMBER)])
def test_who_proposed_it_is_told_that_others_were_proposed_or_named_since(
    live: World, roles: Roles
) -> None:
    live.hands_over(SUCCESSION)
    sent(live)
    if roles.owner == MEMBER:
        live.is_away(OWNER)
    live.hands_over(roles, by=ADMIN)
    words = all_shown(live)[MessageKind.HANDOVER_REQUEST, OWNER].text
    assert f"<@{ADMIN}> has proposed or named other people since, record #" in words
    assert findings(live) == []


def test_who_proposes_or_names_others_in_place_of_their_own_is_told_nothing(live: World) -> None:
    live.hands_over(SUCCESSION)
    live.hands_over(replace(ROLES, backup=MEMBER))
    assert (MessageKind.HANDOVER_REQUEST, OWNER) not in all_shown(live)


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


@pytest.mark.parametrize(
    ("role", "by"), [("owner", OWNER), ("backup", OWNER), ("steward", STEWARD)]
)
def test_i4_no_auditor_is_named_for_what_they_would_audit(live: World, role: str, by: str) -> None:
    assert faults(live, replace(ROLES, **{role: AUDITOR}), by) == {role}
    live.hands_over(replace(ROLES, technical_owner=AUDITOR))
    assert live.workflow().roles.technical_owner == AUDITOR


def test_an_auditor_who_has_a_role_already_keeps_others_from_no_change(live: World) -> None:
    since = replace(live.deps, circle=Circle(frozenset({ADMIN}), frozenset({BACKUP})))
    roles = replace(ROLES, technical_owner=NEXT)
    asked = handovers.Change(KEY, roles, "a new desk", live.last_naming())
    handovers.change_people(since, person(OWNER), asked)
    assert live.workflow().roles == roles
