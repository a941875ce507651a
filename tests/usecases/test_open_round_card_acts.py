"""The card of an open round names whoever is to review it by now."""

from dataclasses import replace

from worlds import BACKUP, CHANNEL, MEMBER, OWNER, ROLES, World, findings, sent

from bot.domain.messages import MessageKind
from bot.domain.people import Standing
from bot.rendering.render import message
from bot.usecases import showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

NEXT = "U0NEXT"


def cards(world: World) -> list[str]:
    """Give what the card of the open round says, each time that it is sent now."""
    kind = MessageKind.ROUND_CARD
    found = [each for each in sent(world) if (each.kind, each.subject) == (kind, 2)]
    assert {each.to for each in found} <= {CHANNEL}
    return [message(showing.view_of(world.deps, each)).text for each in found]


def test_after_a_hand_over_it_names_the_new_owner(live: World) -> None:
    [card] = cards(live)
    assert f"a sample is drawn for <@{OWNER}> to review" in card
    live.hands_over(replace(ROLES, owner=NEXT))
    live.takes_over(NEXT)
    [card] = cards(live)
    assert f"a sample is drawn for <@{NEXT}> to review" in card
    assert findings(live) == []


def test_it_says_that_the_owner_has_left_and_is_back(live: World) -> None:
    sent(live)
    live.leaves(OWNER)
    [card] = cards(live)
    assert f"<@{OWNER}>, whose that would be, has left." in card
    live.leaves(OWNER, Standing.MEMBER)
    [card] = cards(live)
    assert f"a sample is drawn for <@{OWNER}> to review" in card
    assert findings(live) == []


def test_whoever_else_comes_or_goes_leaves_it_as_it_is(live: World) -> None:
    sent(live)
    live.hands_over(replace(ROLES, backup=MEMBER))
    live.leaves(BACKUP)
    live.leaves(MEMBER)
    assert cards(live) == []
