"""The smoothed rate and the rates by category: what counts, and how much."""

from datetime import UTC, datetime, timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bounds import interval
from bot.domain.evidence import Result, Stratum, error_rate
from bot.domain.outputs import Output
from bot.domain.rounds import DrawnItem, Grade
from bot.domain.trend import Point, by_category, smoothed
from bot.domain.verdicts import Answer, Judgement, Severity, Why

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
CORRECT = Judgement(Answer.CORRECT)
CORRECTED = Judgement(Answer.CORRECTED, Why.PREFERENCE, Severity.MINOR)


def point(number: int, errors: int, judged: int) -> Point:
    rate = errors / judged if judged else None
    at = MONDAY + timedelta(weeks=number)
    return Point(number, at, judged, errors, rate, 500, Grade.NOT_ENOUGH_EVIDENCE)


def items(category: str, said: list[Judgement | None], *, is_late: bool = False) -> list[DrawnItem]:
    return [
        DrawnItem(
            place, Output(f"{category}{place}", MONDAY, category), verdict=each, is_late=is_late
        )
        for place, each in enumerate(said)
    ]


def test_an_older_round_counts_less_and_a_larger_one_more() -> None:
    line = smoothed([point(1, 3, 30), point(2, 0, 10)])
    assert line[0] == 0.1
    assert isclose(line[1] or 0, (3 * 0.75) / (30 * 0.75 + 10))


def test_where_nothing_was_judged_the_line_begins_later_and_stays_as_it_was() -> None:
    line = smoothed([point(1, 0, 0), point(2, 2, 20), point(3, 0, 0)])
    assert line == (None, 0.1, 0.1)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1))
def test_the_line_lies_between_the_rates_it_smooths(rounds: list[tuple[int, int]]) -> None:
    points = [point(n, min(errors, judged), judged) for n, (errors, judged) in enumerate(rounds)]
    rates = [each.rate for each in points if each.rate is not None]
    for each in smoothed(points):
        assert each is None or min(rates) - 1e-9 <= each <= max(rates) + 1e-9


def test_i8_what_has_no_verdict_in_time_enters_no_rate_by_category() -> None:
    late = items("late", [CORRECTED], is_late=True)
    [rate] = by_category([*items("card", [CORRECTED, CORRECT, None]), *late])
    assert (rate.category, rate.overridden, rate.judged) == ("card", 1, 2)
    assert (rate.low, rate.high) == interval(1, 2)


def test_the_category_whose_rate_is_high_most_surely_comes_first() -> None:
    few = items("few", [CORRECTED] * 2)
    many = items("many", [CORRECTED] * 15 + [CORRECT] * 15)
    assert [each.category for each in by_category([*few, *many])] == ["many", "few"]


def test_i8_an_uneven_draw_is_weighted_and_what_is_missing_accuses_nobody() -> None:
    strata = (Stratum(90, 10, 1), Stratum(10, 10, 6, missing=5))
    weighted = error_rate(Result(20, 15, 2, 2, 0, strata))
    assert isclose(weighted or 0, 0.9 * 0.1 + 0.1 * (1 / 5))
    assert error_rate(Result(5, 4, 1, 1, 0)) == 0.25
    assert error_rate(Result(3, 0, 0, 0, 0)) is None
    assert error_rate(Result(3, 0, 0, 0, 0, (Stratum(9, 3, 3, missing=3),))) is None


# By scipy 1.17: scipy.stats.binomtest(k, n).proportion_ci(0.95, "exact").
@pytest.mark.parametrize(
    ("found", "judged", "low", "high"),
    [
        (0, 30, 0.0, 0.115703),
        (14, 40, 0.206282, 0.516844),
        (7, 100, 0.028605, 0.13892),
        (2, 2, 0.158114, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_the_interval_is_the_exact_one(found: int, judged: int, low: float, high: float) -> None:
    given_low, given_high = interval(found, judged)
    assert isclose(given_low, low, abs_tol=1e-6)
    assert isclose(given_high, high, abs_tol=1e-6)
