"""A backtest as people read it on a console, as programs do, and as a chart."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from textwrap import fill
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.backtests import Backtest, Week
from bot.domain.blame import Blame
from bot.domain.breaches import Cause
from bot.domain.detector import weeks_to_prove
from bot.domain.figures import counted, percent
from bot.domain.trend import Point, smoothed
from bot.rendering.mrkdwn import visible
from bot.rendering.views import TrendChart

MOST_BLAMED: Final = 8
WIDTH: Final = 92
_WORSE: Final = (("twice", 2), ("four times", 4))
_HEADER: Final = ("", "from", "produced", "wrong", "reviewed", "errors", "grade")
_BLAME_HEADER: Final = ("category", "share of the excess", "errors", "reviewed", "rate")


def as_facts(test: Backtest, minutes: float) -> dict[str, object]:
    """Give a backtest as one object for programs."""
    return {
        "limit": test.limit,
        "per_week": test.policy.sample,
        "seed": test.seed,
        "weeks": [_week_facts(each) for each in test.weeks],
        "watch_week": test.watch_week,
        "breach_week": test.breach_week,
        "reviewed": test.reviewed,
        "minutes_per_item": minutes,
        "hours": round(test.reviewed * minutes / 60, 1),
        "blame_weeks": [each.number for each in test.worst_weeks],
        "blame": [_blame_facts(each) for each in test.blame],
        "above_limit_weeks": list(test.above_limit),
        "naive_weeks": list(test.naive_weeks),
        "naive_false_weeks": list(test.naive_false),
    }


def as_text(test: Backtest, minutes: float) -> str:
    """Give a backtest as a page of a console."""
    parts = (
        fill(_plan(test), WIDTH),
        "\n".join(_table(test)),
        fill(_found(test), WIDTH),
        _causes(test),
        "\n".join(_blamed(test)),
        *(fill(each, WIDTH) for each in (_hours(test, minutes), _naive(test), _reach(test))),
    )
    return "\n\n".join(part for part in parts if part)


def as_chart(test: Backtest, name: str) -> TrendChart:
    """Give the view of its chart. As in the table a week is named by its first day."""
    points = tuple(
        Point(
            each.number,
            _begun(test, each),
            each.reviewed,
            each.errors,
            each.rate,
            test.policy.limit_bp,
            each.grade,
        )
        for each in test.weeks
    )
    return TrendChart(name, points, smoothed(points))


def _week_facts(week: Week) -> dict[str, object]:
    return {
        "week": week.number,
        "from": week.began.isoformat(),
        "until": week.ended.isoformat(),
        "produced": week.produced,
        "wrong": week.wrong,
        "reviewed": week.reviewed,
        "errors": week.errors,
        "rate": None if week.rate is None else round(week.rate, 4),
        "grade": str(week.grade),
        "points_to": week.points_to,
        "breaches": list(week.breaches),
    }


def _blame_facts(blame: Blame) -> dict[str, object]:
    figures = {
        name: round(getattr(blame, name), 4)
        for name in ("share", "low", "high", "rate", "rate_low", "rate_high")
    }
    return {
        "category": blame.category,
        "reviewed": blame.judged,
        "errors": blame.errors,
        **figures,
    }


def _plan(test: Backtest) -> str:
    produced = sum(each.produced for each in test.weeks)
    times = test.policy.tighten
    tighter = f", {times} times as many while it is watched" if times > 1 else ""
    return (
        f"{counted(produced, 'past output')} in {counted(len(test.weeks), _period(test))}; "
        f"limit {percent(test.policy.limit_bp)} %, {test.policy.sample} drawn in each by seed "
        f"{test.seed}{tighter}."
    )


def _table(test: Backtest) -> Iterator[str]:
    rows = [
        (
            str(each.number),
            f"{_begun(test, each):%Y-%m-%d}",
            f"{each.produced:,}",
            _share(each.true_rate) if each.produced else "-",
            str(each.reviewed),
            str(each.errors),
            each.grade.replace("_", " "),
        )
        for each in test.weeks
    ]
    yield from _columns([(_period(test), *_HEADER[1:]), *rows], left={1, 6})


def _found(test: Backtest) -> str:
    """Say in a sentence or two what the plan found, and since when there was something to find."""
    period, watch, breach = _period(test), test.watch_week, test.breach_week
    if breach and watch != breach:
        said = f"Watch in {_when(test, watch)}, breach in {_when(test, breach)}."
    elif breach:
        said = f"Breach in {_when(test, breach)}."
    elif watch:
        said = f"Watch in {_when(test, watch)}, and no breach."
    else:
        said = "Neither watch nor breach."
    truth = (
        f" By the truth, the rate of all outputs was above the limit in {_weeks(test, above)}."
        if (above := test.above_limit)
        else f" By the truth, no {period} was above the limit."
    )
    rest = (
        f" From a breach on the evidence stands still until somebody decides, and nobody does "
        f"here: each {period} after it in which something is reviewed is graded breach as well."
        if breach and breach < len(test.weeks)
        else ""
    )
    return f"{said}{truth}{rest}"


def _when(test: Backtest, number: int | None) -> str:
    """Name a week with what the evidence was of by then."""
    about = next((visible(each.points_to) for each in test.weeks if each.number == number), "")
    return f"{_period(test)} {number}{f' ({about})' if about else ''}"


def _causes(test: Backtest) -> str:
    """Say what else had been a breach, each with where."""
    found: dict[str, list[int]] = {}
    for week in test.weeks:
        for cause in week.breaches:
            if cause != Cause.ERROR_RATE:
                found.setdefault(cause, []).append(week.number)
    return "\n".join(
        f"Breach “{cause}” in {_weeks(test, numbers)}." for cause, numbers in found.items()
    )


def _blamed(test: Backtest) -> Iterator[str]:
    if not test.blame:
        yield "No errors beyond the limit were seen, so no category has any share of them."
        return
    numbers = [each.number for each in test.worst_weeks]
    yield f"Where the errors beyond the limit came from, in {_weeks(test, numbers)}:"
    rows = [
        (
            visible(each.category),
            f"{_share(each.share)} ({_share(each.low)} to {_share(each.high)})",
            str(each.errors),
            str(each.judged),
            f"{_share(each.rate)} ({_share(each.rate_low)} to {_share(each.rate_high)})",
        )
        for each in test.blame[:MOST_BLAMED]
    ]
    yield from _columns([_BLAME_HEADER, *rows], left={0})
    if len(test.blame) > MOST_BLAMED:
        yield f"and {len(test.blame) - MOST_BLAMED} more, each with less"


def _hours(test: Backtest, minutes: float) -> str:
    hours = test.reviewed * minutes / 60
    return (
        f"{counted(test.reviewed, 'output')} to review: at {minutes:g} minutes each that is "
        f"{hours:.1f} hours, {hours / len(test.weeks):.1f} a {_period(test)}."
    )


def _naive(test: Backtest) -> str:
    """Say what comparing each sample with the limit, and nothing more, had done."""
    rule = f"Whoever had compared each {_period(test)}'s sample with the limit had"
    if not test.naive_weeks:
        return f"{rule} never alarmed."
    false = test.naive_false
    wrong = f"falsely in {_weeks(test, false)}" if false else "never falsely"
    return f"{rule} alarmed in {_weeks(test, test.naive_weeks)}: {wrong}, by the truth."


def _reach(test: Backtest) -> str:
    """Say how long this plan takes to prove what is clearly too much."""
    policy = test.policy
    said = [
        f"{name} the limit about "
        + counted(
            max(
                1,
                round(
                    weeks_to_prove(
                        policy.limit_bp, times * test.limit, policy.sample, policy.limit_basis
                    )
                ),
            ),
            _period(test),
        )
        for name, times in _WORSE
        if times * test.limit < 1
    ]
    return f"To prove takes, with {policy.sample} each: {', '.join(said)}." if said else ""


def _begun(test: Backtest, week: Week) -> datetime:
    return week.began.astimezone(ZoneInfo(test.policy.zone))


def _period(test: Backtest) -> str:
    return "week" if test.is_weekly else "round"


def _weeks(test: Backtest, numbers: Sequence[int]) -> str:
    """Give numbers of weeks in words, what follows on another as a range."""
    runs: list[list[int]] = []
    for each in numbers:
        if runs and runs[-1][-1] == each - 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    said = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    listed = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"{_period(test)}{'s' if len(numbers) > 1 else ''} {listed}"


def _share(share: float) -> str:
    return f"{100 * share:.0f} %"


def _columns(rows: Sequence[Sequence[str]], left: set[int]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()
