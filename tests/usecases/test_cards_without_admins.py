"""Where no admin is there to be asked, no message says that they are, but what follows (I3)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    POLICY,
    STEWARD,
    World,
    a_live_world,
    a_world,
    findings,
    person,
    sent,
)

from bot.domain.messages import MessageKind, Place
from bot.domain.obligations import ObligationKind
from bot.domain.other_ways import OtherWay
from bot.domain.people import Circle, Role, Standing
from bot.rendering import views
from bot.rendering.render import message
from bot.usecases import policies, questions, showing
from bot.usecases.policies import Change
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

ACKNOWLEDGE = ObligationKind.ACKNOWLEDGE
NOBODY = "If there is no answer, nobody is there to be asked <!date"
THEN = "If nobody answers at all, a person must review every output; after that the workflow is "

FIRST_AN_ADMIN = ", or have whoever runs this bot name an admin, who can name"


@pytest.fixture
def live(tmp_path: Path) -> World:
    return a_live_world(tmp_path)


def card(world: World) -> str:
    """Give the breach's card in its channel as it was sent now; "" if it was not."""
    of_breach = (each for each in sent(world) if each.kind is MessageKind.BREACH_CARD)
    posted = [each for each in of_breach if each.place is Place.CHANNEL]
    return message(showing.view_of(world.deps, posted[-1])).text if posted else ""


def test_where_every_admin_will_be_away_nobody_is_said_to_be_asked_and_what_follows(
    live: World,
) -> None:
    live.raises()
    live.forward(4 + 4)
    assert "If there is no answer, the admins are told of it <!date" in card(live)
    live.is_away(ADMIN)
    told = card(live)
    assert f"{NOBODY}^{int((live.clock.now() + timedelta(hours=8)).timestamp())}" in told
    assert THEN in told
    live.tick()
    sent(live)

    live.comes_back(ADMIN)
    assert "the admins are told of it" in card(live)


def test_a_reminder_names_no_admin_where_all_will_be_away(live: World) -> None:
    live.raises()
    live.is_away(ADMIN)
    live.forward(4 + 4)
    reminders = (each for each in sent(live) if each.kind is MessageKind.REMINDER)
    [told] = [showing.view_of(live.deps, each) for each in reminders if each.to == STEWARD]
    assert isinstance(told, views.Reminder)
    at = live.owed(ACKNOWLEDGE, 1).climbs_at
    assert told.next == views.Next(Role.ADMIN, at, is_nobody=True, is_told=True)
    words = message(told).text
    assert NOBODY in words
    assert THEN in words
    assert "admin" not in words


def request(world: World) -> str:
    """Give what asks for a second person's word, in the channel, as it was sent now."""
    asked = (each for each in sent(world) if each.kind is MessageKind.REQUEST)
    [posted] = [each for each in asked if each.place is Place.CHANNEL]
    return message(showing.view_of(world.deps, posted)).text


def weakens(world: World, by: str = OWNER) -> None:
    weaker = replace(POLICY, number=2, limit_bp=900)
    policies.change_policy(world.deps, person(by), Change(KEY, weaker, "the season has begun"))


def test_a_weaker_policy_names_an_admin_only_where_there_is_one_besides_who_asks(
    live: World,
) -> None:
    weakens(live)
    assert f": <@{BACKUP}>, <@{STEWARD}> or an admin." in request(live)
    live.leaves(ADMIN)
    assert f": <@{BACKUP}> or <@{STEWARD}>." in request(live)
    for each in (BACKUP, STEWARD):
        live.leaves(each)
    told = request(live)
    assert "and nobody who may is left: others are named with `/answerable handover triage`" in told
    live.leaves(ADMIN, Standing.MEMBER)
    assert ": an admin." in request(live)


def test_i4_an_admin_who_asks_for_a_weaker_policy_is_not_the_admin_who_confirms_it(
    live: World,
) -> None:
    weakens(live, by=ADMIN)
    assert f": <@{OWNER}>, <@{BACKUP}> or <@{STEWARD}>." in request(live)


