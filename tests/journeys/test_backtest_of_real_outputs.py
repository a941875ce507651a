"""A quarter of a real classifier's outputs, played again: the drift is seen, and not before it.

Five seeds here; a hundred in `bench/evidence/real_outputs.py`.
"""

from functools import cache
from typing import Final

import pytest

from bot.app.backtest import run_backtest
from bot.domain.backtests import Backtest, Past
from bot.domain.rounds import Grade
from handlers.cli.past import read_past
from handlers.cli.plans import Wished, read_plan
from tests.launcher import ROOT

DATA: Final = ROOT.parent / "shared" / "data" / "banking77" / "predictions.jsonl"
SEEDS: Final = range(5)
DRIFT: Final = 7  # the first week of it

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"the real outputs are not at {DATA}")


@cache
def past() -> list[Past]:
    with DATA.open("rb") as file:
        return read_past(DATA.name, file, lambda _: None)


@cache
def backtest(seed: int) -> Backtest:
    return run_backtest(past(), read_plan(Wished(2_000, 40)), seed, lambda _: None)


def test_the_truth_is_that_of_the_file() -> None:
    test = backtest(0)
    assert sum(each.produced for each in test.weeks) == len(past()) == 7_624
    assert test.above_limit == tuple(range(DRIFT, 14))
    assert [round(100 * each.true_rate) for each in test.weeks[:8]] == [
        12,
        13,
        13,
        15,
        16,
        15,
        31,
        32,
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_i9_alarm_nothing_is_a_breach_before_the_drift(seed: int) -> None:
    test = backtest(seed)
    assert test.breach_week is None or test.breach_week >= DRIFT


@pytest.mark.parametrize("seed", SEEDS)
def test_transfers_are_blamed_first(seed: int) -> None:
    first, *_ = backtest(seed).blame
    assert first.category == "transfer"
    assert first.low < first.share < first.high


@pytest.mark.parametrize("seed", SEEDS)
def test_a_watch_and_a_breach_say_what_they_are_about(seed: int) -> None:
    graded = [each for each in backtest(seed).weeks if each.grade in {Grade.WATCH, Grade.BREACH}]
    assert all(each.points_to for each in graded)


def test_most_seeds_see_the_drift_in_time() -> None:
    tests = [backtest(seed) for seed in SEEDS]
    assert sum(test.watch_week is not None and test.watch_week <= 9 for test in tests) >= 3
    assert sum(test.breach_week is not None and test.breach_week <= 11 for test in tests) >= 3
