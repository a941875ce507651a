"""What took two people's word says in the channel whose each was: I4 actor."""

from dataclasses import replace

import pytest
from worlds import ADMIN, BACKUP, CHANNEL, KEY, MEMBER, OWNER, POLICY, STEWARD, World, person, sent

from bot.domain.messages import MessageKind
from bot.domain.policy import Policy
from bot.rendering.render import message
from bot.usecases import policies, showing
from bot.usecases.policies import Change
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

WEAKER = replace(POLICY, number=2, limit_bp=900)
STRICTER = replace(POLICY, number=2, limit_bp=200)


def changes(world: World, policy: Policy, by: str = OWNER) -> None:
    policies.change_policy(world.deps, person(by), Change(KEY, policy, "the season has begun"))


def news(world: World) -> str:
    """Give what the channel is told of the policy that came into force."""
    [told] = [each for each in sent(world) if each.kind is MessageKind.POLICY_NOTICE]
    assert told.to == CHANNEL
    return message(showing.view_of(world.deps, told)).text


@pytest.mark.parametrize("asks", [OWNER, ADMIN])
def test_i4_a_weaker_policy_is_told_with_who_asked_for_it_and_who_confirmed(
    live: World, asks: str
) -> None:
    changes(live, WEAKER, asks)
    live.confirms(1, by=STEWARD)
    who = f"asked for by <@{asks}>, confirmed by <@{STEWARD}>"
    assert news(live).startswith(f"Version 2 of the policy of {KEY} is in force: {who}. ")


def test_i4_a_weaker_policy_is_told_with_in_whose_place_it_was_confirmed(live: World) -> None:
    live.is_away(BACKUP, MEMBER)
    changes(live, WEAKER)
    live.confirms(1, by=MEMBER)
    who = f"asked for by <@{OWNER}>, confirmed by <@{MEMBER}> in the place of <@{BACKUP}>"
    assert f"is in force: {who}. " in news(live)


def test_a_stricter_policy_is_told_with_who_changed_it(live: World) -> None:
    changes(live, STRICTER)
    assert f"is in force: <@{OWNER}> changed it. " in news(live)
