"""A policy's plan decides how much of a round is drawn: by a number, a share, or minutes (I7)."""

from dataclasses import replace
from pathlib import Path

import pytest
from rebuilt import as_stored, rebuilt, words_of
from worlds import KEY, OWNER, POLICY, WRONG, World, a_live_world, findings, person

from bot.domain.pace import ENOUGH_TIMED
from bot.domain.record import Entry, Kind
from bot.usecases import questions
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

SHARE = replace(POLICY, sample=3, share_bp=2_500, most=12, floor=0)
MINUTES = replace(POLICY, sample=1, minutes=60, item_seconds=300, floor=0)


def turned(world: World, number: int, outputs: int) -> int:
    """Report outputs, have the round's period end, and count what is drawn."""
    world.reports(outputs)
    world.forward(to=world.round(number).period_end)
    return len(world.items(number))


def opened(world: World, number: int) -> dict[str, object]:
    names = ("sample", "usual", "share_bp", "least", "minutes", "item_seconds", "timed")
    facts = last(world, Kind.ROUND_OPENED, number).facts
    return {name: facts[name] for name in names if facts[name] is not None}


def last(world: World, kind: Kind, number: int) -> Entry:
    return next(each for each in world.entries(kind) if each.facts["round"] == number)


def sound(world: World) -> None:
    assert rebuilt(world.entries(), words_of(world)) == as_stored(world)
    assert findings(world) == []


@pytest.mark.parametrize(
    ("outputs", "drawn"), [(1, 1), (2, 2), (5, 3), (12, 3), (13, 4), (40, 10), (49, 12), (400, 12)]
)
def test_i7_a_share_is_taken_of_what_arrived(tmp_path: Path, outputs: int, drawn: int) -> None:
    world = a_live_world(tmp_path, SHARE)
    assert turned(world, 2, outputs) == drawn
    assert opened(world, 2) == {"sample": 12, "usual": 12, "share_bp": 2_500, "least": 3}
    sound(world)


def test_a_share_of_nothing_is_nothing_and_no_grade_that_reassures(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, SHARE)
    assert turned(world, 2, 0) == 0
    assert last(world, Kind.ROUND_CLOSED, 2).facts["grade"] == "not_enough_evidence"
    sound(world)


def test_i7_with_cause_to_look_closer_the_share_is_so_many_times_larger(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, SHARE)
    world.answers_round(1)
    for number in range(2, 14):
        usual = turned(world, number, 40)
        if world.round(number).tightened_by:
            break
        world.answers_round(number, *[WRONG] * 2)
    assert (usual, world.round(number).sample, world.round(number).usual) == (30, 36, 12)
    sound(world)


def test_minutes_give_as_many_as_fit_into_the_period(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, MINUTES)
    assert opened(world, 1)["usual"] == 1, "an hour is none of it, and one is always looked at"
    assert turned(world, 2, 40) == 12
    said = {"sample": 12, "usual": 12, "minutes": 60, "item_seconds": 300, "timed": 0}
    assert opened(world, 2) == said
    sound(world)


def test_answers_between_which_no_time_passed_are_no_times_for_the_verifier_either(
    tmp_path: Path,
) -> None:
    world = a_live_world(tmp_path, MINUTES)
    for number in (2, 3, 4):
        turned(world, number, 40)
        world.answers_round(number)
    turned(world, 5, 40)
    assert opened(world, 6)["timed"] == 0
    sound(world)


def test_once_enough_answers_are_timed_the_record_says_how_many_fit(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, MINUTES)
    for number in (2, 3):
        turned(world, number, 40)
        answers_slowly(world, number, seconds=400)
    turned(world, 4, 40)
    timed = opened(world, 5)
    assert (timed["usual"], timed["item_seconds"]) == (60 * 60 // 400, 400)
    assert isinstance(timed["timed"], int)
    assert timed["timed"] >= ENOUGH_TIMED
    told = questions.show_workflow(world.deps, person(OWNER), KEY)
    assert told.plan == "as many outputs as 60 minutes a week allow"
    assert f"at 400 seconds each as measured over {timed['timed']} answers" in told.cost
    assert told.sight.startswith("twice the limit in about ")
    sound(world)


def answers_slowly(world: World, number: int, seconds: int) -> None:
    for _ in world.items(number):
        world.forward(seconds / 3_600)
        world.answers_page(number)
