"""Whoever stands in for a steward names the new owner they are asked for, and nothing more: I4."""

from dataclasses import replace

import pytest
from worlds import (
    BACKUP,
    BUILDER,
    KEY,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    World,
    findings,
    person,
)

from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import Role
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import Roles
from bot.usecases import handovers, questions

NEXT = "U0NEXT"
SUCCESSION = replace(ROLES, owner=NEXT)


def is_lent(world: World, to: str = MEMBER) -> None:
    """Have the owner leave while the steward is away."""
    world.is_away(STEWARD, to)
    world.leaves(OWNER)
    world.tick()


@pytest.mark.parametrize("succession", [SUCCESSION, replace(ROLES, owner=BACKUP, backup=NEXT)])
def test_i4_who_stands_in_for_the_steward_proposes_the_new_owner(
    live: World, succession: Roles
) -> None:
    is_lent(live)
    form = handovers.open_handover(live.deps, person(MEMBER), KEY)
    assert not form.is_owner_there
    assert live.hands_over(succession, by=MEMBER).is_proposal
    assert live.entries(Kind.HANDOVER_PROPOSED)[-1].role == Role.STEWARD_DELEGATE
    live.takes_over(succession.owner)
    assert live.owed(ObligationKind.HAND_OVER, 1).state is ObligationState.ANSWERED
    assert live.workflow().roles == succession
    assert findings(live) == []


def test_who_is_refused_reads_who_stands_in_for_that(live: World) -> None:
    is_lent(live)
    with pytest.raises(Refused) as refused:
        handovers.open_handover(live.deps, person(BACKUP), KEY)
    held = {each.role: each.away for each in questions.who_may(live.deps, refused.value)}
    assert held[Role.STEWARD] == {STEWARD: MEMBER}


def test_they_take_back_what_they_have_proposed(live: World) -> None:
    is_lent(live)
    live.hands_over(SUCCESSION, by=MEMBER)
    live.withdraws(by=MEMBER)
    assert live.owed(ObligationKind.TAKE_OVER, 1).state is ObligationState.SUPERSEDED
    assert live.owed(ObligationKind.HAND_OVER, 1).state is ObligationState.OPEN
    assert findings(live) == []


@pytest.mark.parametrize(
    ("roles", "why"),
    [
        (replace(ROLES, owner=MEMBER), "Nobody proposes themselves"),
        (replace(SUCCESSION, steward=MEMBER), "Nobody chooses who looks over their own shoulder"),
        (replace(ROLES, backup=NEXT), "names another backup"),
        (replace(ROLES, technical_owner=NEXT), "names another technical owner"),
    ],
)
def test_i4_they_name_nobody_else(live: World, roles: Roles, why: str) -> None:
    is_lent(live)
    with pytest.raises(Refused, match=why):
        live.hands_over(roles, by=MEMBER)
    assert live.workflow().roles == ROLES


def test_i4_it_is_lent_only_while_an_owner_is_to_be_named(live: World) -> None:
    live.is_away(STEWARD, MEMBER)
    live.is_away(OWNER)
    live.tick()
    with pytest.raises(Refused, match="You cannot hand this workflow over"):
        live.hands_over(SUCCESSION, by=MEMBER)
    live.leaves(OWNER)
    live.comes_back(STEWARD)
    with pytest.raises(Refused, match="You cannot hand this workflow over"):
        live.hands_over(SUCCESSION, by=MEMBER)


def test_i4_it_is_not_lent_to_whoever_built_it(live: World) -> None:
    live.is_away(STEWARD, MEMBER)
    live.hands_over(replace(ROLES, technical_owner=MEMBER))
    live.leaves(OWNER)
    with pytest.raises(Refused, match="You cannot hand this workflow over"):
        live.hands_over(replace(SUCCESSION, technical_owner=BUILDER), by=MEMBER)
