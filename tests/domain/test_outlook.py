"""What whoever agrees to a plan is told of it: what it costs and what it can see, no more."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cadences import read_cadence
from bot.domain.outlook import Outlook, cost_in_words, outlook_of, sight_in_words, told
from bot.domain.policy import Overflow, Policy

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
WEEKLY = read_cadence("every monday at 09:00").rule
ENOUGH = Policy(1, WEEKLY, "UTC", 59, 0, 500, 1, 1_000)
TWENTY = replace(ENOUGH, sample=20)
SHARE = replace(ENOUGH, sample=10, share_bp=3_000, most=60)


def said(policy: Policy) -> str:
    return " ".join(told(policy, outlook_of(policy, MONDAY)))


def test_a_sample_too_small_for_its_limit_is_told_with_what_it_takes() -> None:
    words = said(replace(TWENTY, limit_bp=1_000))
    assert "20 outputs without an error show at most 13.9 %" in words
    assert "takes 29 if they are drawn purely at random." in words
    assert "each counts" not in words


def test_where_draws_are_cut_looking_closer_costs_no_more_than_there_is_time_for() -> None:
    policy = replace(TWENTY, capacity=90)
    assert "up to 3.3 hours while" in cost_in_words(outlook_of(policy, MONDAY))
    cut = outlook_of(replace(policy, overflow=Overflow.RANDOM_SUBSET), MONDAY)
    assert "up to 1.5 hours while there is cause to look closer" in cost_in_words(cut)
    assert cut.closer == 27, "three of them twice"


def test_what_is_drawn_until_a_round_has_proven_the_limit_is_told_with_its_hours() -> None:
    policy = replace(TWENTY, proves_first=True, tighten=1)
    cost = cost_in_words(outlook_of(policy, MONDAY))
    assert "second looks: 1.1 hours, 3.2 hours until a round has proven the limit, at 3" in cost
    assert "At least 59 are drawn of each round, if so many come, until one has proven it." in said(
        policy
    )
    closer = outlook_of(replace(policy, tighten=3), MONDAY)
    assert (closer.first, closer.closer) == (59, 177)
    assert outlook_of(replace(ENOUGH, proves_first=True), MONDAY).first == 0, "no more than else"


def test_a_floor_that_may_make_the_draw_uneven_is_told() -> None:
    assert "without an error" not in said(ENOUGH)
    words = said(replace(ENOUGH, floor=2))
    assert "With at least 2 of each category each counts by its share" in words
    assert "of several it takes many more" in words


def test_it_is_told_how_long_too_many_errors_stay_unproven_and_what_more_reviews_bring() -> None:
    assert (
        "With 20 reviews a week the rounds prove an error rate of twice the limit in about "
        "12 weeks, four times the limit in about 2 weeks; with 60 a week twice in about 4 weeks."
    ) in said(TWENTY)
    once = replace(ENOUGH, limit_bp=4_000)
    assert sight_in_words(outlook_of(once, MONDAY)) == "twice the limit in about 1 week"
    none = outlook_of(replace(ENOUGH, limit_bp=6_000), MONDAY)
    assert sight_in_words(none) == "", "there is no twice of it"
    assert "prove an error rate" not in said(replace(ENOUGH, limit_bp=6_000))


def test_what_takes_too_long_is_given_no_figure_that_overstates_it() -> None:
    seldom = replace(TWENTY, sample=10, limit_bp=200)
    assert sight_in_words(outlook_of(seldom, MONDAY)) == (
        "twice the limit in most of a year or more, four times the limit in about 9 weeks"
    )


@pytest.mark.parametrize(
    ("cadence", "hours"), [("every monday at 09:00", 1.1), ("every weekday at 09:00", 5.5)]
)
def test_hours_count_second_looks_and_how_often_a_round_is_drawn(
    cadence: str, hours: float
) -> None:
    policy = replace(TWENTY, cadence=read_cadence(cadence).rule)
    assert outlook_of(policy, MONDAY).hours(20) == pytest.approx(hours)


def test_what_it_costs_is_told_with_the_time_that_it_is_reckoned_by() -> None:
    assert cost_in_words(outlook_of(TWENTY, MONDAY)) == (
        "about 20 reviews a week and 2 second looks: 1.1 hours, up to 3.3 hours while there is "
        "cause to look closer, at 3 minutes each as the policy says; nobody has measured it yet"
    )
    measured = outlook_of(replace(TWENTY, tighten=1), MONDAY, item_seconds=90, timed=45)
    assert cost_in_words(measured) == (
        "about 20 reviews a week and 2 second looks: 0.6 hours, at 90 seconds each as measured "
        "over 45 answers"
    )


def test_of_a_share_the_most_is_what_it_costs_and_the_fewest_are_what_it_sees() -> None:
    words = said(SHARE)
    assert "about 10 to 60 reviews a week and 6 second looks: 3.3 hours, up to 9.9" in words
    assert "10 outputs without an error show at most 25.9 %" in words
    assert "With 10 reviews a week the rounds prove" in words
    known = replace(SHARE, volume_min=100, volume_max=150)
    assert "about 30 to 45 reviews a week" in said(known)


def test_minutes_a_week_cost_no_more_than_they_are_but_for_the_second_look() -> None:
    by_minutes = replace(ENOUGH, sample=1, minutes=60, item_seconds=180)
    assert outlook_of(by_minutes, MONDAY).most == 20
    slower = outlook_of(by_minutes, MONDAY, item_seconds=360, timed=20)
    assert (slower.most, slower.hours(slower.most)) == (10, pytest.approx(1.2))


@given(
    st.integers(1, 9_999),
    st.sampled_from([{"sample": 1}, {"sample": 360}, {"minutes": 1}, {"share_bp": 1, "most": 9}]),
    st.sampled_from(["every day at 00:00", "every monday at 09:00", "first monday at 09:00"]),
)
def test_of_every_sound_policy_something_can_be_said(
    limit_bp: int, plan: dict[str, int], cadence: str
) -> None:
    policy = replace(ENOUGH, **{"sample": 1, **plan}, limit_bp=limit_bp)  # type: ignore[arg-type] # figures
    policy = replace(policy, cadence=read_cadence(cadence).rule)
    outlook = outlook_of(policy, MONDAY)
    assert isinstance(outlook, Outlook)
    assert 1 <= outlook.fewest <= outlook.most <= outlook.closer <= 360
    assert "nan" not in " ".join(told(policy, outlook))
