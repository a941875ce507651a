"""Whoever stood in for a former holder stands in for nobody, and what asks them says so: I4."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    WRONG,
    World,
    a_live_world,
    a_world_after,
    findings,
    sent,
)

from bot.domain.messages import Message, MessageKind
from bot.domain.obligations import ObligationKind
from bot.domain.refusals import Refused
from bot.rendering.render import message
from bot.usecases import showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

NEXT, MEMBER_2 = "U0NEXT", "U0MEMBER2"
NO_MORE = "nothing more is asked of you."
ASKED_ANEW = (
    "You were asked to review round 1 of triage. You have been asked again since, in a newer "
    "message: answer there."
)


def duty(sent_by_now: list[Message], user_id: str) -> Message:
    """Give the first message that asked somebody in another's place for the first round."""
    kind = MessageKind.DUTY_REQUEST
    return next(each for each in sent_by_now if (each.kind, each.to) == (kind, user_id))


def said(world: World, told: Message) -> tuple[str, bool]:
    """Give what a message says now, and whether a button stands below it."""
    shown = message(showing.view_of(world.deps, told))
    return shown.text, any(each["type"] == "actions" for each in shown.blocks)


def _stood_in(folder: Path) -> World:
    world = a_live_world(folder)
    world.is_away(NEXT)
    world.is_away(OWNER, BACKUP)
    world.tick()
    return world


@pytest.fixture
def stood_in(tmp_path: Path) -> World:
    """The owner is away and the backup stands in; whoever follows is away with nobody."""
    return a_world_after(tmp_path, _stood_in)


def is_handed_over(world: World) -> None:
    world.hands_over(replace(ROLES, owner=NEXT))
    world.takes_over(NEXT)
    world.tick()


def test_i4_a_stand_in_is_asked_in_one_message_once_it_has_climbed_to_them(
    stood_in: World,
) -> None:
    asked = duty(sent(stood_in), BACKUP)
    assert f"You stand in for <@{OWNER}>" in said(stood_in, asked)[0]
    is_handed_over(stood_in)
    assert stood_in.owed(ObligationKind.REVIEW, 1).rung == 1

    updates = sent(stood_in)
    assert [each.to for each in updates if each.kind is MessageKind.REMINDER].count(BACKUP) == 1
    last = [each for each in updates if each.case == asked.case][-1]
    assert updates.index(last) > next(
        at for at, each in enumerate(updates) if (each.kind, each.to) == ("reminder", BACKUP)
    ), "it is brought up to date once the newer one stands"
    assert said(stood_in, asked) == (ASKED_ANEW, False)
    stood_in.comes_back(OWNER, 2)
    stood_in.tick()
    assert said(stood_in, asked) == (ASKED_ANEW, False)
    stood_in.answers_round(1, by=BACKUP)
    assert findings(stood_in) == []


def test_i4_what_asked_an_earlier_stand_in_asks_nothing_again_as_it_climbs_to_them(
    tmp_path: Path,
) -> None:
    world = a_live_world(tmp_path)
    world.is_away(OWNER, STEWARD)
    world.tick()
    asked = duty(sent(world), STEWARD)
    world.comes_back(OWNER)
    world.is_away(OWNER, BACKUP)
    world.tick()
    sent(world)
    assert f"It is with <@{BACKUP}> now" in said(world, asked)[0]
    world.is_away(NEXT)
    is_handed_over(world)
    while world.owed(ObligationKind.REVIEW, 1).rung < 2:
        world.forward(to=world.owed(ObligationKind.REVIEW, 1).climbs_at)
    sent(world)
    assert said(world, asked) == (ASKED_ANEW, False)