def test_a_card_says_that_all_whom_it_has_climbed_to_are_away(live: World) -> None:
    live.raises()
    live.live_through(16)
    assert "The admins are told of it." in card(live)
    live.is_away(ADMIN, days=2)
    live.tick()
    told = card(live)
    assert "It has climbed to the admins, and none of them is there to be asked." in told
    assert "if nobody answers at all, the workflow is paused." in told
    assert "If there is no answer" not in told, "that is said"

    live.forward(to=live.clock.now().replace(hour=0) + timedelta(days=2))
    assert "The admins are told of it. " in card(live)
    assert findings(live) == []


def test_of_admins_who_are_away_or_have_left_none_is_said_to_be_there(tmp_path: Path) -> None:
    live = a_live_world(tmp_path, circle=Circle(frozenset({ADMIN, AUDITOR})))
    live.raises()
    live.live_through(16)
    live.is_away(ADMIN, days=2)
    live.leaves(AUDITOR)
    live.tick()
    told = card(live)
    assert "It has climbed to the admins, and none of them is there to be asked." in told
    assert "all away" not in told


def test_who_stands_in_for_an_admin_or_is_another_is_there_to_be_asked(tmp_path: Path) -> None:
    live = a_live_world(tmp_path, circle=Circle(frozenset({ADMIN, AUDITOR})))
    live.raises()
    live.forward(4 + 4)
    sent(live)
    live.is_away(ADMIN)
    assert card(live) == "", "another one is there"
    live.is_away(AUDITOR, MEMBER)
    assert "the admins are told of it" in card(live)
    live.leaves(MEMBER)
    assert NOBODY in card(live)
    live.comes_back(ADMIN)
    assert "the admins are told of it" in card(live)


@pytest.mark.parametrize("left", [(), (ADMIN,)])
def test_a_reminder_of_a_draft_names_no_admin_where_there_is_none(
    tmp_path: Path, left: tuple[str, ...]
) -> None:
    world = a_world(tmp_path, circle=Circle(frozenset(left)))
    world.registers()
    for each in left:
        world.leaves(each)
    world.live_through(48 + 20)
    reminders = [each for each in sent(world) if each.kind is MessageKind.REMINDER]
    words = [message(showing.view_of(world.deps, each)).text for each in reminders]
    assert len(words) == 6
    assert not [each for each in words if "an admin name" in each or "the admins" in each]
    told = [each for each in words if each.startswith(f"<@{BACKUP}>")]
    assert all(f"see that they do{FIRST_AN_ADMIN} another owner." in each for each in told)
    assert NOBODY in words[-1]
    waiting = questions.list_dues(world.deps, person(STEWARD)).dues
    assert [each.other_way for each in waiting] == [OtherWay.HAVE_ADMIN_FOR_OWNER]


def test_where_only_another_steward_helps_and_nobody_is_an_admin_that_is_said(live: World) -> None:
    live.answers_round(1, CRITICAL)
    live.acknowledges(1)
    live.forward(48)
    live.leaves(STEWARD)
    live.leaves(ADMIN)
    waiting = questions.list_dues(live.deps, person(BACKUP)).dues
    [due] = [each for each in waiting if each.kind is ObligationKind.DECIDE]
    assert due.other_way is OtherWay.HAVE_ADMIN_FOR_STEWARD


def test_of_a_round_it_is_said_that_all_the_admins_are_away(live: World) -> None:
    for each in (OWNER, BACKUP, STEWARD, ADMIN):
        live.is_away(each)
    live.tick()
    rounds = [each for each in sent(live) if each.kind is MessageKind.ROUND_CARD]
    [posted] = [each for each in rounds if (each.workflow, each.subject) == (KEY, 1)]
    told = message(showing.view_of(live.deps, posted)).text
    assert "It has climbed to the admins, and none of them is there to be asked." in told
