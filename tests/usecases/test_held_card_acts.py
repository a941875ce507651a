"""The cards of a drill, an attestation and an owner to be named say with whom that is by now."""

from collections.abc import Callable

import pytest
from worlds import ADMIN, BACKUP, CHANNEL, MEMBER, OWNER, STEWARD, World, sent

from bot.domain.messages import MessageKind
from bot.rendering.render import message
from bot.usecases import showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

DRILL, NAMING = MessageKind.DRILL_REQUEST, MessageKind.OWNER_NEEDED
ATTEST = MessageKind.ATTEST_REQUEST


def is_to_drill(world: World) -> None:
    world.forward(90 * 24)


def has_no_owner(world: World) -> None:
    world.leaves(OWNER)
    world.tick()


def card(world: World, kind: MessageKind) -> str:
    """Give what the card says in its channel that has just been sent."""
    [said] = [each for each in sent(world) if (each.kind, each.to) == (kind, CHANNEL)]
    return message(showing.view_of(world.deps, said)).text


@pytest.mark.parametrize(
    ("arrange", "kind", "owes"), [(is_to_drill, DRILL, OWNER), (has_no_owner, NAMING, STEWARD)]
)
def test_it_names_who_is_asked_in_the_place_of_whoever_is_away(
    live: World, arrange: Callable[[World], None], kind: MessageKind, owes: str
) -> None:
    live.answers_round(1)
    live.looks_again(1)
    arrange(live)
    assert "away" not in card(live, kind)
    live.is_away(owes, MEMBER)
    live.tick()
    lent = f"<@{owes}> is away: <@{MEMBER}> is asked in their place."
    assert lent in card(live, kind)
    live.comes_back(owes)
    live.tick()
    assert "away" not in card(live, kind)


def test_it_says_whom_a_drill_has_climbed_to(live: World) -> None:
    live.answers_round(1)
    live.looks_again(1)
    is_to_drill(live)
    live.is_away(OWNER)
    live.tick()
    words = card(live, DRILL)
    assert f"<@{BACKUP}> is told of it. <@{OWNER}> is away until <!date" in words
    assert ", and nobody stands in." in words


def test_it_says_of_an_attestation_that_it_takes_the_owners_own_word(live: World) -> None:
    live.answers_round(1)
    live.looks_again(1)
    live.forward(90 * 24)
    live.is_away(OWNER, MEMBER)
    live.tick()
    words = card(live, ATTEST)
    assert f"<@{BACKUP}> is told of it. <@{OWNER}> is away until <!date" in words
    assert f": <@{MEMBER}> stands in for them, but this takes their own word." in words
    live.comes_back(OWNER)
    assert "away" not in card(live, ATTEST)


def test_it_names_who_stands_in_for_an_admin_whom_the_naming_has_climbed_to(live: World) -> None:
    live.leaves(STEWARD)
    has_no_owner(live)
    assert "It has climbed to the admins. What the owner owes" in card(live, NAMING)
    live.is_away(ADMIN, MEMBER)
    live.tick()
    assert f"<@{ADMIN}> (away; <@{MEMBER}> stands in) may still answer." in card(live, NAMING)


def test_it_says_once_that_nobody_is_an_admin(live: World) -> None:
    live.is_away(STEWARD)
    has_no_owner(live)
    live.leaves(ADMIN)
    words = card(live, NAMING)
    assert words.count("No admin is left who can act.") == 1
    assert "asked again" not in words
    live.leaves(STEWARD)
    words = card(live, NAMING)
    assert words.count("No admin is left who can act.") == 1
