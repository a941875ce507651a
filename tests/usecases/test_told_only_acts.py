"""What has climbed to somebody who may not answer it says that they are told of it, no more."""

from dataclasses import replace

import pytest
from worlds import ADMIN, BACKUP, CHANNEL, KEY, MEMBER, OWNER, ROLES, STEWARD, World, person, sent

from bot.domain.messages import Message, MessageKind
from bot.domain.obligations import ObligationKind
from bot.rendering.render import message
from bot.usecases import questions, showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests


def words(world: World, said: Message) -> str:
    return message(showing.view_of(world.deps, said)).text


def card(world: World) -> str:
    """Give the breach's card in its channel, as it was sent now."""
    [posted] = [
        each for each in sent(world) if (each.kind, each.to) == (MessageKind.BREACH_CARD, CHANNEL)
    ]
    return words(world, posted)


def item(world: World, kind: ObligationKind) -> str:
    """Give what the sheet says of what is owed."""
    sheet = questions.show_workflow(world.deps, person(ADMIN), KEY)
    [owed] = [each for each in sheet.owed if each.kind is kind]
    shown = message(replace(sheet, owed=(owed,)))
    return " ".join(str(each) for each in shown.blocks if "owed" in str(each["block_id"]))


def test_a_card_says_of_the_steward_who_may_not_acknowledge_that_they_are_told(live: World) -> None:
    live.raises()
    live.is_away(OWNER, MEMBER)
    live.live_through(2 + 2 + 4)
    lent = f"<@{OWNER}> (away; <@{MEMBER}> stands in), <@{BACKUP}> may still answer."
    assert f"<@{STEWARD}> is told of it. {lent}" in card(live)
    assert f"<@{STEWARD}> was told of it <!date" in item(live, ObligationKind.ACKNOWLEDGE)


@pytest.mark.parametrize("hours", [2, 6])
def test_a_sheet_says_of_a_hand_over_that_others_are_told_of_it(live: World, hours: int) -> None:
    live.hands_over(replace(ROLES, owner=MEMBER))
    live.live_through(48 + hours)
    told = {2: BACKUP, 6: STEWARD}[hours]
    said = item(live, ObligationKind.TAKE_OVER)
    assert f"<@{told}> was told of it <!date" in said
    assert f"<@{MEMBER}> may still answer." in said
    assert "climbed" not in said


def test_whoever_stands_in_for_the_owner_has_it_climb_to_them_in_any_role(live: World) -> None:
    live.raises()
    live.is_away(OWNER, STEWARD)
    live.is_away(BACKUP)
    live.live_through(2 + 2 + 4)
    assert "is told of it" not in card(live)


def test_whoever_stands_in_for_one_who_is_told_is_told_in_their_place(live: World) -> None:
    live.raises()
    live.is_away(STEWARD, MEMBER)
    live.live_through(2 + 2 + 4)
    away = f"<@{STEWARD}> is away: <@{MEMBER}> is told in their place."
    assert f"<@{STEWARD}> is told of it. {away}" in card(live)


def test_what_has_climbed_to_who_may_answer_says_so_as_before(live: World) -> None:
    live.live_through(72 + 2)
    said = item(live, ObligationKind.REVIEW)
    assert f"It climbed to <@{BACKUP}> <!date" in said
