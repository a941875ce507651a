"""What stands out in how somebody answers is for their own Home, and nowhere else: I8, I13."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
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
    POLICY,
    STEWARD,
    WRONG,
    World,
    a_live_world,
    a_world_after,
    person,
)

from bot.domain.pace import Burst
from bot.domain.people import Standing
from bot.domain.verdicts import Judgement
from bot.rendering import views
from bot.usecases import home, sampling

BEN, CLEO = "U0BEN", "U0CLEO"


def only_you(world: World, user_id: str, page: int = 0) -> tuple[views.OwnPace, ...]:
    view = home.show_home(world.deps, user_id, Standing.MEMBER, page).view
    assert isinstance(view, views.Home)
    return view.only_you


def rounds(world: World, count: int, size: int) -> None:
    """Have so many rounds of so many outputs drawn, and none of them answered."""
    for _ in range(count):
        world.reports(size)
        sampling.sample_now(world.deps, person(OWNER), KEY)


@pytest.fixture
def wide(tmp_path: Path) -> World:
    return a_world_after(tmp_path, _wide)


def _wide(folder: Path) -> World:
    world = a_live_world(folder, replace(POLICY, sample=90, floor=0))
    world.answers_round(1)
    return world


def answers_share(
    world: World, share: int, by: str, seconds: int, judging: Callable[[int], Judgement]
) -> None:
    """Have a reviewer answer their thirty outputs, each after so many seconds."""
    for place in range(30):
        world.clock.move(world.clock.now() + timedelta(seconds=seconds))
        world.answers_share_page(share, judging(place), by=by)


def test_a_run_of_equal_answers_is_shown_to_who_gave_them_alone(wide: World) -> None:
    rounds(wide, 1, 60)
    assert only_you(wide, OWNER) == ()
    wide.answers_round(2)
    [told] = only_you(wide, OWNER)
    assert (told.workflow, told.hurried) == (KEY, None)
    assert told.run
    assert (told.run.answers, told.run.are_overrides) == (72, False)
    for other in (BACKUP, STEWARD, BUILDER, ADMIN, MEMBER):
        assert only_you(wide, other) == (), other


def test_after_eight_weeks_it_is_told_no_more(wide: World) -> None:
    rounds(wide, 1, 60)
    wide.answers_round(2)
    wide.clock.move(wide.clock.now() + timedelta(weeks=8, seconds=1))
    assert only_you(wide, OWNER) == ()


def test_no_more_than_twelve_rounds_are_looked_at(wide: World) -> None:
    for number in range(2, 15):
        rounds(wide, 1, 4)
        wide.answers_round(number)
    assert only_you(wide, OWNER) == (), "there are 48 answers in the newest twelve"


def test_what_is_not_handed_in_and_closed_tells_nothing(wide: World) -> None:
    rounds(wide, 1, 60)
    for _ in range(55):
        wide.answers_page(2)
    assert only_you(wide, OWNER) == ()


def test_i8_showing_it_writes_nothing(wide: World) -> None:
    rounds(wide, 1, 60)
    wide.answers_round(2)
    before = wide.contents()
    assert only_you(wide, OWNER)
    assert wide.contents() == before


def test_who_is_far_faster_than_others_and_changes_less_is_told_with_both(wide: World) -> None:
    rounds(wide, 1, 90)
    wide.hands_out(2, MEMBER, BEN, CLEO)
    answers_share(wide, 1, MEMBER, 3, lambda _: CORRECT)
    answers_share(wide, 2, BEN, 50, lambda place: WRONG if place % 2 else CORRECT)
    answers_share(wide, 3, CLEO, 60, lambda place: WRONG if place % 2 else CORRECT)
    wide.answers_round(2)
    [told] = only_you(wide, MEMBER)
    assert told.run is None
    assert told.hurried
    assert (told.hurried.seconds, told.hurried.overridden, told.hurried.outputs) == (3, 0, 29)
    assert 50 <= told.hurried.others_seconds <= 60
    assert told.hurried.others_outputs == 58
    assert [only_you(wide, each) for each in (BEN, CLEO, OWNER)] == [(), (), ()]


def test_it_stands_on_the_first_page_alone(wide: World) -> None:
    rounds(wide, 1, 60)
    wide.answers_round(2)
    for number in range(home.ROWS):
        wide.registers(f"w{number}")
    assert only_you(wide, OWNER)
    assert only_you(wide, OWNER, page=1) == ()


def test_i13_it_is_of_this_workspace_alone(wide: World) -> None:
    rounds(wide, 1, 60)
    wide.answers_round(2)
    other = replace(wide, deps=replace(wide.deps, workspace="T0OTHER"))
    assert only_you(other, OWNER) == ()


def test_a_burst_is_shown_to_who_gave_it_alone(wide: World) -> None:
    rounds(wide, 1, 90)
    wide.hands_out(2, MEMBER, BEN, CLEO)
    for share, by, seconds in ((1, MEMBER, 2), (2, BEN, 30), (3, CLEO, 30)):
        answers_share(wide, share, by, seconds, lambda place: WRONG if place % 2 else CORRECT)
    wide.answers_round(2)
    [told] = only_you(wide, MEMBER)
    assert (told.hurried, told.run, told.burst) == (None, None, Burst(29, 58))
    assert [only_you(wide, each) for each in (BEN, CLEO)] == [(), ()]
