"""I4: who asked is never named as the second person, whatever role they hold by now."""

from dataclasses import replace

import pytest
from worlds import ADMIN, BACKUP, MEMBER, OWNER, ROLES, STEWARD, World, findings, sent

from bot.domain.authority import Holding
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind
from bot.domain.people import Role
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import Roles
from bot.usecases import questions

CONFIRM = ObligationKind.CONFIRM
SWAPPED = replace(ROLES, owner=BACKUP, backup=OWNER)


def asked_by_owner(world: World) -> None:
    world.pauses()
    world.asks_to_resume()
    sent(world)


def named(world: World, by: str) -> tuple[Holding, ...]:
    """Give who is named to somebody who presses Confirm in vain."""
    with pytest.raises(Refused) as refused:
        world.confirms(1, by=by)
    return questions.who_may(world.deps, refused.value)


def swap(world: World) -> None:
    world.hands_over(SWAPPED)
    world.takes_over(by=BACKUP)


def test_i4_who_asked_is_not_named_in_the_role_they_hold_since(live: World) -> None:
    asked_by_owner(live)
    swap(live)

    priya = (Holding(Role.STEWARD, (STEWARD,)),)
    assert named(live, OWNER) == priya
    assert named(live, BACKUP) == priya
    live.confirms(1, by=STEWARD)
    assert findings(live) == []


def test_i4_whoever_takes_the_askers_old_role_is_named_as_they_may_confirm(live: World) -> None:
    live.pauses()
    live.asks_to_resume(by=BACKUP)
    live.hands_over(Roles(OWNER, MEMBER, BACKUP, ROLES.technical_owner), by=ADMIN)

    assert named(live, BACKUP) == (Holding(Role.OWNER, (OWNER,)), Holding(Role.BACKUP, (MEMBER,)))
    live.confirms(1, by=MEMBER)


def test_i4_what_is_to_be_confirmed_is_passed_to_somebody_who_may(live: World) -> None:
    asked_by_owner(live)
    swap(live)

    assert live.owed(CONFIRM, 1).owed_by == STEWARD
    asked = [each.to for each in sent(live) if each.kind is MessageKind.REQUEST]
    assert STEWARD in asked
    live.forward(25)
    assert live.climbs(CONFIRM, 1)
    assert findings(live) == []


def test_i4_what_stays_with_the_same_person_in_another_role_is_passed_to_nobody(
    live: World,
) -> None:
    live.pauses()
    live.asks_to_resume(by=BACKUP)
    live.hands_over(replace(ROLES, owner=BACKUP, backup=OWNER))
    sent(live)
    live.takes_over(BACKUP)

    assert live.owed(CONFIRM, 1).owed_by == OWNER
    owed, passed = live.owed(CONFIRM, 1), live.entries(Kind.OBLIGATION_PASSED_ON)
    assert owed.id not in {each.facts["obligation"] for each in passed}
    assert (BACKUP, owed.id) not in {(each.to, each.obligation) for each in sent(live)}
    live.confirms(1, by=OWNER)
    assert findings(live) == []
