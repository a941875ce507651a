"""How many outputs a plan has drawn, how it is written, and when it is weaker."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.plans import (
    MAX_SAMPLE,
    USUAL_MOST,
    WEEK,
    Plan,
    plan_fault,
    read_plan,
    told_weaker,
    weaker_plan,
)

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
NUMBERS = st.builds(Plan, st.integers(1, MAX_SAMPLE), item_seconds=st.integers(1, 3_600))
SHARES = st.tuples(st.integers(1, 120), st.integers(1, 9_999), st.integers(0, 119)).map(
    lambda of: Plan(of[0], share_bp=of[1], most=min(of[0] + of[2], USUAL_MOST))
)
MINUTES = st.builds(
    Plan, st.just(1), minutes=st.integers(1, 10_000), item_seconds=st.integers(1, 3_600)
)
PLANS = NUMBERS | SHARES | MINUTES
SECOND = timedelta(seconds=1)


@given(PLANS)
def test_a_plan_is_read_again_as_it_is_written(plan: Plan) -> None:
    assert read_plan(str(plan)) == plan
    assert plan_fault(plan, 3) == ""


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("20", Plan(20)),
        (" 20 outputs per round. ", Plan(20)),
        ("20, 4 minutes each", Plan(20, item_seconds=240)),
        ("20 at 1.5 min each", Plan(20, item_seconds=90)),
        ("30 % of the outputs of a round", Plan(1, 3_000, USUAL_MOST)),
        ("30% of outputs, at least 10, at most 60", Plan(10, 3_000, 60)),
        ("0.25 % of all outputs in each period and at most 60", Plan(1, 25, 60)),
        ("12.5 % of the outputs, at least 10, 45 seconds each", Plan(10, 1_250, 120, 0, 45)),
        ("2 hours a week", Plan(1, minutes=120)),
        ("1,200 minutes per week, 4 minutes each", Plan(1, minutes=1_200, item_seconds=240)),
    ],
)
def test_a_plan_is_understood_as_people_write_it(text: str, plan: Plan) -> None:
    assert read_plan(text) == plan


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no plan"),
        ("nan", "is no plan"),
        ("NaN % of the outputs", "above 0 % and below 100 %"),
        ("inf % of the outputs", "above 0 % and below 100 %"),
        ("0 % of the outputs", "above 0 % and below 100 %"),
        ("100 % of the outputs", "write how many these are at most"),
        ("100.01 % of the outputs", "above 0 % and below 100 %"),
        ("-5 % of the outputs", "above 0 % and below 100 %"),
        ("30.125 % of the outputs", "at most two decimals"),
        ("30 %", "30 %, but of what?"),
        ("30 % of decisions", "“30 % of decisions” A plan's share is of the outputs of a round"),
        ("30 % of each category", "a floor sees to each category"),
        ("30 % of outputs before release", "only while the gate is at review_all"),
        ("30 % of workflows, at least 3", "is of the outputs of a round"),
        ("-3", "is no plan"),
        ("3.5", "is no plan"),
        ("٣", "is no plan"),
        ("1e3", "is no plan"),
        ("0 minutes a week", "at least one minute"),
        ("0.5 minutes a week", "whole minutes"),
        ("20, 0 minutes each", "from 1 second to 60 minutes"),
        ("20, 2 hours each", "from 1 second to 60 minutes"),
        ("20, 0.01 minutes each", "whole seconds"),
    ],
)
def test_what_is_no_plan_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 -- the sentence is asked for below
        read_plan(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("plan", "tighten", "said"),
    [
        (Plan(0), 3, "from 1 to 360"),
        (Plan(361), 3, "from 1 to 360"),
        (Plan(1, 3_000, 121), 3, "at most 120 as the most outputs of a round: 3 times"),
        (Plan(1, 3_000, 361), 1, "at most 360 as the most outputs of a round."),
        (Plan(10, 3_000, 9), 3, "leave nothing in between"),
        (Plan(0, 3_000, 9), 3, "from 1 to 360"),
        (Plan(1, 10_000, 9), 3, "below 100 %"),
        (Plan(1, minutes=10_001), 3, "10,000 minutes a week"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_a_sentence(
    plan: Plan, tighten: int, said: str
) -> None:
    assert said in plan_fault(plan, tighten)


@given(SHARES, st.integers(0, 2_000), st.integers(1, 3))
def test_a_share_is_of_the_outputs_within_its_bounds(plan: Plan, population: int, n: int) -> None:
    usual = plan.usual(WEEK, 60)
    share = ceil(Fraction(population * plan.share_bp, 10_000))
    assert plan.size(population, usual, n * usual) == n * min(plan.most, max(plan.sample, share))


@given(NUMBERS | MINUTES, st.integers(0, 2_000), st.integers(1, 360))
def test_what_is_no_share_is_drawn_as_said(plan: Plan, population: int, said: int) -> None:
    assert plan.size(population, plan.usual(WEEK, 60), said) == said


@given(MINUTES, st.integers(1, 60 * 24 * 90), st.integers(1, 3_600))
def test_minutes_never_promise_more_than_there_are(plan: Plan, length: int, seconds: int) -> None:
    period = timedelta(minutes=length)
    drawn, there_are = plan.usual(period, seconds), Fraction(plan.minutes * 60 * length, 10_080)
    assert drawn == 1 or drawn * seconds <= there_are
    assert drawn == MAX_SAMPLE or (drawn + 1) * seconds > there_are, "and none is left unused"


@given(PLANS)
def test_no_plan_is_weaker_than_itself(plan: Plan) -> None:
    assert not weaker_plan(plan, plan)
    assert told_weaker(plan, plan) == ()


@given(PLANS, PLANS, PLANS)
def test_two_steps_that_weaken_nothing_weaken_nothing_together(one: Plan, two: Plan, three: Plan) -> None:  # fmt: skip  # noqa: E501
    if not weaker_plan(one, two) and not weaker_plan(two, three):
        assert not weaker_plan(one, three)


@given(NUMBERS | SHARES, NUMBERS | SHARES, st.integers(0, 200_000))
def test_i4_whatever_draws_fewer_of_some_round_is_weaker(old: Plan, new: Plan, outputs: int) -> None:  # fmt: skip  # noqa: E501
    before, after = (
        min(outputs, each.size(outputs, each.usual(WEEK, 60), each.usual(WEEK, 60)))
        for each in (old, new)
    )
    assert after >= before or weaker_plan(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Plan(20), Plan(1, minutes=600)),
        (Plan(1, minutes=600), Plan(360)),
        (Plan(1, minutes=600), Plan(1, minutes=599)),
        (Plan(1, minutes=600), Plan(1, minutes=600, item_seconds=181)),
        (Plan(20), Plan(10, 3_000, 60)),
    ],
)
def test_i4_what_may_be_fewer_is_weaker(old: Plan, new: Plan) -> None:
    assert told_weaker(old, new) == (f"reviews {new}, which may be fewer than {old}",)
