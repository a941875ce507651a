"""What was handed in is kept by person and round, for as far back as is asked."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from worlds import KEY, MEMBER, MONDAY, OWNER, World

from bot.domain.pace import Took
from bot.domain.people import SYSTEM

SORT = ("a", 5)
NEVER = MONDAY - timedelta(days=99)


def took(by: str, seconds: Iterable[float | None]) -> list[Took]:
    return [Took(by, MONDAY, SORT, each, is_override=False) for each in seconds]


def adds(world: World, by: str, seconds: Iterable[float | None], at: datetime = MONDAY) -> None:
    with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
        work.handed_in.add(KEY, 1, by, took(by, seconds), at)


def test_what_is_handed_in_later_is_kept_beside_what_was_before(live: World) -> None:
    adds(live, OWNER, [None, 2.5])
    adds(live, MEMBER, [0.000001])
    adds(live, OWNER, [4.0], MONDAY + timedelta(hours=1))
    with live.deps.store.read(live.deps.workspace) as reading:
        said = reading.handed_in.said_in(KEY, [1, 2])
        most = reading.handed_in.most([KEY, "other"], NEVER, 1)
        enough = reading.handed_in.most([KEY], NEVER, 3)
        none = reading.handed_in.most(["other"], NEVER, 1)
        lately = reading.handed_in.most([KEY], MONDAY, 1)
    assert sorted(said[1], key=lambda each: (each.by, each.seconds or 0)) == [
        *took(MEMBER, [0.000001]),
        *took(OWNER, [None, 2.5, 4.0]),
    ]
    assert 2 not in said
    assert [each.person for each in most] == [OWNER, MEMBER], "who answered most comes first"
    assert [each.person for each in enough] == [OWNER]
    assert none == ()
    assert [each.person for each in lately] == [OWNER], "it is the last time that counts"


def test_only_closed_rounds_are_looked_at_and_the_newest_of_them(live: World) -> None:
    adds(live, OWNER, [1.0])
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.handed_in.rounds_of(OWNER, NEVER, 12) == {}, "the round is open"
    live.answers_round(1)
    with live.deps.store.read(live.deps.workspace) as reading:
        [closed] = reading.rounds.closed(KEY, 9)
        rounds = {KEY: {1: closed.closed_at}}
        assert reading.handed_in.rounds_of(OWNER, NEVER, 12) == rounds
        assert reading.handed_in.rounds_of(OWNER, closed.closed_at or MONDAY, 12) == {}
        assert reading.handed_in.rounds_of(MEMBER, NEVER, 12) == {}
        answers = 1 + len(live.items(1))
        assert reading.handed_in.rounds_of(OWNER, NEVER, 12, answers) == rounds
        assert reading.handed_in.rounds_of(OWNER, NEVER, 12, answers + 1) == {}
