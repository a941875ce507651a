"""Whom the errors beyond the limit are laid at, and in which weeks they came together."""

from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.blame import Tally, blamed, worst_run

TALLIES = st.lists(
    st.integers(0, 30).flatmap(
        lambda judged: st.builds(
            Tally,
            category=st.text("abc", min_size=1, max_size=3),
            produced=st.integers(judged, 1_000),
            judged=st.just(judged),
            errors=st.integers(0, judged),
        )
    ),
    max_size=8,
    unique_by=lambda each: each.category,
)


def test_shares_and_their_ends_are_those_of_other_programs() -> None:
    # Of SciPy: Clopper and Pearson's ends of 27/55 and 15/33, and the middle 95 % of a million
    # shares whose rates are drawn from Jeffreys' beta distributions.
    first, second = blamed([Tally("top-up", 571, 33, 15), Tally("transfer", 956, 55, 27)], 2_000)
    assert (first.category, second.category) == ("transfer", "top-up")
    assert [first.rate_low, first.rate_high] == pytest.approx([0.353536, 0.629295], abs=1e-5)
    assert [second.rate_low, second.rate_high] == pytest.approx([0.281066, 0.636493], abs=1e-5)
    assert [first.share, first.low, first.high] == pytest.approx(
        [0.656763, 0.4689, 0.8448], abs=0.015
    )
    assert [second.share, second.low, second.high] == pytest.approx(
        [0.343237, 0.1552, 0.5311], abs=0.015
    )
    assert first.share == pytest.approx(0.656763, abs=1e-5)


def test_it_does_not_matter_how_many_of_a_category_were_drawn() -> None:
    even = blamed([Tally("a", 900, 90, 45), Tally("b", 100, 10, 5)], 1_000)
    uneven = blamed([Tally("a", 900, 10, 5), Tally("b", 100, 90, 45)], 1_000)
    assert [each.category for each in even] == [each.category for each in uneven] == ["a", "b"]
    assert [each.share for each in even] == pytest.approx([0.9, 0.1])
    assert [each.share for each in uneven] == pytest.approx([0.9, 0.1])


def test_a_category_within_the_limit_is_not_blamed_and_excuses_no_other() -> None:
    found = blamed([Tally("bad", 100, 20, 10), Tally("good", 10_000, 200, 0)], 2_000)
    assert [(each.category, each.share) for each in found] == [("bad", 1.0)]


def test_a_category_of_which_nothing_was_judged_is_not_blamed() -> None:
    assert blamed([Tally("unseen", 100, 0, 0)], 500) == ()


def test_one_that_may_as_well_be_within_the_limit_may_have_no_share() -> None:
    (only,) = blamed([Tally("a", 100, 10, 2)], 1_500)
    assert (only.share, only.low, only.high) == (1.0, 0.0, 1.0)


def test_the_share_that_was_seen_is_within_its_ends_even_if_few_tries_come_near_it() -> None:
    others = [Tally(f"on the limit {number}", 100, 20, 3) for number in range(20)]
    (only,) = blamed([Tally("a", 100, 20, 4), *others], 1_500)
    assert (only.share, only.high) == (1.0, 1.0)


def test_the_same_tallies_always_have_the_same_ends() -> None:
    tallies = [Tally("a", 100, 20, 10), Tally("b", 300, 30, 9)]
    assert blamed(tallies, 500) == blamed(tallies, 500)


@settings(max_examples=25)
@given(TALLIES, st.integers(1, 9_999))
def test_shares_add_up_to_one_and_lie_within_their_ends(
    tallies: list[Tally], limit_bp: int
) -> None:
    found = blamed(tallies, limit_bp)
    assert not found or isclose(sum(each.share for each in found), 1)
    assert all(0 <= each.low <= each.share + 1e-9 for each in found)
    assert all(each.share <= each.high + 1e-9 <= 1 + 2e-9 for each in found)
    assert [each.share for each in found] == sorted((each.share for each in found), reverse=True)


@given(st.lists(st.integers(-5, 5), max_size=12))
def test_no_run_of_weeks_has_more_excess_than_the_worst(excesses: list[int]) -> None:
    begin, end = worst_run(excesses)
    runs = [
        sum(excesses[start:stop])
        for start in range(len(excesses))
        for stop in range(start, len(excesses) + 1)
    ]
    assert sum(excesses[begin:end]) == max([0, *runs])
    assert (begin, end) == (0, 0) or begin < end