def test_i4_who_is_asked_as_what_they_are_and_in_no_newer_message_keeps_the_button(
    tmp_path: Path,
) -> None:
    """The backup's step was passed: they were asked by then, for the owner."""
    world = a_live_world(tmp_path)
    world.forward(to=world.owed(ObligationKind.REVIEW, 1).climbs_at)
    world.is_away(OWNER, BACKUP)
    world.tick()
    asked = duty(sent(world), BACKUP)
    while world.owed(ObligationKind.REVIEW, 1).rung < 2:
        world.forward(to=world.owed(ObligationKind.REVIEW, 1).climbs_at)
    assert f"You stand in for <@{OWNER}>" in said(world, asked)[0]
    world.comes_back(OWNER)
    told = [each for each in sent(world) if each.case == asked.case]
    assert told
    text, has_button = said(world, asked)
    assert "You stand in" not in text
    assert "It has climbed to you." in text
    assert has_button


def test_i4_who_stands_in_for_the_new_holder_reads_whom_they_stand_in_for_now(
    tmp_path: Path,
) -> None:
    world = a_live_world(tmp_path)
    world.is_away(OWNER, MEMBER)
    world.is_away(NEXT, MEMBER)
    world.tick()
    asked = duty(sent(world), MEMBER)
    is_handed_over(world)
    requests = [each for each in sent(world) if each.kind is MessageKind.DUTY_REQUEST]
    standing = {each.case: each for each in (asked, *requests) if each.to == MEMBER}
    texts = [said(world, each) for each in standing.values()]
    [text] = [text for text, has_button in texts if has_button]
    assert f"You stand in for <@{NEXT}>" in text
    assert all(OWNER not in text for text, _ in texts)
    world.answers_round(1, by=MEMBER)
    assert findings(world) == []


def test_i3_who_stood_in_for_a_former_holder_is_asked_anew_for_the_one_of_now(
    tmp_path: Path,
) -> None:
    world = a_live_world(tmp_path)
    world.is_away(OWNER, MEMBER)
    world.tick()
    asked = duty(sent(world), MEMBER)
    is_handed_over(world)
    sent(world)
    assert f"It is with <@{NEXT}> now" in said(world, asked)[0]
    world.is_away(NEXT, MEMBER)
    world.tick()
    anew = duty([each for each in sent(world) if each.case != asked.case], MEMBER)
    assert f"You stand in for <@{NEXT}>" in said(world, anew)[0]
    assert said(world, asked) == (ASKED_ANEW, False)
    world.answers_round(1, by=MEMBER)
    assert findings(world) == []


@pytest.mark.parametrize("is_away_before", [True, False])
def test_i4_a_former_owner_who_stands_in_reads_in_whose_place_their_first_request_asks_them(
    tmp_path: Path, *, is_away_before: bool
) -> None:
    world = a_live_world(tmp_path)
    first = next(each for each in sent(world) if each.kind is MessageKind.REVIEW_REQUEST)
    assert "You stand in" not in said(world, first)[0]
    if is_away_before:
        world.is_away(NEXT, OWNER)
    is_handed_over(world)
    if not is_away_before:
        sent(world)
        assert said(world, first)[0].endswith(f"It is with <@{NEXT}> now: {NO_MORE}")
        world.is_away(NEXT, OWNER)
        world.tick()
    assert first.case in {each.case for each in sent(world)}
    text, has_button = said(world, first)
    assert f"You stand in for <@{NEXT}>, who is away until <!date" in text
    assert "and stays answerable. Either of you may answer. If there is no answer" in text
    assert has_button, "as it alone offers to hand outputs to reviewers"
    world.comes_back(NEXT)
    assert first.case in {each.case for each in sent(world)}
    assert said(world, first)[0].endswith(f"It is with <@{NEXT}> now: {NO_MORE}")
    with pytest.raises(Refused, match="You cannot review this round"):
        world.answers_round(1, by=OWNER)
    world.is_away(NEXT, OWNER)
    world.answers_round(1, by=OWNER)
    assert findings(world) == []


