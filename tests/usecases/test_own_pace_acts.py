"""What stands out in how somebody answers is for their own Home, then the owner's: I8, I13."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    BUILDER,
    CHANNEL,
    CORRECT,
    KEY,
    MEMBER,
    OWNER,
    POLICY,
    ROLES,
    STEWARD,
    WRONG,
    World,
    a_live_world,
    a_world_after,
    person,
)

from bot.domain.breaches import Decision
from bot.domain.pace import Burst, Habit
from bot.domain.people import OPERATOR, Standing
from bot.domain.verdicts import Judgement
from bot.rendering import views
from bot.usecases import forgetting, home, registry, sampling
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

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


def to_talk_about(world: World, user_id: str, page: int = 0) -> tuple[views.ToTalkAbout, ...]:
    view = home.show_home(world.deps, user_id, Standing.MEMBER, page).view
    assert isinstance(view, views.Home)
    return view.to_talk_about


def says_the_same_in_round(world: World, number: int, by: str = MEMBER) -> None:
    """Have somebody answer sixty outputs of a round as correct, and look at their Home."""
    rounds(world, 1, 60)
    if by == OWNER:
        world.answers_round(number)
    else:
        world.hands_out(number, by)
        world.answers_share(number - 1, by=by)
        world.answers_round(number)
    home.note_opened(world.deps, by)


EVERYBODY = (OWNER, BACKUP, STEWARD, BUILDER, ADMIN, MEMBER, BEN)


def who_is_told(world: World) -> list[str]:
    return [each for each in EVERYBODY if to_talk_about(world, each)]


@pytest.fixture
def habit(tmp_path: Path) -> World:
    return a_world_after(tmp_path, _habit)


def _habit(folder: Path) -> World:
    world = _wide(folder)
    says_the_same_in_round(world, 2)
    world.clock.move(world.clock.now() + timedelta(days=2))
    says_the_same_in_round(world, 3)
    return world


def test_i8_what_stands_once_is_its_persons_alone_who_reads_whom_it_would_be_shown(
    wide: World,
) -> None:
    says_the_same_in_round(wide, 2)
    [told] = only_you(wide, MEMBER)
    assert (told.told, told.again) == (OWNER, ())
    assert who_is_told(wide) == []


def test_i8_what_stands_again_is_shown_to_the_owner_and_to_nobody_else(habit: World) -> None:
    assert to_talk_about(habit, OWNER) == (views.ToTalkAbout(KEY, MEMBER, (Habit.RUN,)),)
    assert who_is_told(habit) == [OWNER]
    [told] = only_you(habit, MEMBER)
    assert (told.told, told.again) == (OWNER, (Habit.RUN,))


def test_i8_showing_it_to_the_owner_writes_nothing(habit: World) -> None:
    before = habit.contents()
    assert to_talk_about(habit, OWNER)
    assert habit.contents() == before


def test_the_owners_own_is_shown_to_the_steward(wide: World) -> None:
    says_the_same_in_round(wide, 2, by=OWNER)
    assert only_you(wide, OWNER)[0].told == STEWARD
    wide.clock.move(wide.clock.now() + timedelta(days=2))
    says_the_same_in_round(wide, 3, by=OWNER)
    assert who_is_told(wide) == [STEWARD]


def test_the_owner_of_another_workflow_is_not_told(habit: World) -> None:
    other = replace(ROLES, owner=BEN)
    policy = replace(POLICY, sample=90, floor=0)
    asked = registry.Registration("other", "Sorts other mail", other, CHANNEL, policy)
    registry.register_workflow(habit.deps, person(BEN), asked)
    habit.accepts("other", by=BEN)
    habit.reports(60, "other")
    number = sampling.sample_now(habit.deps, person(BEN), "other").round.number
    habit.hands_out(number, MEMBER, by=BEN, key="other")
    habit.answers_share(1, by=MEMBER, key="other")
    habit.answers_round(number, by=BEN, key="other")
    assert {each.workflow: each.told for each in only_you(habit, MEMBER)} == {
        KEY: OWNER,
        "other": BEN,
    }
    assert who_is_told(habit) == [OWNER]


def test_until_its_person_has_opened_their_home_since_nobody_else_is_told(wide: World) -> None:
    home.note_opened(wide.deps, MEMBER)
    for number in (2, 3):
        wide.clock.move(wide.clock.now() + timedelta(hours=1))
        rounds(wide, 1, 60)
        wide.hands_out(number, MEMBER)
        wide.answers_share(number - 1, by=MEMBER)
        wide.answers_round(number)
    assert who_is_told(wide) == []
    wide.clock.move(wide.clock.now() + home.NOTED_EVERY)
    home.note_opened(wide.deps, MEMBER)
    assert who_is_told(wide) == [OWNER]


def test_of_who_has_left_nobody_is_told(habit: World) -> None:
    habit.leaves(MEMBER)
    assert to_talk_about(habit, OWNER) == ()


def test_of_who_is_forgotten_nobody_is_told(habit: World) -> None:
    forgetting.forget_person(habit.deps, OPERATOR, MEMBER, "asked")
    assert who_is_told(habit) == []


def test_an_owner_who_has_left_is_told_nothing_and_named_to_nobody(habit: World) -> None:
    habit.leaves(OWNER)
    [told] = only_you(habit, MEMBER)
    assert (told.told, told.again) == ("", ())


def test_a_retired_workflow_has_nobody_to_be_told(habit: World) -> None:
    habit.raises()
    habit.acknowledges(1)
    habit.decides(1, Decision.RETIRE)
    assert who_is_told(habit) == []
    assert only_you(habit, MEMBER)[0].told == ""


def test_it_stands_on_the_first_page_of_the_owner_alone(habit: World) -> None:
    for number in range(home.ROWS):
        habit.registers(f"w{number}")
    assert to_talk_about(habit, OWNER)
    assert to_talk_about(habit, OWNER, page=1) == ()


def test_i13_an_owner_is_told_of_this_workspace_alone(habit: World) -> None:
    other = replace(habit, deps=replace(habit.deps, workspace="T0OTHER"))
    assert to_talk_about(other, OWNER) == ()
