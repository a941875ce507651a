"""Nobody who is named as asked for something is named again as somebody who may still answer it."""

from dataclasses import replace
from pathlib import Path

import pytest
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
    WRONG,
    World,
    a_live_world,
    person,
    sent,
)

from bot.domain.messages import MessageKind, Place
from bot.domain.obligations import ObligationKind
from bot.domain.people import Circle
from bot.rendering.render import message
from bot.usecases import questions, showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

NEXT = "U0NEXT"
STILL = "may still answer"


@pytest.fixture
def led(tmp_path: Path) -> World:
    """Give a workspace with two admins, whose first round waits for verdicts."""
    return a_live_world(tmp_path, circle=Circle(frozenset({ADMIN, MEMBER})))


def said(world: World, kind: MessageKind) -> str:
    """Give what the last message of a kind says in the channel."""
    posted = [each for each in sent(world) if (each.kind, each.place) == (kind, Place.CHANNEL)]
    assert posted[-1].to == CHANNEL
    return message(showing.view_of(world.deps, posted[-1])).text


def may_still(words: str) -> str:
    """Give the sentence that names who else may answer, "" if there is none."""
    return next((f"{each}." for each in words.split(". ") if STILL in each), "")


def test_admins_who_are_asked_are_not_named_again_as_the_technical_owner(led: World) -> None:
    led.answers_round(1, WRONG)
    led.looks_again(1)
    led.is_away(NEXT, MEMBER)
    led.hands_over(replace(ROLES, steward=NEXT), by=ADMIN)
    led.hands_over(replace(ROLES, steward=NEXT, technical_owner=MEMBER), by=ADMIN)
    led.live_through(100)
    words = said(led, MessageKind.REMINDER)
    assert words.startswith(f"<@{ADMIN}>, <@{MEMBER}>: please settle")
    away = f"<@{NEXT}> is away until <!date"
    assert f"It has climbed to the admins. {away}" in words
    assert may_still(words) == f"<@{NEXT}> may still answer."
    sheet = questions.show_workflow(led.deps, person(ADMIN), KEY)
    assert f"<@{MEMBER}> {STILL}" not in str(message(sheet).blocks), "they are an admin"


def test_a_steward_who_is_asked_to_decide_in_time_is_not_named_again(led: World) -> None:
    led.answers_round(1, CRITICAL)
    led.acknowledges(1)
    led.is_away(STEWARD)
    led.tick()
    led.hands_over(replace(ROLES, steward=ADMIN), by=ADMIN)
    card = said(led, MessageKind.BREACH_CARD)
    assert f"<@{ADMIN}> decides by <!date" in card
    assert f"<@{BACKUP}> is told of it." in card
    assert may_still(card) == ""
    sheet = questions.show_workflow(led.deps, person(ADMIN), KEY)
    [owed] = [each for each in sheet.owed if each.kind is ObligationKind.DECIDE]
    assert STILL not in str(message(replace(sheet, owed=(owed,))).blocks)


def test_an_admin_who_is_the_steward_too_is_asked_once_in_a_reminder(led: World) -> None:
    led.hands_over(replace(ROLES, steward=ADMIN), by=ADMIN)
    led.answers_round(1, CRITICAL)
    led.acknowledges(1)
    led.live_through(24 + 20)
    words = said(led, MessageKind.REMINDER)
    assert f"<@{MEMBER}>: somebody else has still to decide breach 1 of {KEY}." in words
    assert f"<@{ADMIN}>: please decide breach 1 of {KEY}." in words
    assert may_still(words) == ""


def test_who_is_asked_as_a_stand_in_is_not_named_again_beside_whom_they_stand_in_for(
    led: World,
) -> None:
    led.raises()
    led.is_away(OWNER, NEXT)
    led.is_away(ADMIN, NEXT)
    led.live_through(2 + 2 + 4 + 8)
    words = said(led, MessageKind.REMINDER)
    assert f"<@{NEXT}>: please acknowledge breach 1 of {KEY}." in words
    assert words.count(f"<@{NEXT}>") == 1
    assert may_still(words).startswith(f"<@{OWNER}> (away until <!date")
    assert may_still(words).endswith(f"), <@{BACKUP}> may still answer.")
