"""What a workflow's rate was when it was accepted, and whether it is worse than that by now.

Within the limit and still much worse than it was: that no limit shows. So the first rounds set a
baseline, and a detector of its own watches for a rate above that. It asks somebody to look and
proves no breach: nobody has agreed on this limit.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import isqrt
from typing import Final

from bot.domain.detector import Detector, fed
from bot.domain.evidence import Result
from bot.domain.figures import WHOLE_BP
from bot.domain.policy import LimitBasis

ROUNDS: Final = 4
_MILLION: Final = 10**6


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the first rounds have shown; `rate_bp` is 0 until there were enough of them.

    `wrong` is in millionths of an output, because an error of an uneven draw counts by the share
    of its category, and so that whoever computes it again gets the same number.
    """

    rounds: int = 0
    judged: int = 0
    wrong: int = 0
    rate_bp: int = 0

    @property
    def is_set(self) -> bool:
        return self.rounds >= ROUNDS


def joined(
    drift: Detector,
    baseline: Baseline,
    limit_bp: int,
    result: Result,
    weeks: float,
    basis: LimitBasis = LimitBasis.PER_WEEK,
) -> tuple[Detector, Baseline]:
    """Give both after one more round: it sets the baseline, or once that is set is held against it.

    A round of which nothing was judged does neither.
    """
    if not result.judged:
        return drift, baseline
    if baseline.is_set:
        return fed(drift, min(baseline.rate_bp, limit_bp), result, weeks, basis), baseline
    more = Baseline(
        baseline.rounds + 1,
        baseline.judged + result.judged,
        baseline.wrong + int(_wrong(result) * _MILLION),
    )
    return drift, replace(more, rate_bp=min(_rate_bp(more), limit_bp)) if more.is_set else more


def _wrong(result: Result) -> Fraction:
    """Give the errors of a round; of an uneven draw each by the share of its category."""
    if not result.strata:
        return Fraction(result.errors)
    total = sum(stratum.size for stratum in result.strata)
    return sum(
        (
            Fraction((each.wrong_at_worst - each.missing) * each.size * result.judged, total * seen)
            for each in result.strata
            if (seen := each.drawn - each.missing)
        ),
        Fraction(0),
    )


def _rate_bp(baseline: Baseline) -> int:
    """Give the estimate and a standard error above it, in basis points, of which 1 is the least.

    Half an output in error is added to what was seen: without one error in eighty outputs nobody
    was promised that there is none. In whole numbers, so that everybody rounds alike.
    """
    rate = (Fraction(baseline.wrong, _MILLION) + Fraction(1, 2)) / (baseline.judged + 1)
    variance = rate * (1 - rate) / baseline.judged
    error_bp = isqrt(int(variance * WHOLE_BP**2)) if variance > 0 else 0
    return max(1, int(rate * WHOLE_BP) + error_bp)
