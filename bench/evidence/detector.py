"""How often a workflow alarms falsely, and how soon it sees what is true, by simulation.

Histories of 52 weekly rounds each, with fixed seeds, through the series as the product keeps them:
all strands against one bar, the drift, and three times the sample while there is cause to look
closer where a case says so. At the limits at most 5 % of the years may have a false breach over all
strands together. The weeks beside are those of a study of 20,000 histories of one strand alone
with which the method was chosen: the strand of the error rate, which has four fifths of the budget
here, is to be within a week of them all the same.

So many histories say so much: beside what they came to stands the interval that what is true lies
in, exact, and so wide that all of them together hold with 95 %. A bar is met where the interval is
within it and missed where it is outside. One that it reaches into is open: so few histories cannot
tell, and whoever wants to know plays more. Only what is missed fails.

    python bench/evidence/detector.py [--histories 300]
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from math import comb
from random import Random
from statistics import median
from time import perf_counter
from typing import Final

from bot.domain.bounds import upper_bound
from bot.domain.evidence import CategoryCount, Result, Stratum, result_of
from bot.domain.grades import grade_in, points_to
from bot.domain.outputs import Output
from bot.domain.policy import LimitBasis, Policy
from bot.domain.rounds import DrawnItem, Grade, Round, RoundState
from bot.domain.series import Series, begun, is_alarm, sample_for
from bot.domain.strata import FloorBy, band_of
from bot.domain.verdicts import Answer, Judgement, Severity, Why

WEEKS: Final = 52
NEVER: Final = WEEKS + 1
TOGETHER: Final = 0.95  # all intervals hold at once with so much confidence
BEGAN: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
Draw = Callable[[Random, int, int], Result]  # of so many outputs in this week
Seen = Callable[[Series, Result, int], bool]


class Judged(StrEnum):
    MET = "met"
    OPEN = "open"
    MISSED = "MISSED"


@dataclass(frozen=True, slots=True)
class Case:
    """A limit, a sample and how outputs are; `alarms` and `weeks` are what is to come out of it."""

    name: str
    limit_bp: int
    sample: int
    draw: Draw
    most_alarms: float = 1.0
    weeks: float | None = None
    tighten: int = 1
    basis: LimitBasis = LimitBasis.PER_WEEK
    seen: Seen = lambda series, _result, _limit_bp: is_alarm(series)


def some(chance: Random, count: int, rate: float) -> int:
    return sum(chance.random() < rate for _ in range(count))


def plain(rate: float, later: float | None = None, first: int = 8) -> Draw:
    """Give outputs of no category, wrong at a rate that may be another after some weeks."""

    def draw(chance: Random, week: int, sample: int) -> Result:
        by_now = rate if later is None or week <= first else later
        errors = some(chance, sample, by_now)
        return Result(sample, sample, errors, errors, 0)

    return draw


def swinging(rate: float, overdispersion: float) -> Draw:
    """Give outputs whose rate is another every week (beta-binomial), the given one on average."""
    both = 1 / overdispersion - 1

    def draw(chance: Random, _week: int, sample: int) -> Result:
        errors = some(chance, sample, chance.betavariate(rate * both, (1 - rate) * both))
        return Result(sample, sample, errors, errors, 0)

    return draw


def uneven(chance: Random, _week: int, sample: int) -> Result:
    """Give half the draw of each category: a fifth is wrong in 12 %, the others in 2 %, so 4 %."""
    each = sample // 2
    risky, usual = some(chance, each, 0.12), some(chance, each, 0.02)
    strata = (Stratum(200, each, risky, 0, risky), Stratum(800, each, usual, 0, usual))
    return Result(2 * each, 2 * each, risky + usual, risky + usual, 0, strata)


def by_bands(chance: Random, _week: int, sample: int) -> Result:
    """Give half the draw of each of two bands: in both categories a fifth is unsure, so 4 %."""
    verdicts = Judgement(Answer.CORRECT), Judgement(Answer.WRONG, Why.ERROR, Severity.MINOR)
    items = []
    for place in range(sample // 2 * 2):
        confidence, rate = ("0.3", 0.12) if place % 2 else ("1", 0.02)
        output = Output(f"o{place}", BEGAN, chance.choice("ab"), confidence)
        items.append(DrawnItem(place, output, verdict=verdicts[chance.random() < rate]))
    return result_of(items, BANDED, {UNSURE: 200, SURE: 800}, CELLS)


UNSURE, SURE = band_of("0.3"), band_of("1")
CELLS: Final = {(of, band): size for of in "ab" for band, size in ((UNSURE, 100), (SURE, 400))}
BANDED: Final = Policy(1, "", "UTC", 20, 5, 400, 1, 1_000, floor_by=FloorBy.CONFIDENCE)


def categories(*rates: float, overridden: float = 0.0) -> Draw:
    """Give outputs of equally many categories; what is not wrong is overridden at some rate."""

    def draw(chance: Random, _week: int, sample: int) -> Result:
        sizes = [0] * len(rates)
        for _ in range(sample):
            sizes[chance.randrange(len(rates))] += 1
        errors = [some(chance, size, rate) for size, rate in zip(sizes, rates, strict=True)]
        counts = tuple(
            CategoryCount(f"c{place}", size, wrong)
            for place, (size, wrong) in enumerate(zip(sizes, errors, strict=True))
            if size
        )
        changed = sum(errors) + some(chance, sample - sum(errors), overridden)
        return Result(sample, sample, sum(errors), changed, 0, (), counts)

    return draw


def unanswered(rate: float, left_out: float, whole_from: int | None = None) -> Draw:
    """Give outputs of which so large a share of the wrong ones gets no verdict.

    A round in which so many are wrong, or more, gets none at all.
    """

    def draw(chance: Random, _week: int, sample: int) -> Result:
        errors = some(chance, sample, rate)
        if whole_from is not None and errors >= whole_from:
            return Result(sample, 0, 0, 0, 0)
        missing = some(chance, errors, left_out)
        return Result(sample, sample - missing, errors - missing, errors - missing, 0)

    return draw


def is_within(series: Series, result: Result, limit_bp: int) -> bool:
    return grade_in(series, result, limit_bp) is Grade.WITHIN_LIMIT


def is_drifted(series: Series, result: Result, limit_bp: int) -> bool:
    return points_to(series, result, limit_bp) == "drift"


AT_MOST: Final = (
    Case("2 %, 20 a week, at the limit", 200, 20, plain(0.02), 0.05, tighten=3),
    Case("5 %, 20 a week, at the limit", 500, 20, plain(0.05), 0.05, tighten=3),
    Case("5 %, 50 a week, at the limit", 500, 50, plain(0.05), 0.05, tighten=3),
    Case("10 %, 20 a week, at the limit", 1_000, 20, plain(0.10), 0.05, tighten=3),
    Case("5 %, 20 a week, half the limit", 500, 20, plain(0.025), 0.001, tighten=3),
    Case("4 %, uneven draw, at the limit", 400, 20, uneven, 0.02, tighten=3),
    Case("4 %, floors by band, at the limit", 400, 20, by_bands, 0.05, tighten=3),
    Case("5 %, 50 a week, 4 categories, all at the limit", 500, 50, categories(*[0.05] * 4), 0.05,
         tighten=3),
    Case("5 %, 50 a week, 8 categories, overrides too at theirs", 500, 50,
         categories(*[0.05] * 8, overridden=0.45 / 0.95), 0.05, tighten=3),
)  # fmt: skip
SWINGS: Final = (  # of a limit that bounds the average, at that average
    Case("5 % on average, 20 a week, every week alike", 500, 20, plain(0.05), 0.05, tighten=3,
         basis=LimitBasis.AVERAGE),
    Case("5 % on average, 20 a week, weeks that swing by 0.05", 500, 20, swinging(0.05, 0.05), 0.05,
         tighten=3, basis=LimitBasis.AVERAGE),
    Case("5 % on average, 50 a week, weeks that swing by 0.05", 500, 50, swinging(0.05, 0.05), 0.05,
         tighten=3, basis=LimitBasis.AVERAGE),
    Case("4 % on average, uneven draw", 400, 20, uneven, 0.05, tighten=3,
         basis=LimitBasis.AVERAGE),
    Case("5 % on average, 20 a week, twice", 500, 20, plain(0.10), weeks=12,
         basis=LimitBasis.AVERAGE),
    Case("5 % on average, 20 a week, 4 times", 500, 20, plain(0.20), weeks=4,
         basis=LimitBasis.AVERAGE),
    Case("5 % on average, 50 a week, twice", 500, 50, plain(0.10), weeks=9,
         basis=LimitBasis.AVERAGE),
    Case("5 % on average, 50 a week, 4 times", 500, 50, plain(0.20), weeks=4,
         basis=LimitBasis.AVERAGE),
)  # fmt: skip
DELAYS: Final = (
    Case("2 %, 20 a week, twice", 200, 20, plain(0.04), weeks=26),
    Case("2 %, 20 a week, 4 times", 200, 20, plain(0.08), weeks=5),
    Case("5 %, 20 a week, twice", 500, 20, plain(0.10), weeks=11),
    Case("5 %, 20 a week, 4 times", 500, 20, plain(0.20), weeks=2),
    Case("10 %, 20 a week, twice", 1_000, 20, plain(0.20), weeks=6),
    Case("10 %, 20 a week, 4 times", 1_000, 20, plain(0.40), weeks=1),
    Case("5 %, 50 a week, twice", 500, 50, plain(0.10), weeks=5),
    Case("5 %, 50 a week, 4 times", 500, 50, plain(0.20), weeks=1),
    Case("5 %, 10 a week, twice", 500, 10, plain(0.10), weeks=21),
    Case("5 %, 10 a week, 4 times", 500, 10, plain(0.20), weeks=4),
)
TOLD: Final = (  # what comes of it is told and held against nothing
    Case("2 %, 20 a week, twice, tightened", 200, 20, plain(0.04), tighten=3),
    Case("5 %, 20 a week, twice, tightened", 500, 20, plain(0.10), tighten=3),
    Case("5 %, 20 a week, one and a half, tightened", 500, 20, plain(0.075), tighten=3),
    Case("5 %, 50 a week, one of 4 categories at 20 %, 5 % over all", 500, 50,
         categories(0.20, 0, 0, 0), tighten=3),
    Case("5 %, 50 a week, one of 4 categories at 40 %, 10 % over all", 500, 50,
         categories(0.40, 0, 0, 0), tighten=3),
    Case("5 % of each week, 20 a week, weeks that swing by 0.05 around it", 500, 20,
         swinging(0.05, 0.05), tighten=3),
    Case("5 % of each week, 50 a week, weeks that swing by 0.05 around it", 500, 50,
         swinging(0.05, 0.05), tighten=3),
    Case("20 %, 40 a week at 13 %: a drift that is none", 2_000, 40, plain(0.13), tighten=3,
         seen=is_drifted),
    Case("20 %, 40 a week, 5 % for 8 weeks, then 15 %: drift", 2_000, 40, plain(0.05, 0.15),
         tighten=3, seen=is_drifted),
)  # fmt: skip
RISK: Final = (1 - TOGETHER) / len((*AT_MOST, *SWINGS, *DELAYS))  # of one, by Bonferroni
TRUE_RATES: Final = (0.02, 0.10, 0.15, 0.20)
EVADED: Final = (0.5, 1.0)  # of the wrong ones, left unanswered or skipped
WHOLE_FROM: Final = 2  # wrong ones in a round that is not answered at all


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--histories", type=int, default=300, help="of 52 weeks, for each case")
    histories = options.parse_args().histories
    began = perf_counter()
    judged = [_judged(case, histories) for case in (*AT_MOST, *SWINGS, *DELAYS, *TOLD)]
    is_fair = _pays_no_evasion(histories)
    done = f"{histories} histories of each case in {perf_counter() - began:.0f} s"
    print(f"{done}: {', '.join(f'{judged.count(each)} {each}' for each in Judged)}")
    return 1 if Judged.MISSED in judged or not is_fair else 0


def _judged(case: Case, histories: int) -> Judged | None:
    """Play a case, print what it came to, and hold that against its bar; None if it has none."""
    chance = Random(f"{case.name}/1")  # noqa: S311 -- a simulation, the same in every run
    found = sorted(_weeks_until(case, chance) or NEVER for _ in range(histories))
    alarms, weeks = histories - found.count(NEVER), median(found)
    said = f"{case.name}: {alarms / histories:.1%}, median {weeks:g} weeks"
    if case.weeks is not None:
        low, high = median_interval(found, RISK)
        judged = _held(low, high, case.weeks - 1, case.weeks + 1)
        said += f" [{low:g}, {high:g}] ({case.weeks:g} +- 1 weeks): {judged}"
    elif case.most_alarms < 1:
        share = share_interval(alarms, histories, RISK)
        judged = _held(*share, 0, case.most_alarms)
        said += f" [{share[0]:.1%}, {share[1]:.1%}] (at most {case.most_alarms:.1%}): {judged}"
    else:
        judged, said = None, f"{said} (told)"
    print(said, flush=True)
    return judged


def _held(low: float, high: float, least: float, most: float) -> Judged:
    if low > most or high < least:
        return Judged.MISSED
    return Judged.MET if least <= low and high <= most else Judged.OPEN


def share_interval(found: int, of: int, risk: float) -> tuple[float, float]:
    """Give where a share lies, exactly (Clopper & Pearson), but for so small a risk."""
    confidence = 1 - risk / 2
    return 1 - upper_bound(of - found, of, confidence), upper_bound(found, of, confidence)


def median_interval(ranked: list[int], risk: float) -> tuple[int, int]:
    """Give where the median lies of what these are drawn from, but for so small a risk.

    Exactly, whatever that is: how many of them are below it is a matter of tossing a coin.
    """
    count = len(ranked)
    below = accumulate(comb(count, hits) / 2**count for hits in range(count))
    outside = sum(share <= risk / 2 for share in below)
    return (ranked[outside - 1], ranked[-outside]) if outside else (0, NEVER)


def _weeks_until(case: Case, chance: Random) -> int | None:
    policy = Policy(1, "", "UTC", case.sample, 0, case.limit_bp, 1, 1_000, tighten=case.tighten)
    series = begun("triage", 1, case.limit_bp)
    for week in range(1, WEEKS + 1):
        result = case.draw(chance, week, sample_for(policy.sample, policy.tighten, series))
        series = series.followed(_round(week), case.limit_bp, result, 1.0, case.basis)
        if case.seen(series, result, case.limit_bp):
            return week
    return None


def _pays_no_evasion(histories: int) -> bool:
    """Tell whether leaving wrong ones unanswered makes no more rounds `within_limit`."""
    print("5 %, 100 a week: rounds graded within the limit")
    fair = [_pays_no_evasion_at(rate, histories) for rate in TRUE_RATES]
    return all(fair)


def _pays_no_evasion_at(rate: float, histories: int) -> bool:
    honest = _within(unanswered(rate, 0.0), histories)
    draws = *(unanswered(rate, share) for share in EVADED), unanswered(rate, 1.0, WHOLE_FROM)
    evasive = [_within(draw, histories) for draw in draws]
    told = ", ".join(f"{share:.2%}" for share in evasive)
    print(
        f"    at {rate:.0%}: {honest:.2%}; with half, or all, of the wrong ones unanswered, or "
        f"each round of {WHOLE_FROM} or more: {told}"
    )
    return all(share <= honest for share in evasive)


def _within(draw: Draw, histories: int) -> float:
    found = 0
    for history in range(histories):
        series = begun("triage", 1, 500)
        for week in range(1, WEEKS + 1):
            chance = Random(f"{history}/{week}")  # noqa: S311 -- the same errors for all of them
            result = draw(chance, week, 100)
            series = series.followed(_round(week), 500, result, weeks=1.0)
            found += is_within(series, result, 500)
    return found / (histories * WEEKS)


def _round(number: int) -> Round:
    opened = BEGAN + timedelta(weeks=number)
    return Round("triage", number, RoundState.DRAWN, 1, opened, opened, "")


if __name__ == "__main__":
    sys.exit(main())
