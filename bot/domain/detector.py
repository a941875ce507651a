"""When many rounds together prove that the error rate is above the limit.

An e-detector after Shiryaev (1963) and Roberts (1966) in the mixture form of Shin, Ramdas and
Rinaldo (“E-detectors”, NEJSDS). Each alternative, a rate worse than the limit by a certain factor,
has a likelihood ratio that grows with every round that speaks for it. While the true rate is at
most the limit, the ratio of a round is 1 or less on average whatever came before, so that the
evidence grows on average by no more than the weeks that pass. By Ville's inequality it then
reaches `ALARM` within a year with a chance of at most 5 %, however often somebody looks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, inf, lgamma, log, log1p
from typing import Final

from bot.domain.evidence import Result, at_worst
from bot.domain.figures import WHOLE_BP
from bot.domain.policy import LimitBasis

WORSE: Final = (1.25, 1.5, 2.0, 3.0, 5.0)  # times the limit: how bad it might have become
HEAD_START: Final = 26.0  # weeks; trouble is likeliest after a start and after a repair
BETS: Final = (0.1, 0.25, 0.5, 0.75, 0.95)  # shares of the most that a round may take back
YEAR: Final = 52.0  # weeks
BUDGET: Final = 0.05  # the chance of a false alarm in the year after a start
ALARM: Final = (HEAD_START + YEAR) / BUDGET
WATCH: Final = ALARM / 10
# The more cautious bets of a limit of the average fall by a tenth with a flawless round.
MOST_DOUBT: Final = {LimitBasis.PER_WEEK: 10 * ALARM, LimitBasis.AVERAGE: ALARM}
DRIFT: Final = YEAR  # of evidence without a head start: once a year at most, in the long run
_MOST: Final = log(1e100)


@dataclass(frozen=True, slots=True)
class Detector:
    """The evidence so far that the rate is above its limit, one logarithm for each of `WORSE`."""

    logs: tuple[float, ...]

    @property
    def evidence(self) -> float:
        """Give the mean over the alternatives: `ALARM` and more is a breach."""
        return sum(exp(min(each, _MOST)) for each in self.logs) / len(self.logs)


def started(head_start: float = HEAD_START) -> Detector:
    """Give a detector that knows nothing yet."""
    return Detector((log(head_start) if head_start > 0 else -inf,) * len(WORSE))


def fed(
    detector: Detector,
    limit_bp: int,
    result: Result,
    weeks: float,
    basis: LimitBasis = LimitBasis.PER_WEEK,
) -> Detector:
    """Give the detector after one more round, whose period took so many weeks.

    The round is held against its own limit, in basis points from 1 to 9999: what gathers is the
    evidence that some round was not within the limit it was under. Nothing comes of a round of
    which nothing was judged.

    Verdicts that are missing say nothing here: nobody is accused by them. Of an uneven draw each
    error counts by the share of its category in the population; a category of which nothing was
    judged counts as flawless.
    """
    return moved(detector, limit_bp, result.judged, weighted_errors(result), weeks, basis)


def fed_at_worst(
    detector: Detector,
    limit_bp: int,
    result: Result,
    weeks: float,
    basis: LimitBasis = LimitBasis.PER_WEEK,
) -> Detector:
    """Give the detector after one more round of which all that is missing counts as wrong.

    So it accuses nobody, and may only take back what reassures. No alternative gathers more than
    `MOST_DOUBT`: from there one lucky round does not end it, and a few with all their verdicts do,
    however much was left unanswered before.
    """
    most = log(MOST_DOUBT[basis])
    fed_so = fed(detector, limit_bp, at_worst(result), weeks, basis)
    return Detector(tuple(min(each, most) for each in fed_so.logs))


def moved(
    detector: Detector,
    limit_bp: int,
    judged: int,
    bad: Iterable[tuple[int, float]],
    weeks: float,
    basis: LimitBasis = LimitBasis.PER_WEEK,
) -> Detector:
    """Give the detector after so many judged outputs, of which so many of each weight were bad.

    Under a limit of the average the whole round is one observation, the share of bad ones in it: a
    bet on it is fair as long as that share is expected to be within the limit, however its outputs
    hang together (Waudby-Smith and Ramdas, arXiv 2010.09686).
    """
    if not judged:
        return detector
    limit, counts = limit_bp / WHOLE_BP, tuple(bad)
    if basis is LimitBasis.AVERAGE:
        share = sum(count * weight for count, weight in counts) / judged
        ratios = [log1p(bet * (share / limit - 1)) for bet in BETS]
    else:
        ratios = [_log_ratio(judged, counts, limit, worse) for worse in WORSE]
    since = log(weeks) if weeks > 0 else -inf
    logs = zip(detector.logs, ratios, strict=True)
    return Detector(tuple(_sum_of_logs(since, each) + ratio for each, ratio in logs))


def weighted_errors(result: Result) -> tuple[tuple[int, float], ...]:
    """Give how many errors there are of each weight."""
    wrong = (each.wrong_at_worst - each.missing for each in result.strata)
    return _weighted(result, result.errors, wrong)


def weighted_overrides(result: Result) -> tuple[tuple[int, float], ...]:
    """Give how many outputs of each weight were not left as they were."""
    return _weighted(result, result.overrides, (each.overrides for each in result.strata))


def weeks_to_prove(
    limit_bp: int, rate: float, sample: float, basis: LimitBasis = LimitBasis.PER_WEEK
) -> float:
    """Give about how many weeks of `sample` judged outputs each it takes to prove this rate.

    By Kullback and Leibler's information for each output, from a new start. Within a sixth of what
    simulation gives between 4 and 30 weeks; it overstates what is longer.
    """
    limit = limit_bp / WHOLE_BP
    information = rate * log(rate / limit) + (1 - rate) * (log1p(-rate) - log1p(-limit))
    a_week = sample * information
    if basis is LimitBasis.AVERAGE:
        a_week = max(_growth(bet, limit, rate, max(1, round(sample))) for bet in BETS)
    return (log(ALARM / (HEAD_START + 1)) + 0.7) / a_week


def _log_ratio(
    judged: int, bad: tuple[tuple[int, float], ...], limit: float, worse: float
) -> float:
    """Give the logarithm by which a round's verdicts are likelier at the worse rate."""
    rate = min(worse * limit, (1 + limit) / 2)
    slope = (rate - limit) / (limit * (1 - limit))
    flawless = judged - sum(count for count, _ in bad)
    return flawless * log1p(-slope * limit) + sum(
        count * log1p(slope * (weight - limit)) for count, weight in bad
    )


def _growth(bet: float, limit: float, rate: float, sample: int) -> float:
    """Give by how much the logarithm of a bet on rounds of this sample grows with each."""
    odds = [
        exp(
            lgamma(sample + 1)
            - lgamma(bad + 1)
            - lgamma(sample - bad + 1)
            + bad * log(rate)
            + (sample - bad) * log1p(-rate)
        )
        for bad in range(sample + 1)
    ]
    return sum(chance * log1p(bet * (bad / sample / limit - 1)) for bad, chance in enumerate(odds))


def _weighted(
    result: Result, in_all: int, by_stratum: Iterable[int]
) -> tuple[tuple[int, float], ...]:
    if not result.strata:
        return ((in_all, 1.0),)
    total = sum(stratum.size for stratum in result.strata)
    return tuple(
        (count, stratum.size / total * result.judged / judged)
        for stratum, count in zip(result.strata, by_stratum, strict=True)
        if (judged := stratum.drawn - stratum.missing)
    )


def _sum_of_logs(one: float, other: float) -> float:
    low, high = sorted((one, other))
    return high if low == -inf else high + log1p(exp(low - high))
