"""A draw that takes more time than reviewers have is a breach, on record; a plan is refused."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import CORRECT, OWNER, POLICY, WRONG, World, a_live_world, a_world, findings, person

from bot.domain import sampling as domain
from bot.domain.breaches import Cause, Decision
from bot.domain.policy import Overflow, Policy
from bot.domain.record import Kind
from bot.domain.refusals import Invalid
from bot.usecases import policies, sampling
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

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


CUT = replace(ENOUGH, capacity=96, overflow=Overflow.RANDOM_SUBSET)
UNSURE = {"trigger_below_bp": 9_000, "trigger_most": 3}


def drawn_twice(folder: Path, policy: Policy, outputs: int = 40) -> World:
    """Give a world that draws ten, and then twice more, with time for 32 looks."""
    world = a_live_world(folder, policy)
    world.answers_round(1)
    for _ in range(2):
        world.forward(1)
        world.reports(outputs, confidence="0.5")
        sampling.sample_now(world.deps, person(OWNER), "triage")
    return world


def drawn(world: World, number: int) -> dict[str, object]:
    (found,) = (
        each.facts for each in world.entries(Kind.ROUND_DRAWN) if each.facts["round"] == number
    )
    return dict(found)


def test_a_draw_that_there_is_no_time_for_is_cut_and_says_from_how_many(tmp_path: Path) -> None:
    world = drawn_twice(tmp_path, CUT)
    assert [drawn(world, each)["cut_from"] for each in (1, 2, 3)] == [None, None, 10]
    assert len(world.items(3)) == drawn(world, 3)["sample"] == 6, "8 looks of 32 were left"
    assert overloads(world) == [], "what is left fits"
    assert findings(world) == []


def test_i8_what_is_cut_is_what_would_have_been_drawn_last(tmp_path: Path) -> None:
    world = drawn_twice(tmp_path, CUT)
    seed = bytes.fromhex(str(drawn(world, 3)["seed"]))
    with world.deps.store.read(world.deps.workspace) as reading:
        population = tuple(reading.outputs.population("triage", 3))
    whole = {each.output_id for each in domain.draw(seed, population, 10, 0)}
    kept = {each.output.output_id for each in world.items(3)}
    left = {domain.rank_of(seed, each) for each in whole - kept}
    assert kept < whole
    assert max(domain.rank_of(seed, each) for each in kept) < min(left)


def test_nothing_is_cut_where_all_that_arrived_fits(tmp_path: Path) -> None:
    world = drawn_twice(tmp_path, replace(CUT, capacity=87), outputs=6)
    assert [len(world.items(each)) for each in (2, 3)] == [6, 6]
    assert drawn(world, 3)["cut_from"] is None
    assert findings(world) == []


def test_a_draw_that_cannot_be_cut_any_more_is_a_breach_still(tmp_path: Path) -> None:
    world = drawn_twice(tmp_path, CUT)
    for _ in range(2):
        world.reports(40)
        sampling.sample_now(world.deps, person(OWNER), "triage")
    assert [len(world.items(each)) for each in (3, 4, 5)] == [6, 1, 1]
    assert [each[0] for each in overloads(world)] == [4]
    assert findings(world) == []


def test_without_time_for_more_a_random_subset_is_all_that_is_asked(tmp_path: Path) -> None:
    world = drawn_twice(tmp_path, replace(CUT, **UNSURE))  # type: ignore[arg-type] # figures
    assert [len(asked_besides(world, each)) for each in (2, 3)] == [3, 0]
    assert overloads(world) == []
    assert findings(world) == []


def test_risk_first_asks_first_what_is_unsure_and_draws_fewer_for_it(tmp_path: Path) -> None:
    risky = replace(CUT, overflow=Overflow.RISK_FIRST, **UNSURE)  # type: ignore[arg-type] # figures
    world = drawn_twice(tmp_path, risky)
    assert [len(asked_besides(world, each)) for each in (2, 3)] == [3, 3]
    assert (drawn(world, 3)["cut_from"], len(world.items(3))) == (10, 1)
    with world.deps.store.read(world.deps.workspace) as reading:
        asked = [bool(each.trigger) for each in reading.rounds.asked("triage", 3)]
    assert asked == [True] * 3 + [False]
    assert findings(world) == []


def asked_besides(world: World, number: int) -> list[object]:
    found = drawn(world, number)["triggered"]
    assert isinstance(found, list)
    return found
