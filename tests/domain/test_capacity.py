"""Whether reviewers have the time that a plan asks of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.cadences import read_cadence
from bot.domain.capacity import Room, capacity_fault, load_of, window_of
from bot.domain.changes import weakened
from bot.domain.plans import WEEK
from bot.domain.policy import Overflow, Policy, policy_faults
from bot.domain.rounds import Round, RoundState

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
WEEKLY = read_cadence("every monday at 09:00").rule
POLICY = Policy(1, WEEKLY, "UTC", 20, 0, 500, 1, 1_000, capacity=66)


def test_a_plan_that_takes_longer_than_there_is_time_is_refused_with_what_it_takes() -> None:
    assert capacity_fault(POLICY, MONDAY) == "", "22 looks at three minutes each"
    assert capacity_fault(replace(POLICY, capacity=65), MONDAY) == (
        "The plan takes about 66 minutes a week, second looks included, at 3 minutes each: plan "
        "fewer outputs, or have more people review."
    )
    assert capacity_fault(replace(POLICY, capacity=0), MONDAY) == "", "nobody said"


def test_what_answers_were_measured_to_take_counts_more_than_what_was_thought() -> None:
    assert "about 88 minutes a week" in capacity_fault(POLICY, MONDAY, item_seconds=240)
    assert capacity_fault(replace(POLICY, capacity=22), MONDAY, item_seconds=60) == ""


def test_what_it_takes_to_prove_the_limit_has_to_fit_as_well() -> None:
    proving = replace(POLICY, proves_first=True)
    assert capacity_fault(replace(proving, capacity=195), MONDAY) == ""
    for overflow in Overflow:
        assert capacity_fault(replace(proving, overflow=overflow), MONDAY) == (
            "The plan takes about 195 minutes a week until a round has proven the limit, second "
            "looks included, at 3 minutes each: plan fewer outputs, or have more people review."
        )


def test_often_is_more() -> None:
    daily = replace(POLICY, cadence=read_cadence("every day at 09:00").rule)
    assert "about 462 minutes a week" in capacity_fault(daily, MONDAY)


@pytest.mark.parametrize("capacity", [-1, 100_001])
def test_a_capacity_that_cannot_be_is_refused_under_its_field(capacity: int) -> None:
    assert set(policy_faults(replace(POLICY, capacity=capacity))) == {"capacity"}


def test_a_load_is_of_a_week_or_of_a_longer_period() -> None:
    round_ = Round("triage", 1, RoundState.DRAWN, 1, MONDAY, MONDAY + timedelta(hours=1), "")
    assert window_of(round_) == WEEK
    assert window_of(replace(round_, period_end=MONDAY + 4 * WEEK)) == 4 * WEEK
    assert load_of(60, 4 * WEEK, ((20, 0),), 180).available == 4 * 3_600
    load = load_of(66, WEEK, ((10, 0), (10, 0)), 180)
    assert (load.needed, load.is_too_much) == (24 * 180, True), "each round has two second looks"
    assert not load_of(72, WEEK, ((10, 0), (10, 0)), 180).is_too_much
    assert load_of(72, WEEK, ((10, 0), (10, 1)), 180).is_too_much, "besides: no second look"
    assert str(load) == ("takes 72 minutes to judge, at 3 minutes each; reviewers have 66 minutes")


@pytest.mark.parametrize(
    ("capacity", "words"),
    [
        (66, []),
        (30, []),
        (67, ["expects 67 minutes a week instead of 66 minutes a week of reviewers' time"]),
        (0, ["expects no known amount instead of 66 minutes a week of reviewers' time"]),
    ],
)
def test_i4_more_time_than_before_or_none_named_is_weaker(capacity: int, words: list[str]) -> None:
    new = replace(POLICY, capacity=capacity)
    assert [each.words for each in weakened(POLICY, new, MONDAY)] == words
    assert weakened(replace(POLICY, capacity=0), new, MONDAY) == ()


CUT = replace(POLICY, overflow=Overflow.RANDOM_SUBSET)
RISKY = replace(POLICY, overflow=Overflow.RISK_FIRST, trigger_first=1, trigger_most=3)


def test_a_draw_is_cut_to_what_fits_with_its_second_looks() -> None:
    assert [Room(looks, 0).cut(20) for looks in (22, 21, 12, 4, 3)] == [20, 19, 10, 2, 1]
    assert [Room(looks, 0).cut(20) for looks in (1, 0, -7)] == [1, 1, 1], "never to none"
    assert Room(12, 3).cut(20) == 7, "seven, two of them twice, and three are left"
    assert Room(12, 3).cut(0) == 0


@pytest.mark.parametrize(("policy", "field"), [(CUT, "capacity"), (RISKY, "trigger_most")])
def test_a_draw_cannot_be_cut_to_what_nobody_has_named(policy: Policy, field: str) -> None:
    assert policy_faults(policy) == {}
    assert set(policy_faults(replace(policy, **{field: 0, "trigger_first": 0}))) == {"overflow"}  # type: ignore[arg-type] # figures


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (POLICY, CUT),
        (CUT, RISKY),
        (RISKY, replace(CUT, trigger_first=1, trigger_most=3)),
        (CUT, replace(CUT, capacity=65)),
        (CUT, replace(CUT, item_seconds=181)),
        (RISKY, replace(RISKY, trigger_most=4)),
    ],
)
def test_i4_a_draw_that_may_be_cut_more_is_weaker(old: Policy, new: Policy) -> None:
    assert "overflow" in {each.field for each in weakened(old, new, MONDAY)}


def test_to_cut_nothing_any_more_is_not_weaker() -> None:
    assert weakened(CUT, POLICY, MONDAY) == ()
    assert weakened(CUT, replace(CUT, item_seconds=90), MONDAY) == ()
