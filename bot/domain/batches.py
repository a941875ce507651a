"""How many outputs of one batch to look at, and how many may be wrong, to say yes or no to it.

For a question that is asked once, before going live or after a repair; what is watched for ever is
the detector's. All of it is exact: chances are fractions of whole numbers, of a binomial
distribution, or of a hypergeometric one where the batch is finite.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import comb
from typing import Final

from bot.domain.figures import WHOLE_BP

RISK_BP: Final = 500  # of failing what is within its limit
MISSED_BP: Final = 1_000  # of passing what is too bad
DOUBT_BP: Final = 500  # of an attestation
MOST_LOOKED_AT: Final = 1_000  # by people, one by one

Chance = Callable[[int, int], Fraction]


@dataclass(frozen=True, slots=True)
class Batch:
    """So many outputs; None is more than anybody counts."""

    size: int | None = None

    @property
    def most(self) -> int:
        """Give how many can be looked at."""
        return min(self.size or MOST_LOOKED_AT, MOST_LOOKED_AT)

    def passing(self, rate_bp: int, *, is_good: bool) -> Chance:
        """Give the chance that of n looked at no more than c are wrong, at this rate or beyond.

        Of a finite batch whole outputs are wrong: of a good one at most so many as the rate allows,
        of a bad one at least as many as it takes.
        """
        if self.size is None:
            return lambda looked_at, wrong: _binomial(looked_at, wrong, rate_bp)
        size, count = self.size, self.size * rate_bp
        bad = count // WHOLE_BP if is_good else -(-count // WHOLE_BP)
        return lambda looked_at, wrong: _hypergeometric(size, bad, looked_at, wrong)


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """Look at so many; the batch passes if no more than `may_be_wrong` are wrong."""

    look_at: int
    may_be_wrong: int
    passes_good: Fraction
    passes_bad: Fraction


def attestation(batch: Batch, limit_bp: int, doubt_bp: int = DOUBT_BP) -> int | None:
    """Give the fewest outputs that, all right, show that the rate is below a limit; None of none.

    With a rate of the limit or more all are right by a chance of at most the doubt.
    """
    passing = batch.passing(limit_bp, is_good=False)
    return _first(1, batch.most, lambda n: passing(n, 0) <= Fraction(doubt_bp, WHOLE_BP))


def batch_plan(
    batch: Batch,
    limit_bp: int,
    bad_bp: int,
    risk_bp: int = RISK_BP,
    missed_bp: int = MISSED_BP,
) -> BatchPlan | None:
    """Give the smallest plan that tells a rate within the limit from one that is too bad.

    One within the limit fails by a chance of at most the risk, one that is bad or worse passes by
    a chance of at most `missed_bp`. None if as many as can be looked at do not tell them apart.
    """
    if not 0 < limit_bp < bad_bp < WHOLE_BP:
        raise ValueError("a rate that is too bad is above the limit, and both between 0 and 1")
    good, bad = (batch.passing(each, is_good=each == limit_bp) for each in (limit_bp, bad_bp))
    passes, missed = 1 - Fraction(risk_bp, WHOLE_BP), Fraction(missed_bp, WHOLE_BP)
    if not _tells_apart(batch.most, good, bad, passes, missed):
        return None
    fewest = 1
    for wrong in range(batch.most):
        found = _first(fewest, batch.most, partial(_passes_rarely, bad, missed, wrong))
        if found is None:
            return None
        if good(found, wrong) >= passes:
            return BatchPlan(found, wrong, good(found, wrong), bad(found, wrong))
        fewest = found
    return None


def _passes_rarely(bad: Chance, missed: Fraction, wrong: int, looked_at: int) -> bool:
    return bad(looked_at, wrong) <= missed


def _tells_apart(most: int, good: Chance, bad: Chance, passes: Fraction, missed: Fraction) -> bool:
    """Tell whether some number of wrong ones among the most does, before all are tried."""
    enough = _first(0, most, lambda wrong: good(most, wrong) >= passes)
    return enough is not None and bad(most, enough) <= missed


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int | None:
    """Give the smallest number for which it holds, where from there on it always does."""
    if not holds(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _binomial(looked_at: int, wrong: int, rate_bp: int) -> Fraction:
    """Give the chance of at most so many wrong, each by chance for itself."""
    rate = Fraction(rate_bp, WHOLE_BP)
    bad, good = rate.numerator, rate.denominator - rate.numerator
    ways = good**looked_at
    total = 0
    for count in range(min(wrong, looked_at) + 1):
        total += ways
        ways = ways * (looked_at - count) * bad // ((count + 1) * good)
    return Fraction(total, rate.denominator**looked_at)


def _hypergeometric(size: int, bad: int, looked_at: int, wrong: int) -> Fraction:
    """Give the chance of at most so many wrong among those drawn, of so many in the batch."""
    ways = sum(
        comb(bad, count) * comb(size - bad, looked_at - count)
        for count in range(min(wrong, looked_at) + 1)
    )
    return Fraction(ways, comb(size, looked_at))
