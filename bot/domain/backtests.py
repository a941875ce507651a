"""What a sampling plan would have found in past outputs of which the truth is known."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from bot.domain.blame import Blame, Tally, blamed, worst_run
from bot.domain.figures import WHOLE_BP
from bot.domain.outputs import Output
from bot.domain.policy import Policy
from bot.domain.rounds import Grade

_WEEK: Final = timedelta(weeks=1)
_CLOCK_CHANGE: Final = timedelta(hours=1)  # by which a week of local time may differ from others


@dataclass(frozen=True, slots=True)
class Past:
    """One past output, the line of the file that tells of it, and whether it was wrong."""

    line: int
    output: Output
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class Week:
    """One round of a backtest: what was produced, how it was graded, and what else came of it.

    `wrong` counts all outputs by the truth, `errors` those that were judged. `rate` is what the
    sample says, None if nothing was judged. `points_to` is what its grade is about, if that is more
    than the round; `breaches` are the causes of those opened by it.
    """

    number: int
    began: datetime
    ended: datetime
    wrong: int
    rate: float | None
    grade: Grade
    tallies: tuple[Tally, ...]
    points_to: str = ""
    breaches: tuple[str, ...] = ()

    @property
    def produced(self) -> int:
        return sum(each.produced for each in self.tallies)

    @property
    def reviewed(self) -> int:
        return sum(each.judged for each in self.tallies)

    @property
    def errors(self) -> int:
        return sum(each.errors for each in self.tallies)

    @property
    def true_rate(self) -> float:
        return self.wrong / self.produced if self.produced else 0.0


@dataclass(frozen=True)
class Backtest:
    """A whole backtest: the plan, and its weeks in their order, those after a breach included."""

    policy: Policy
    seed: int
    weeks: tuple[Week, ...]

    @property
    def limit(self) -> float:
        return self.policy.limit_bp / WHOLE_BP

    @property
    def is_weekly(self) -> bool:
        return all(abs(each.ended - each.began - _WEEK) <= _CLOCK_CHANGE for each in self.weeks)

    @property
    def reviewed(self) -> int:
        return sum(each.reviewed for each in self.weeks)

    @property
    def watch_week(self) -> int | None:
        """Give the first week that was graded `watch` or worse: then somebody looks closer."""
        return self._first(Grade.WATCH, Grade.BREACH)

    @property
    def breach_week(self) -> int | None:
        return self._first(Grade.BREACH)

    @property
    def above_limit(self) -> tuple[int, ...]:
        """Give the weeks in which all outputs together were above the limit, by the truth."""
        return tuple(each.number for each in self.weeks if each.true_rate > self.limit)

    @property
    def naive_weeks(self) -> tuple[int, ...]:
        """Give the weeks in which whoever compares the sample with the limit had alarmed."""
        return tuple(
            each.number for each in self.weeks if each.rate is not None and each.rate > self.limit
        )

    @property
    def naive_false(self) -> tuple[int, ...]:
        """Give those of them in which all outputs together were within the limit."""
        return tuple(sorted(set(self.naive_weeks) - set(self.above_limit)))

    @cached_property
    def worst_weeks(self) -> tuple[Week, ...]:
        """Give the run of weeks in which the most errors beyond the limit came together."""
        excesses = [
            0.0 if each.rate is None else each.produced * (each.rate - self.limit)
            for each in self.weeks
        ]
        begin, end = worst_run(excesses)
        return self.weeks[begin:end]

    @cached_property
    def blame(self) -> tuple[Blame, ...]:
        """Give the categories that the errors beyond the limit came from in those weeks.

        The weeks were picked by the same errors: their intervals are too narrow by that.
        """
        return blamed(_together(self.worst_weeks), self.policy.limit_bp)

    def _first(self, *grades: Grade) -> int | None:
        return next((each.number for each in self.weeks if each.grade in grades), None)


def _together(weeks: Iterable[Week]) -> list[Tally]:
    produced, judged, errors = Counter[str](), Counter[str](), Counter[str]()
    for tally in (tally for week in weeks for tally in week.tallies):
        produced[tally.category] += tally.produced
        judged[tally.category] += tally.judged
        errors[tally.category] += tally.errors
    return [Tally(each, produced[each], judged[each], errors[each]) for each in produced]
