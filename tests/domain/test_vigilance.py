"""What planted outputs say of how much is noticed: exact, and never better than it is (I8)."""

import pytest

from bot.domain.outputs import Output
from bot.domain.rounds import DrawnItem
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.domain.vigilance import Vigilance, corrected, vigilance_of
from tests.worlds import CORRECT, MONDAY, SKIPPED, WRONG

PREFERRED = Judgement(Answer.CORRECTED, Why.PREFERENCE, Severity.MINOR)


@pytest.mark.parametrize(("planted", "at_least"), [(14, 0.81), (22, 0.87), (29, 0.90)])
def test_all_of_these_found_prove_this_much(planted: int, at_least: float) -> None:
    """The figures that all k caught give 0.05 ** (1 / k)."""
    assert Vigilance(planted).at_least == pytest.approx(0.05 ** (1 / planted))
    assert round(Vigilance(planted).at_least, 2) == at_least


def test_i8_what_has_no_answer_counts_as_overlooked_where_it_reassures() -> None:
    assert Vigilance(10, 0, 4).at_least == Vigilance(10, 4, 0).at_least
    assert Vigilance(0, 3).at_least == 0


def test_a_rate_is_corrected_for_what_is_overlooked() -> None:
    """Rogan and Gladen: 3.5 % seen at a sensitivity of 70 % is 5 % real."""
    likely, most = corrected(0.035, Vigilance(14, 6)) or (0.0, 0.0)
    assert likely == pytest.approx(0.05)
    assert most == pytest.approx(0.035 / 0.4572, rel=1e-3)


def test_no_rate_is_corrected_to_more_than_all() -> None:
    assert corrected(0.5, Vigilance(1, 9)) == (1.0, 1.0)


@pytest.mark.parametrize("seen", [Vigilance(4), Vigilance(0, 9), Vigilance(2, 2, 9)])
def test_too_few_correct_nothing(seen: Vigilance) -> None:
    assert corrected(0.035, seen) is None


def test_nothing_judged_is_not_corrected() -> None:
    assert corrected(None, Vigilance(9)) is None


def test_only_what_counts_as_an_error_is_found() -> None:
    said = (WRONG, CORRECT, SKIPPED, PREFERRED, None)
    items = [DrawnItem(place, Output(f"o{place}", MONDAY), verdict=each)
             for place, each in enumerate(said)]  # fmt: skip
    assert vigilance_of(items, 6, (Why.ERROR,)) == Vigilance(1, 3, 2)
