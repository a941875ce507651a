"""Of what could not be judged everybody is named who may judge it, and nobody else: I4 actor."""

from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    BUILDER,
    CORRECT,
    KEY,
    MEMBER,
    OWNER,
    SKIPPED,
    STEWARD,
    World,
    a_live_world,
    a_world_after,
    person,
    sent,
)

from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind
from bot.domain.people import Role
from bot.domain.refusals import Refused
from bot.rendering.render import message
from bot.usecases import questions, showing, skips


@pytest.fixture
def skipped(tmp_path: Path) -> World:
    """A round of which its owner could not judge two outputs."""
    return a_world_after(tmp_path, _skipped)


def _skipped(folder: Path) -> World:
    world = a_live_world(folder)
    world.answers_round(1, SKIPPED, SKIPPED)
    return world


def reminder(world: World) -> str:
    """Give what the admins read last of what could not be judged."""
    about = (MessageKind.REMINDER, f"{ObligationKind.JUDGE}/{KEY}/1", ADMIN)
    told = [each for each in sent(world) if (each.kind, each.obligation, each.to) == about]
    return message(showing.view_of(world.deps, told[-1])).text


def test_whoever_may_not_judge_it_is_told_of_the_owner_who_could_not(skipped: World) -> None:
    with pytest.raises(Refused) as refused:
        skips.open_skipped(skipped.deps, person(MEMBER), KEY, 1)
    held = questions.who_may(skipped.deps, refused.value)
    assert {each.role: (each.people, each.advice) for each in held} == {
        Role.OWNER: ((OWNER,), ()),
        Role.BACKUP: ((BACKUP,), ()),
        Role.STEWARD: ((STEWARD,), ()),
        Role.TECHNICAL_OWNER: ((BUILDER,), ()),
    }
    skipped.judges(1, CORRECT, by=OWNER)


def test_admins_read_of_all_who_may_judge_it_and_they_do(skipped: World) -> None:
    skipped.live_through(24 * 5)
    may = ", ".join(f"<@{each}>" for each in (BACKUP, OWNER, STEWARD, BUILDER))
    assert f"{may} may still answer." in reminder(skipped)
    skipped.judges(1, CORRECT, by=BUILDER)
    skipped.judges(1, CORRECT, by=OWNER)


def test_who_stands_in_for_somebody_it_has_not_reached_is_not_named(skipped: World) -> None:
    skipped.is_away(OWNER, MEMBER)
    skipped.live_through(24 * 5)
    told = reminder(skipped)
    assert f"<@{OWNER}> (away until" in told
    assert f"<@{MEMBER}>" not in told
    with pytest.raises(Refused, match="You cannot judge"):
        skips.open_skipped(skipped.deps, person(MEMBER), KEY, 1)
