"""Whoever owes something is away: it is said so, and for what whoever stands in does not count."""

from dataclasses import replace

from worlds import (
    ADMIN,
    BACKUP,
    CHANNEL,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    World,
    person,
    sent,
)

from bot.domain.messages import Message, MessageKind
from bot.domain.obligations import ObligationKind
from bot.rendering.render import message
from bot.usecases import questions, showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

ALONE = f"<@{STEWARD}> is away until <!date"
NOBODY = ", and nobody stands in."
# It is the owner's own workflow: they decide nothing critical of it, in whosoever place.
BARRED = f": <@{OWNER}> stands in for them, but may not answer this."


def said(world: World, kind: MessageKind, to: str) -> list[str]:
    """Give what was sent of this kind by now, in words."""

    def words(each: Message) -> str:
        return message(showing.view_of(world.deps, each)).text

    return [words(each) for each in sent(world) if (each.kind, each.to) == (kind, to)]


def decision_due(world: World, stand_in: str) -> None:
    """Have the steward away, with this person to stand in, and a critical breach to decide."""
    world.answers_round(1, CRITICAL)
    world.is_away(STEWARD, stand_in)
    world.acknowledges(1)
    world.tick()


def item(world: World) -> str:
    sheet = questions.show_workflow(world.deps, person(ADMIN), KEY)
    shown = (str(each) for each in message(sheet).blocks if "owed:" in str(each["block_id"]))
    [line] = [line for line in " ".join(shown).split("• ") if "has to decide" in line]
    return line


def test_a_card_says_why_who_stands_in_for_the_steward_does_not_decide(live: World) -> None:
    decision_due(live, OWNER)
    assert live.owed(ObligationKind.DECIDE, 1).rung == 1, "nobody is there to decide it"
    [card] = said(live, MessageKind.BREACH_CARD, CHANNEL)
    assert f"is told of it. {ALONE}" in card
    assert BARRED in card
    assert BARRED in item(live)
    assert NOBODY not in card


def test_a_reminder_says_why_who_stands_in_for_the_steward_does_not_decide(live: World) -> None:
    decision_due(live, OWNER)
    told = said(live, MessageKind.REMINDER, BACKUP)[-1]
    assert ALONE in told
    assert BARRED in told


def test_where_nobody_is_named_to_stand_in_the_card_says_so_too(live: World) -> None:
    decision_due(live, "")
    [card] = said(live, MessageKind.BREACH_CARD, CHANNEL)
    for told in (card, item(live)):
        assert ALONE in told
        assert NOBODY in told
        assert told.count("is away") == 1


def test_of_whoever_may_decide_in_their_place_it_is_said_that_they_are_asked(live: World) -> None:
    decision_due(live, MEMBER)
    [card] = said(live, MessageKind.BREACH_CARD, CHANNEL)
    assert f"<@{STEWARD}> is away: <@{MEMBER}> is asked in their place." in card
    live.live_through(24 + 2)
    [card] = said(live, MessageKind.BREACH_CARD, CHANNEL)
    assert "is away until" not in card


def test_it_is_said_of_the_last_step_as_well(live: World) -> None:
    decision_due(live, OWNER)
    live.live_through(24 + 2 + 4 + 8)
    [card] = said(live, MessageKind.BREACH_CARD, CHANNEL)
    assert f"The admins are told of it. {ALONE}" in card


def test_a_hand_over_says_that_whoever_is_to_accept_it_is_away(live: World) -> None:
    live.is_away("U0NEXT", MEMBER)
    live.hands_over(replace(ROLES, owner="U0NEXT"))
    live.tick()
    away = "<@U0NEXT> is away until <!date"
    own = f": <@{MEMBER}> stands in for them, but this takes their own word."
    card = said(live, MessageKind.HANDOVER_REQUEST, CHANNEL)[-1]
    sheet = str(message(questions.show_workflow(live.deps, person(ADMIN), KEY)).blocks)
    for told in (card, sheet):
        assert away in told
        assert own in told
    live.comes_back("U0NEXT")
    assert "is away" not in said(live, MessageKind.HANDOVER_REQUEST, CHANNEL)[-1]
    assert live.takes_over("U0NEXT")
