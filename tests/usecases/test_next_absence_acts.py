"""One absence ends as the next of the same person begins: nobody is back in between (I3)."""

from pathlib import Path

import pytest
from worlds import BACKUP, MEMBER, OWNER, World, a_live_world, findings, person

from bot.domain.messages import MessageKind
from bot.usecases import absences
from tests.engines import on_sqlite
from tests.posted import all_shown

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests


@pytest.fixture
def live(tmp_path: Path) -> World:
    return a_live_world(tmp_path)


def notices(world: World) -> dict[str, str]:
    """Deliver all that waits and give what each person reads last of an absence."""
    found = all_shown(world)
    return {
        to: each.text for (kind, to), each in found.items() if kind is MessageKind.ABSENCE_NOTICE
    }


def into_the_next(world: World, first: str, then: str) -> dict[str, str]:
    """Have the owner be away today and on from tomorrow; give what is read as the first ends."""
    world.is_away(OWNER, first, days=1)
    world.is_away(OWNER, then, start=1, days=4)
    world.tick()
    notices(world)
    world.forward(24)
    return notices(world)


def test_nobody_is_said_to_be_back_who_is_away_on(live: World) -> None:
    said = into_the_next(live, MEMBER, BACKUP)

    assert said.keys() == {OWNER, MEMBER}
    for text in said.values():
        assert "is back" not in text
        assert f"<@{OWNER}> stays away until" in text
        assert f"<@{MEMBER}> does not stand in any more" in text
        assert f"<@{BACKUP}> stands in:" in text
    assert findings(live) == []


def test_who_stands_in_for_the_next_as_well_is_not_said_to_stop(live: World) -> None:
    said = into_the_next(live, MEMBER, MEMBER)

    assert f"<@{MEMBER}> stands in:" in said[MEMBER]
    assert "any more" not in said[MEMBER]


def test_where_nobody_stands_in_next_that_is_said(live: World) -> None:
    said = into_the_next(live, MEMBER, "")

    assert f"<@{MEMBER}> does not stand in any more" in said[MEMBER]
    assert "Nobody stands in:" in said[MEMBER]


def test_who_ends_the_first_before_the_next_begins_is_back_until_then(live: World) -> None:
    live.is_away(OWNER, MEMBER, days=1)
    live.is_away(OWNER, BACKUP, start=1)
    live.tick()
    live.comes_back(OWNER)

    assert f"<@{OWNER}> is back since" in notices(live)[MEMBER]


def test_who_ends_what_is_over_while_the_next_runs_is_not_said_to_be_back(live: World) -> None:
    live.is_away(OWNER, MEMBER, days=1)
    live.is_away(OWNER, BACKUP, start=1)
    live.tick()
    live.clock.move(live.clock.now().replace(hour=0, day=2))
    there = person(OWNER, url="https://hooks.example/1")
    absences.end_absence(live.deps, there, 1)

    said = all_shown(live)[MessageKind.NOTICE, "https://hooks.example/1"].text
    assert "you are away still" in said