def test_i4_a_former_owner_to_whom_it_has_climbed_reads_that(tmp_path: Path) -> None:
    world = a_live_world(tmp_path)
    first = next(each for each in sent(world) if each.kind is MessageKind.REVIEW_REQUEST)
    world.hands_over(replace(ROLES, owner=NEXT, backup=OWNER))
    world.takes_over(NEXT)
    while world.owed(ObligationKind.REVIEW, 1).rung < 1:
        world.forward(to=world.owed(ObligationKind.REVIEW, 1).climbs_at)
    assert first.case in {each.case for each in sent(world)}
    text, has_button = said(world, first)
    assert "It has climbed to you. If there is no answer" in text
    assert has_button


def test_i4_so_do_those_of_whom_another_look_or_a_word_on_two_was_asked(tmp_path: Path) -> None:
    world = a_live_world(tmp_path)
    second = next(each for each in sent(world) if each.kind is MessageKind.SECOND_REQUEST)
    world.hands_over(replace(ROLES, backup=NEXT))
    world.is_away(NEXT, BACKUP)
    world.tick()
    assert f"You stand in for <@{NEXT}>" in said(world, second)[0]
    world.looks_again(1, WRONG)
    world.answers_round(1)
    settle = next(each for each in sent(world) if each.kind is MessageKind.SETTLE_REQUEST)
    assert settle.to == STEWARD
    world.hands_over(replace(ROLES, backup=NEXT, steward=MEMBER_2), by=ADMIN)
    world.is_away(MEMBER_2, STEWARD)
    world.tick()
    assert f"You stand in for <@{MEMBER_2}>" in said(world, settle)[0]
    world.settles(1)
    assert findings(world) == []


def test_that_somebody_is_asked_in_place_of_another_is_said_once(tmp_path: Path) -> None:
    world = a_live_world(tmp_path)
    world.is_away(BACKUP, MEMBER)
    world.tick()
    while world.owed(ObligationKind.REVIEW, 1).rung < 1:
        world.forward(to=world.owed(ObligationKind.REVIEW, 1).climbs_at)
    told = [each for each in sent(world) if (each.kind, each.to) == ("reminder", MEMBER)]
    text = said(world, told[-1])[0]
    assert f"<@{BACKUP}> is away: <@{MEMBER}> is asked in their place." in text
    assert text.count("in place of") + text.count("in their place") == 1
    assert "stays answerable" not in text, "the owner is"


def test_only_who_owes_it_is_said_to_stay_answerable(tmp_path: Path) -> None:
    world = a_live_world(tmp_path)
    while world.owed(ObligationKind.REVIEW, 1).rung < 1:
        world.forward(to=world.owed(ObligationKind.REVIEW, 1).climbs_at)
    world.is_away(BACKUP, MEMBER)
    world.is_away(OWNER, MEMBER_2)
    world.tick()
    now = sent(world)
    texts = {to: said(world, duty(now, to))[0] for to in (MEMBER, MEMBER_2)}
    assert "and stays answerable. Either of you may answer." in texts[MEMBER_2]
    assert f"You stand in for <@{BACKUP}>, who is away until <!date" in texts[MEMBER]
    assert "stays answerable" not in texts[MEMBER]


def test_a_reminder_says_of_nobody_that_they_are_away_who_is_back(tmp_path: Path) -> None:
    world = a_live_world(tmp_path)
    world.is_away(OWNER, MEMBER)
    while world.owed(ObligationKind.REVIEW, 1).rung < 1:
        world.forward(to=world.owed(ObligationKind.REVIEW, 1).climbs_at)
    first = next(each for each in sent(world) if (each.kind, each.to) == ("reminder", MEMBER))
    assert (
        f"Asked in place of <@{OWNER}>, who is away and stays answerable." in said(world, first)[0]
    )
    world.is_away(BACKUP, MEMBER)
    world.comes_back(OWNER)
    world.tick()
    assert "Asked in place of" not in said(world, first)[0]
