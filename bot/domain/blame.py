"""Which categories the errors beyond the limit come from, and since when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

from bot.domain.bounds import interval
from bot.domain.figures import WHOLE_BP

_TRIES: Final = 2_000
_CUT: Final = _TRIES // 40  # so many are left out at either end: a fortieth, of 95 %
_SEED: Final = 1


@dataclass(frozen=True, slots=True)
class Tally:
    """One category over some rounds: what was produced, what of it was judged, what was wrong."""

    category: str
    produced: int
    judged: int
    errors: int


@dataclass(frozen=True, slots=True)
class Blame:
    """A category whose error rate is above the limit, and its share of the errors beyond it.

    `rate_low` and `rate_high` are the exact 95 % interval of its rate, `low` and `high` the middle
    95 % of what its share may be, with all that is uncertain in the others. Both take the rounds as
    given. Where these were picked by the same errors they are too narrow by that: in simulation
    `low` to `high` had the true share in 87 of 100 cases, where one of three categories was bad.
    """

    category: str
    judged: int
    errors: int
    rate_low: float
    rate_high: float
    share: float
    low: float
    high: float

    @property
    def rate(self) -> float:
        return self.errors / self.judged


def blamed(tallies: Iterable[Tally], limit_bp: int) -> tuple[Blame, ...]:
    """Give the categories with a rate above the limit, the one with the most of the excess first.

    The excess of a category is how many of all its outputs are wrong, as far as those judged tell,
    beyond what the limit tolerates of it. So it does not matter how many of each were drawn. Those
    below the limit make up for nothing.
    """
    limit = limit_bp / WHOLE_BP
    seen = [each for each in tallies if each.judged]
    shares = _shares(seen, [each.errors / each.judged for each in seen], limit)
    spread = _spread(seen, limit)
    found = [
        Blame(each.category, each.judged, each.errors, *_rate(each), share, *_around(share, ends))
        for each, share, ends in zip(seen, shares, spread, strict=True)
        if share
    ]
    return tuple(sorted(found, key=lambda each: (-each.share, each.category)))


def worst_run(excesses: Sequence[float]) -> tuple[int, int]:
    """Give where the run of rounds begins and ends whose excesses add up to the most.

    The end is not part of it. It is empty, (0, 0), if no round has any excess.
    """
    sums = list(accumulate(excesses, initial=0.0))
    best, run, lowest = 0.0, (0, 0), 0
    for end, reached in enumerate(sums):
        if reached - sums[lowest] > best:
            best, run = reached - sums[lowest], (lowest, end)
        if reached < sums[lowest]:
            lowest = end
    return run


def _shares(tallies: Sequence[Tally], rates: Sequence[float], limit: float) -> list[float]:
    """Give each category's share of the excess, were these the rates; all 0 if there is none."""
    excess = [
        each.produced * max(0.0, rate - limit) for each, rate in zip(tallies, rates, strict=True)
    ]
    total = sum(excess)
    return [each / total if total else 0.0 for each in excess]


def _spread(tallies: Sequence[Tally], limit: float) -> list[tuple[float, float]]:
    """Give the middle 95 % of the shares, were the rates any that fit what was judged.

    Each rate is taken from Jeffreys' distribution of it, all of them together and again and again.
    The same tallies always give the same: chance comes from a fixed seed.
    """
    chance = Random(_SEED)  # noqa: S311 -- arithmetic that everybody can repeat, not a secret
    tries = [
        _shares(tallies, [_fitting(each, chance) for each in tallies], limit) for _ in range(_TRIES)
    ]
    columns = [sorted(column) for column in zip(*tries, strict=True)]
    return [(column[_CUT], column[-1 - _CUT]) for column in columns]


def _fitting(tally: Tally, chance: Random) -> float:
    return chance.betavariate(tally.errors + 0.5, tally.judged - tally.errors + 0.5)


def _rate(tally: Tally) -> tuple[float, float]:
    return interval(tally.errors, tally.judged)


def _around(share: float, ends: tuple[float, float]) -> tuple[float, float]:
    """Give an interval with the share itself in it, where chance has left that out."""
    low, high = ends
    return min(low, share), max(high, share)
