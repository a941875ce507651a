"""What a backtest says of its weeks."""

from datetime import UTC, datetime, timedelta

from bot.domain.backtests import Backtest, Week
from bot.domain.blame import Tally
from bot.domain.rounds import Grade
from tests.worlds import MONDAY, POLICY

LIMIT = 0.05  # the policy's


def week(
    number: int, grade: Grade, *, errors: int = 0, judged: int = 20, wrong: int = 0, of: int = 100
) -> Week:
    began = MONDAY + timedelta(weeks=number - 1)
    rate = errors / judged if judged else None
    tallies = (Tally("a", of, judged, errors),)
    return Week(number, began, began + timedelta(weeks=1), wrong, rate, grade, tallies)


def backtest(*weeks: Week) -> Backtest:
    return Backtest(POLICY, 1, weeks)


def test_the_first_watch_and_the_first_breach_are_named() -> None:
    grades = (Grade.WITHIN_LIMIT, Grade.WATCH, Grade.WATCH, Grade.BREACH, Grade.BREACH)
    test = backtest(*(week(number, each) for number, each in enumerate(grades, 1)))
    assert (test.watch_week, test.breach_week) == (2, 4)


def test_a_breach_out_of_the_blue_is_a_watch_by_then_too() -> None:
    test = backtest(week(1, Grade.NOT_ENOUGH_EVIDENCE), week(2, Grade.BREACH))
    assert (test.watch_week, test.breach_week) == (2, 2)


def test_where_nothing_was_found_nothing_is_named() -> None:
    test = backtest(week(1, Grade.NOT_ENOUGH_EVIDENCE), week(2, Grade.WITHIN_LIMIT))
    assert (test.watch_week, test.breach_week, test.blame) == (None, None, ())


def test_the_naive_rule_alarms_above_the_limit_and_falsely_where_the_truth_was_within() -> None:
    test = backtest(
        week(1, Grade.NOT_ENOUGH_EVIDENCE, errors=1, wrong=9),  # on the very limit
        week(2, Grade.NOT_ENOUGH_EVIDENCE, errors=2, wrong=5),
        week(3, Grade.NOT_ENOUGH_EVIDENCE, errors=2, wrong=6),
        week(4, Grade.NOT_ENOUGH_EVIDENCE, judged=0, of=0),
    )
    assert test.above_limit == (1, 3)
    assert test.naive_weeks == (2, 3)
    assert test.naive_false == (2,)


def test_the_worst_weeks_are_weighed_by_what_was_produced_in_them() -> None:
    grade = Grade.NOT_ENOUGH_EVIDENCE
    test = backtest(
        week(1, grade, errors=10, of=30),
        week(2, grade, judged=200, of=4_000),
        week(3, grade, errors=3, of=2_000),
    )
    assert [each.number for each in test.worst_weeks] == [3], "few outputs weigh little"
    assert [(each.errors, each.judged) for each in test.blame] == [(3, 20)]


def test_a_week_of_local_time_may_be_an_hour_shorter() -> None:
    began = datetime(2026, 3, 22, 23, tzinfo=UTC)
    short = Week(1, began, began + timedelta(hours=167), 0, None, Grade.WATCH, ())
    day = Week(1, began, began + timedelta(hours=24), 0, None, Grade.WATCH, ())
    assert backtest(short).is_weekly
    assert not backtest(short, day).is_weekly
