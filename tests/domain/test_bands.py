"""What the AI's own confidence is worth, by what was judged: honest where too few were (I8)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.bands import EDGES, Band, Claim, by_confidence, claims_of, threshold
from bot.domain.bounds import upper_bound
from bot.domain.outputs import Output
from bot.domain.rounds import DrawnItem
from bot.domain.verdicts import Why
from tests.worlds import CORRECT, MONDAY, WRONG

ZERO, HALF, SURE = Decimal(0), Decimal("0.5"), Decimal("0.95")


def claims(confidence: str, right: int, wrong: int = 0, category: str = "a") -> list[Claim]:
    said = [False] * right + [True] * wrong
    return [Claim(Decimal(confidence), category, each) for each in said]


@pytest.mark.parametrize(
    ("confidence", "low"),
    [("0", "0"), ("0.499", "0"), ("0.5", "0.5"), ("0.95", "0.95"), ("1", "0.95"), ("1.0", "0.95")],
)
def test_each_confidence_is_in_one_band(confidence: str, low: str) -> None:
    (band,) = by_confidence(claims(confidence, 1))
    assert band.low == Decimal(low)


def test_a_band_tells_its_errors_its_range_and_its_most_frequent_category() -> None:
    (band,) = by_confidence([*claims("0.6", 3, 1, "b"), *claims("0.65", 0, 2, "a")])
    assert band == Band(HALF, Decimal("0.7"), 6, 3, "b")
    low, high = band.range
    assert (round(low, 3), round(high, 3)) == (0.118, 0.882)


def test_the_lowest_edge_that_proves_the_limit_is_suggested() -> None:
    bands = by_confidence([*claims("0.6", 40, 20), *claims("0.85", 200), *claims("0.99", 200)])
    found = threshold(bands, 500)
    assert found is not None
    assert found.low == Decimal("0.8")


def test_a_band_is_above_a_limit_only_where_its_whole_range_is() -> None:
    (band,) = by_confidence(claims("0.6", 22, 9))
    assert band.is_above(1_400)
    assert not band.is_above(1_500), "9 of 31 are more, but are no proof"


def test_few_outputs_suggest_nothing_however_good_they_are() -> None:
    """Every edge is tried: what one alone proves at 95 % is not enough for six."""
    for count, is_enough in ((59, False), (93, False), (94, True)):
        bands = by_confidence(claims("0.99", count))
        assert (threshold(bands, 500) is not None) is is_enough
    assert upper_bound(0, 59) <= 0.05, "it is with one edge alone"
    assert len(EDGES) == 7


def test_where_the_sure_ones_are_wrong_as_well_nothing_is_suggested() -> None:
    assert threshold(by_confidence([*claims("0.3", 90, 10), *claims("0.99", 90, 10)]), 500) is None
    assert threshold((), 500) is None


def test_i8_what_was_late_or_has_no_verdict_or_no_confidence_is_in_no_band() -> None:
    item = DrawnItem(0, Output("o1", MONDAY, "a", "0.7"), verdict=WRONG)
    items = [
        item,
        replace(item, verdict=CORRECT),
        replace(item, is_late=True),
        replace(item, verdict=None),
        replace(item, output=Output("o2", MONDAY)),
    ]
    assert [each.is_error for each in claims_of(items, (Why.ERROR,))] == [True, False]
    assert not any(each.is_error for each in claims_of(items, (Why.POLICY,)))
