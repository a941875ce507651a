"""Whoever may answer has left: that is said, and what helps, and nobody is to see to it."""

from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    MEMBER,
    OWNER,
    STEWARD,
    World,
    a_live_world,
    a_world,
    a_world_after,
    person,
    sent,
)

from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind
from bot.domain.people import Circle
from bot.rendering.render import message
from bot.usecases import questions, showing

OWN = (ObligationKind.ATTEST, ObligationKind.DRILL)
NOBODY = "whoever may has left. What helps: "
SEE_TO = "see that they do"
PASSED_ON = {MessageKind.REMINDER, MessageKind.DUTY_REQUEST}


def _owing(folder: Path) -> World:
    live = a_live_world(folder)
    live.answers_round(1)
    live.looks_again(1)
    at = live.workflow().drill_at
    assert at is not None
    live.forward(to=at)
    sent(live)
    return live


@pytest.fixture
def owing(tmp_path: Path) -> World:
    """A workflow whose owner owes their word that all is right still, and a drill."""
    return a_world_after(tmp_path, _owing)


def told(world: World, *kinds: ObligationKind) -> list[tuple[str, str]]:
    """Send what waits, and give to whom what passes these on, or climbed, says what by now."""
    found = [each for each in sent(world) if each.kind in PASSED_ON]
    return [
        (each.to, message(showing.view_of(world.deps, each)).text)
        for each in found
        if each.obligation.startswith(kinds)
    ]


def listed(world: World, to: str) -> str:
    """Give what somebody is shown of what waits for them."""
    return str(message(questions.list_dues(world.deps, person(to))).blocks)


def test_i4_of_an_owners_word_it_is_said_that_whoever_may_give_it_has_left(owing: World) -> None:
    owing.leaves(OWNER)
    owing.tick()
    said = told(owing, *OWN)
    assert {to for to, _ in said} >= {BACKUP}
    for _, words in said:
        assert SEE_TO not in words
        if f"<@{BACKUP}>: " in words:
            assert f"{NOBODY}have the steward or an admin name another owner." in words
    assert len([words for _, words in said if NOBODY in words]) == 4, "alone and in the channel"

    waits = listed(owing, BACKUP)
    assert waits.count("have the steward or an admin name another owner") == 2
    assert "others have to answer" not in waits


def test_who_can_have_another_owner_named_is_as_people_are_there(owing: World) -> None:
    owing.leaves(OWNER)
    owing.tick()
    owing.leaves(ADMIN)
    assert "has left: have the steward name another owner" in listed(owing, BACKUP)
    owing.leaves(STEWARD)
    assert "has left: have whoever runs this bot name an admin, who can" in listed(owing, BACKUP)


def test_where_the_steward_has_left_too_an_admin_names_another_owner(owing: World) -> None:
    owing.leaves(OWNER)
    owing.leaves(STEWARD)
    owing.tick()
    assert "has left: have an admin name another owner" in listed(owing, BACKUP)


def test_who_stands_in_and_may_not_pause_is_offered_no_pause(owing: World) -> None:
    owing.leaves(OWNER)
    owing.is_away(BACKUP, MEMBER)
    owing.tick()
    asked = [each for each in sent(owing) if each.kind in PASSED_ON and each.to == MEMBER]
    assert asked
    for each in asked:
        assert "'pause'" not in str(message(showing.view_of(owing.deps, each)).blocks)


def test_of_a_request_that_nobody_is_left_to_confirm_the_admins_are_told_so(live: World) -> None:
    live.pauses()
    live.asks_to_resume(by=BACKUP)
    sent(live)
    live.leaves(OWNER)
    live.leaves(STEWARD)
    live.tick()
    said = [words for to, words in told(live, ObligationKind.CONFIRM) if to == ADMIN]
    assert said
    assert all(f"{NOBODY}name another owner, with this button" in each for each in said)
    assert "whoever may answer has left: name another owner" in listed(live, ADMIN)


def test_of_a_request_of_the_owners_it_is_another_backup_that_helps(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    live.leaves(BACKUP)
    live.leaves(STEWARD)
    live.tick()
    said = [words for to, words in told(live, ObligationKind.CONFIRM) if to == ADMIN]
    assert said
    assert all(f"{NOBODY}name another backup, with this button" in each for each in said)


@pytest.mark.parametrize(
    ("circle", "helps"),
    [
        (Circle(frozenset({ADMIN})), "have an admin name another owner."),
        (Circle(), "have whoever runs this bot name an admin, who can name another owner."),
    ],
)
def test_of_a_draft_whose_owner_has_left_it_is_said_too(
    tmp_path: Path, circle: Circle, helps: str
) -> None:
    world = a_world(tmp_path, circle=circle)
    world.registers()
    world.leaves(OWNER)
    world.live_through(48 + 20)
    said = [words for to, words in told(world, ObligationKind.ACCEPT) if to in {BACKUP, STEWARD}]
    assert said
    assert all(f"{NOBODY}{helps}" in each for each in said)
    offered = [
        str(message(showing.view_of(world.deps, each)).blocks)
        for each in sent(world)
        if each.to in {BACKUP, STEWARD}
    ]
    assert not any("'pause'" in each for each in offered)


def test_naming_an_owner_is_left_to_nobody_only_where_there_is_no_admin(live: World) -> None:
    live.leaves(OWNER)
    live.leaves(STEWARD)
    live.tick()
    assert "others have to answer: see that they do" in listed(live, BACKUP)
    live.leaves(ADMIN)
    assert "others have to answer" not in listed(live, BACKUP)
    assert "whoever may answer has left: have whoever runs this bot" in listed(live, BACKUP)


def test_the_card_promises_nobody_what_only_an_owner_can_give(live: World) -> None:
    live.leaves(OWNER)
    cards = [each for each in sent(live) if each.kind is MessageKind.OWNER_NEEDED]
    assert cards
    for each in cards:
        words = message(showing.view_of(live.deps, each)).text
        assert "backup until then; of an attestation or a drill they are only told" in words
