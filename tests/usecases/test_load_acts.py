"""A draw that takes more time than reviewers have is a breach, on record; a plan is refused."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import CORRECT, OWNER, POLICY, WRONG, World, a_live_world, a_world, findings, person

from bot.domain.breaches import Cause, Decision
from bot.domain.record import Kind
from bot.domain.refusals import Invalid
from bot.usecases import policies, sampling

ENOUGH = replace(POLICY, sample=10, floor=0, capacity=36)  # 10 and 2 second looks at 3 minutes


def overloads(world: World) -> list[tuple[object, ...]]:
    names = ("round", "needed_seconds", "available_seconds", "item_seconds")
    return [
        tuple(each.facts[name] for name in names)
        for each in world.entries(Kind.BREACH_OPENED)
        if each.facts["cause"] == Cause.OVERLOAD
    ]


def turned(world: World, number: int, outputs: int = 40) -> None:
    world.reports(outputs)
    world.forward(to=world.round(number).period_end)


def answers_in_three_minutes_each(world: World, number: int) -> None:
    """Answer a round of which two outputs are wrong."""
    for place, _ in enumerate(world.items(number)):
        world.forward(0.05)
        world.answers_page(number, WRONG if place < 2 else CORRECT)


def test_a_plan_that_nobody_has_time_for_is_not_registered(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    with pytest.raises(Invalid) as invalid:
        world.registers(policy=replace(ENOUGH, capacity=35))
    assert set(invalid.value.errors) == {"capacity"}
    assert "about 36 minutes a week" in invalid.value.errors["capacity"]
    world.registers(policy=ENOUGH)


def test_a_change_that_nobody_has_time_for_is_refused(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, ENOUGH)
    asked = policies.Change("triage", replace(ENOUGH, number=2, sample=20), "more")
    with pytest.raises(Invalid) as invalid:
        policies.change_policy(world.deps, person(OWNER), asked)
    assert set(invalid.value.errors) == {"capacity"}


def test_what_there_is_time_for_is_no_breach(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, ENOUGH)
    world.answers_round(1)
    turned(world, 2)
    assert overloads(world) == []
    assert findings(world) == []


def test_a_larger_draw_than_there_is_time_for_is_a_breach_once(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, ENOUGH)
    world.answers_round(1)
    number = 2
    while not world.round(number).tightened_by:
        turned(world, number)
        answers_in_three_minutes_each(world, number)
        number += 1
    turned(world, number)
    assert overloads(world) == [(number, 33 * 180, 36 * 60, 180)]
    assert len(world.items(number)) == 30, "and no less is drawn for it"
    turned(world, number + 1)
    assert len(overloads(world)) == 1, "while it stands there is no second"
    assert findings(world) == []


def test_the_draws_of_one_week_are_added_up_and_a_closed_breach_may_come_again(
    tmp_path: Path,
) -> None:
    world = a_live_world(tmp_path, ENOUGH)
    world.forward(1)
    world.reports(40)
    sampling.sample_now(world.deps, person(OWNER), "triage")
    assert overloads(world) == [(2, 24 * 180, 36 * 60, 180)]
    assert world.breach(1).detail == (
        "What was drawn in the 7 days up to the draw of round 2, second looks included, takes "
        "72 minutes to judge, at 3 minutes each; reviewers have 36 minutes."
    )
    world.acknowledges(1)
    world.decides(1, Decision.CONTINUE)
    world.reports(40)
    sampling.sample_now(world.deps, person(OWNER), "triage")
    assert [each[0] for each in overloads(world)] == [2, 3]
    assert findings(world) == []
