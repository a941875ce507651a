"""Whether reviewers have the time that a plan asks of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.cadences import read_cadence
from bot.domain.capacity import capacity_fault, load_of, window_of
from bot.domain.changes import weakened
from bot.domain.plans import WEEK
from bot.domain.policy import Policy, policy_faults
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
