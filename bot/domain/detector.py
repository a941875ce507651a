"""When many rounds together prove that the error rate is above the limit.

An e-detector after Shiryaev (1963) and Roberts (1966) in the mixture form of Shin, Ramdas and
Rinaldo (“E-detectors”, NEJSDS). Each alternative, a rate worse than the limit by a certain factor,
has a likelihood ratio that grows with every round that speaks for it. While the true rate is at
most the limit, the ratio of a round is 1 or less on average whatever came before, so that the
evidence grows on average by no more than the weeks that pass. By Ville's inequality it then
reaches `ALARM` within a year with a chance of at most 5 %, however often somebody looks.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from math import exp, inf, log, log1p
from typing import Final

from bot.domain.evidence import Result, grade
from bot.domain.rounds import Grade, Round

WORSE: Final = (1.25, 1.5, 2.0, 3.0, 5.0)  # times the limit: how bad it might have become
HEAD_START: Final = 26.0  # weeks; trouble is likeliest after a start and after a repair
YEAR: Final = 52.0  # weeks
BUDGET: Final = 0.05  # the chance of a false alarm in the year after a start
ALARM: Final = (HEAD_START + YEAR) / BUDGET
WATCH: Final = ALARM / 10
_MOST: Final = log(1e100)


@dataclass(frozen=True, slots=True)
class Detector:
    """The evidence so far that the rate is above its limit, one logarithm for each of `WORSE`."""

    logs: tuple[float, ...]

    @property
    def evidence(self) -> float:
        """Give the mean over the alternatives: `ALARM` and more is a breach."""
        return sum(exp(min(each, _MOST)) for each in self.logs) / len(self.logs)


@dataclass(frozen=True, slots=True)
class Series:
    """A workflow's rounds under one detector: from which to which, and what they came to.

    `breach` is the number of the breach that it led to, 0 if there is none: from then on it stays
    as it is until that breach is closed, and then begins anew. A round that was opened before
    `began_at` tells of the time before: it does not belong to it, however late it is closed.
    `policy` is the newest version that one of its rounds was under, `limit_bp` the limit of that.
    """

    workflow: str
    detector: Detector
    policy: int
    limit_bp: int
    began_at: datetime | None = None
    first: int = 0
    last: int = 0
    judged: int = 0
    errors: int = 0
    breach: int = 0

    def has(self, round_: Round) -> bool:
        """Tell whether a round is of the time since this began."""
        return self.began_at is None or round_.opened_at >= self.began_at

    def followed(self, round_: Round, limit_bp: int, result: Result, weeks: float) -> "Series":
        """Give the series after one more round, whose period took so many weeks."""
        is_newer = round_.policy > self.policy
        return replace(
            self,
            detector=fed(self.detector, limit_bp, result, weeks),
            policy=max(self.policy, round_.policy),
            limit_bp=limit_bp if is_newer else self.limit_bp,
            first=min(self.first or round_.number, round_.number),
            last=max(self.last, round_.number),
            judged=self.judged + result.judged,
            errors=self.errors + result.errors,
        )


def series_for(
    known: Series | None, round_: Round, limit_bp: int, settled_at: datetime | None
) -> Series:
    """Give the series as it stands when a round closes that was under this limit.

    `settled_at` is when the breach it led to was closed, None while that stands or if there is
    none. Then it begins anew, and so it does under a higher limit. Under a lower one it does not:
    who was not within the old one is not within the new one either.
    """
    anew = Series(round_.workflow, started(), round_.policy, limit_bp)
    if known is None:
        return anew
    if known.breach:
        return replace(anew, began_at=settled_at) if settled_at else known
    if round_.policy > known.policy and limit_bp > known.limit_bp:
        return replace(anew, began_at=round_.opened_at)
    return known


def started() -> Detector:
    """Give a detector that knows nothing yet."""
    return Detector((log(HEAD_START),) * len(WORSE))


def fed(detector: Detector, limit_bp: int, result: Result, weeks: float) -> Detector:
    """Give the detector after one more round, whose period took so many weeks.

    The round is held against its own limit, in basis points from 1 to 9999: what gathers is the
    evidence that some round was not within the limit it was under. Nothing comes of a round of
    which nothing was judged.

    Verdicts that are missing say nothing here: nobody is accused by them. Of an uneven draw each
    error counts by the share of its category in the population; a category of which nothing was
    judged counts as flawless.
    """
    if not result.judged:
        return detector
    limit = limit_bp / 10_000
    logs = tuple(
        _sum_of_logs(log(weeks) if weeks > 0 else -inf, each) + _log_ratio(result, limit, worse)
        for each, worse in zip(detector.logs, WORSE, strict=True)
    )
    return Detector(logs)


def graded(result: Result, limit_bp: int, detector: Detector) -> Grade:
    """Grade a round by all that is known with it: what is proven against it comes first.

    One of which nothing was judged proves nothing, whatever others do.
    """
    if not result.judged:
        return grade(result, limit_bp)
    if detector.evidence >= ALARM:
        return Grade.BREACH
    if detector.evidence >= WATCH:
        return Grade.WATCH
    return grade(result, limit_bp)


def weeks_to_prove(limit_bp: int, rate: float, sample: float) -> float:
    """Give about how many weeks of `sample` judged outputs each it takes to prove this rate.

    By Kullback and Leibler's information for each output, from a new start. Within a sixth of what
    simulation gives between 4 and 30 weeks; it overstates what is longer.
    """
    limit = limit_bp / 10_000
    information = rate * log(rate / limit) + (1 - rate) * (log1p(-rate) - log1p(-limit))
    return (log(ALARM / (HEAD_START + 1)) + 0.7) / (sample * information)


def _log_ratio(result: Result, limit: float, worse: float) -> float:
    """Give the logarithm by which a round's verdicts are likelier at the worse rate."""
    rate = min(worse * limit, (1 + limit) / 2)
    slope = (rate - limit) / (limit * (1 - limit))
    errors = list(_weighted(result))
    flawless = result.judged - sum(count for count, _ in errors)
    return flawless * log1p(-slope * limit) + sum(
        count * log1p(slope * (weight - limit)) for count, weight in errors
    )


def _weighted(result: Result) -> Iterable[tuple[int, float]]:
    """Give how many errors there are of each weight."""
    if not result.strata:
        yield result.errors, 1.0
        return
    total = sum(stratum.size for stratum in result.strata)
    for stratum in result.strata:
        judged = stratum.drawn - stratum.missing
        if judged:
            share = stratum.size / total
            yield stratum.wrong_at_worst - stratum.missing, share * result.judged / judged


def _sum_of_logs(one: float, other: float) -> float:
    low, high = sorted((one, other))
    return high + log1p(exp(low - high))
