"""How far two people agree: the measures, and what too few outputs do not say."""

from math import isclose, isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import CORRECT, MONDAY, SKIPPED, WRONG

from bot.domain.agreement import Agreement, agreement_of
from bot.domain.outputs import Output
from bot.domain.rounds import DrawnItem
from bot.domain.verdicts import Answer, Judgement, Severity, Why

ERRORS = (Why.ERROR, Why.POLICY)
TASTE = Judgement(Answer.CORRECTED, Why.PREFERENCE, Severity.MINOR, "Kind regards")
COUNTS = st.integers(0, 400)
TABLES = st.builds(Agreement, COUNTS, COUNTS, COUNTS, COUNTS)


def look(*verdicts: Judgement | None, late: int = -1) -> list[DrawnItem]:
    return [
        DrawnItem(place, Output(f"o{place}", MONDAY), verdict=said, is_late=place == late)
        for place, said in enumerate(verdicts)
    ]


# Worked out from the definitions in cells of the table; the first is what R gives for it as well.
@pytest.mark.parametrize(
    ("table", "share", "kappa", "ac1", "on_errors"),
    [
        ((118, 5, 2, 0), 0.944, -0.023392, 0.940776, 0.0),
        ((40, 3, 2, 5), 0.9, 0.608150, 0.865772, 2 / 3),
        ((20, 5, 10, 15), 0.7, 0.4, 0.405941, 2 / 3),
        ((0, 3, 4, 0), 0.0, -0.96, -1.0, 0.0),
        ((9, 1, 0, 0), 0.9, 0.0, 0.889503, 0.0),
        ((0, 0, 0, 8), 1.0, None, 1.0, 1.0),
        ((30, 0, 0, 0), 1.0, None, 1.0, None),
        ((0, 0, 0, 0), None, None, None, None),
    ],
)
def test_the_measures_are_those_of_the_textbooks(
    table: tuple[int, int, int, int],
    share: float | None,
    kappa: float | None,
    ac1: float | None,
    on_errors: float | None,
) -> None:
    counted = Agreement(*table)
    found = (counted.share, counted.kappa, counted.ac1, counted.on_errors)
    for got, wanted in zip(found, (share, kappa, ac1, on_errors), strict=True):
        assert (got is None) == (wanted is None)
        assert got is None or wanted is None or isclose(got, wanted, abs_tol=5e-7)


def test_the_range_of_the_agreement_is_the_exact_one() -> None:
    low, high = Agreement(118, 5, 2, 0).range
    assert isclose(low, 0.888021, abs_tol=5e-7)  # as SciPy's binomtest has it, exact
    assert isclose(high, 0.977191, abs_tol=5e-7)
    assert Agreement().range == (0.0, 1.0), "nothing is known of nothing"


@given(TABLES)
def test_no_table_gives_what_is_no_number(table: Agreement) -> None:
    for measure in (table.share, table.kappa, table.ac1, table.on_errors):
        assert measure is None or (isfinite(measure) and -1 <= measure <= 1)
    assert (table.share is None) == (table.ac1 is None) == (table.outputs == 0)


@given(TABLES)
def test_who_of_the_two_is_called_first_changes_nothing(table: Agreement) -> None:
    other = Agreement(table.both_right, table.second_wrong, table.first_wrong, table.both_wrong)
    assert (table.share, table.kappa, table.on_errors) == (
        other.share, other.kappa, other.on_errors,
    )  # fmt: skip
    assert table.ac1 == other.ac1


@given(TABLES, TABLES)
def test_rounds_add_up(one: Agreement, other: Agreement) -> None:
    assert (one + other).outputs == one.outputs + other.outputs
    assert (one + other).agreed == one.agreed + other.agreed


def test_wrong_is_what_the_policy_calls_an_error() -> None:
    counted = agreement_of(
        look(CORRECT, WRONG, CORRECT, WRONG, TASTE),
        look(CORRECT, CORRECT, WRONG, WRONG, CORRECT),
        ERRORS,
    )
    assert counted == Agreement(both_right=2, first_wrong=1, second_wrong=1, both_wrong=1)


def test_i8_what_is_late_or_has_one_verdict_alone_counts_in_nothing() -> None:
    first = look(CORRECT, WRONG, None, CORRECT, late=1)
    second = look(CORRECT, CORRECT, WRONG, None)
    assert agreement_of(first, second, ERRORS) == Agreement(both_right=1)
    assert agreement_of((), second, ERRORS) == Agreement()


def test_a_skip_is_no_verdict() -> None:
    skipped = [DrawnItem(0, Output("o0", MONDAY), draft=SKIPPED)]
    assert agreement_of(skipped, look(CORRECT), ERRORS) == Agreement()
