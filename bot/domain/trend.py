"""How a workflow has gone over its rounds: what each has shown, smoothed, and by category."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.bounds import interval
from bot.domain.rounds import DrawnItem, Grade
from bot.domain.series import category_of

ROUNDS: Final = 12
KEPT: Final = 0.75  # of a round's weight, with each round after it


@dataclass(frozen=True, slots=True)
class Point:
    """One closed round: how many outputs were judged in time, and the share of them in error.

    `rate` is None if nothing was judged; `limit_bp` is the limit that the round was under. What its
    grade is about is in `points_to`, as the round has it. `dated` is the end of its period: one
    that nobody answers is closed long after that.
    """

    round: int
    dated: datetime
    judged: int
    errors: int
    rate: float | None
    limit_bp: int
    grade: Grade
    points_to: str = ""

    @property
    def category(self) -> str:
        """Give the category that the grade is about, or nothing."""
        return category_of(self.points_to)


@dataclass(frozen=True, slots=True)
class CategoryRate:
    """How often people did not leave the answer as it was, with its 95 % interval."""

    category: str
    overridden: int
    judged: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        return self.overridden / self.judged


def smoothed(points: Sequence[Point]) -> tuple[float | None, ...]:
    """Give after each round the rate of all rounds so far, the older ones counting less.

    An exponentially weighted mean in which every judged output counts alike (Roberts 1959), so a
    round of three outputs does not weigh as much as one of thirty. None until one was judged.
    """
    errors, judged = 0.0, 0.0
    line: list[float | None] = []
    for point in points:
        errors = errors * KEPT + (point.rate or 0.0) * point.judged
        judged = judged * KEPT + point.judged
        line.append(errors / judged if judged else None)
    return tuple(line)


def by_category(items: Iterable[DrawnItem]) -> tuple[CategoryRate, ...]:
    """Give the override rate of each category; late verdicts do not count.

    First comes the one whose true rate is high most surely, not the one with two of two.
    """
    judged, overridden = Counter[str](), Counter[str]()
    for item in items:
        if item.in_time:
            judged[item.output.category] += 1
            overridden[item.output.category] += item.in_time.is_override
    rates = [
        CategoryRate(name, overridden[name], seen, *interval(overridden[name], seen))
        for name, seen in judged.items()
    ]
    return tuple(sorted(rates, key=lambda each: (-each.low, -each.rate, each.category)))
