"""What a workflow's rounds come to together: over all, of overrides, by category, and of late.

All of it but the drift shares one budget for false alarms. Each series has a fixed weight, and the
weighted mean of their evidence is held against one bar: while every rate is within its limit, the
mean grows by no more than the weeks that pass, as each of its parts does. So `ALARM` bounds the
chance of a false breach over all of them together.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.baseline import Baseline, joined
from bot.domain.detector import (
    ALARM,
    DRIFT,
    HEAD_START,
    WATCH,
    Detector,
    fed,
    fed_at_worst,
    moved,
    started,
    weighted_overrides,
)
from bot.domain.evidence import CategoryCount, Result
from bot.domain.plans import MAX_SAMPLE
from bot.domain.policy import LimitBasis
from bot.domain.rounds import Round

WHOLE: Final = 50
OF_ERRORS: Final = 40
OF_OVERRIDES: Final = 2
OF_CATEGORY: Final = 1
PLACES: Final = 8  # for categories, each with its own weight: OF_CATEGORY
ENOUGH_FOR_PLACE: Final = 5
OVERRIDES_BP: Final = 5_000

ERRORS: Final = "errors"
OVERRIDES: Final = "overrides"
DRIFTED: Final = "drift"
UNANSWERED: Final = "unanswered"
_CATEGORY: Final = "category "
_NO_DRIFT: Final = started(0.0)
_NO_DOUBT: Final = started()
_NO_BASELINE: Final = Baseline()


@dataclass(frozen=True, slots=True)
class Strand:
    """The evidence of one rate against its limit, with what was judged and bad in its rounds.

    `about` is `ERRORS`, `OVERRIDES` or, after “category ”, which one.
    """

    about: str
    weight: int
    detector: Detector
    judged: int = 0
    bad: int = 0

    @property
    def weighed(self) -> float:
        return self.weight * self.detector.evidence

    @property
    def category(self) -> str:
        """Give the category that this is of, or nothing."""
        return category_of(self.about)


@dataclass(frozen=True, slots=True)
class Series:
    """A workflow's rounds under its detectors: from which to which, and what they came to.

    `breach` is the number of the breach that it led to, 0 if there is none: from then on it stays
    as it is until that breach is closed, and then begins anew. A round that was opened before
    `began_at` tells of the time before: it does not belong to it, however late it is closed.
    `policy` is the newest version that one of its rounds was under, `limit_bp` the highest limit.
    `doubt` is what the errors come to with all that nobody judged in time counted as wrong.
    """

    workflow: str
    policy: int
    limit_bp: int
    errors: Strand
    overrides: Strand
    categories: tuple[Strand, ...] = ()
    drift: Detector = _NO_DRIFT
    doubt: Detector = _NO_DOUBT
    baseline: Baseline = _NO_BASELINE
    began_at: datetime | None = None
    first: int = 0
    last: int = 0
    breach: int = 0

    @property
    def strands(self) -> tuple[Strand, ...]:
        return (self.errors, self.overrides, *self.categories)

    @property
    def evidence(self) -> float:
        """Give the weighted mean over all strands: `ALARM` and more is a breach.

        A place that no category has taken stands at the head start.
        """
        places = (PLACES - len(self.categories)) * OF_CATEGORY * HEAD_START
        return (sum(each.weighed for each in self.strands) + places) / WHOLE

    @property
    def doubted(self) -> float:
        """Give the evidence with all that nobody judged in time counted as wrong.

        With nothing missing that is the evidence, or less where that is far beyond every bar.
        """
        at_worst = replace(self, errors=replace(self.errors, detector=self.doubt))
        return at_worst.evidence

    @property
    def leading(self) -> Strand:
        """Give the strand that most of the evidence is of."""
        return max(self.strands, key=lambda each: each.weighed)

    @property
    def is_watched(self) -> bool:
        """Tell whether more is to be looked at; with an open breach that is for a person to say."""
        return not self.breach and (self.evidence >= WATCH or self.drift.evidence >= DRIFT)

    def has(self, round_: Round) -> bool:
        """Tell whether a round is of the time since this began."""
        return self.began_at is None or round_.opened_at >= self.began_at

    def followed(
        self,
        round_: Round,
        limit_bp: int,
        result: Result,
        weeks: float,
        basis: LimitBasis = LimitBasis.PER_WEEK,
    ) -> "Series":
        """Give the series after one more round, whose period took so many weeks.

        One of which nothing was judged adds to the doubt alone.
        """
        doubt = fed_at_worst(self.doubt, limit_bp, result, weeks, basis)
        if not result.judged:
            return replace(self, doubt=doubt)
        drift, baseline = joined(self.drift, self.baseline, limit_bp, result, weeks, basis)
        errors = fed(self.errors.detector, limit_bp, result, weeks, basis)
        return replace(
            self,
            errors=_more(self.errors, errors, result),
            overrides=_overridden(self.overrides, limit_bp, result, weeks, basis),
            categories=_by_category(self.categories, limit_bp, result, weeks, basis),
            drift=drift,
            doubt=doubt,
            baseline=baseline,
            policy=max(self.policy, round_.policy),
            limit_bp=max(limit_bp, self.limit_bp),
            first=min(self.first or round_.number, round_.number),
            last=max(self.last, round_.number),
        )


def series_for(
    known: Series | None, round_: Round, limit_bp: int, settled_at: datetime | None
) -> Series:
    """Give the series as it stands for a round that is, or was, under this limit.

    `settled_at` is when the breach it led to was closed, None while that stands or if there is
    none. Then it begins anew, and so it does, with no such breach, under a limit higher than any of
    its rounds was under. Under a lower one it does not: who was not within the old one is not
    within the new one either; and from there back to the old one nothing new is allowed. All its
    strands and the drift begin anew together, and only then: no category comes or goes by that.
    """
    anew = begun(round_.workflow, round_.policy, limit_bp)
    if known is None:
        return anew
    if known.breach:
        return replace(anew, began_at=settled_at) if settled_at else known
    if round_.policy > known.policy and limit_bp > known.limit_bp:
        return replace(anew, began_at=round_.opened_at)
    return known


def begun(workflow: str, policy: int, limit_bp: int) -> Series:
    """Give a series that has no round yet."""
    errors = Strand(ERRORS, OF_ERRORS, started())
    return Series(workflow, policy, limit_bp, errors, Strand(OVERRIDES, OF_OVERRIDES, started()))


def of_category(name: str, detector: Detector, judged: int = 0, bad: int = 0) -> Strand:
    """Give the strand of a category."""
    return Strand(_CATEGORY + name, OF_CATEGORY, detector, judged, bad)


def category_of(about: str) -> str:
    """Give the category that something is about, empty if it is about none."""
    return about.removeprefix(_CATEGORY) if about.startswith(_CATEGORY) else ""


def is_alarm(series: Series) -> bool:
    """Tell whether it proves that some rate is above its limit, and no breach says so yet."""
    return series.evidence >= ALARM and not series.breach


def sample_for(usual: int, tighten: int, series: Series) -> int:
    """Give how many outputs a round draws: under a watch as many times more as the policy says."""
    times = tighten if series.is_watched else 1
    return max(usual, min(usual * times, MAX_SAMPLE))


def _more(strand: Strand, detector: Detector, result: Result) -> Strand:
    return replace(
        strand,
        detector=detector,
        judged=strand.judged + result.judged,
        bad=strand.bad + result.errors,
    )


def _overridden(
    strand: Strand, limit_bp: int, result: Result, weeks: float, basis: LimitBasis
) -> Strand:
    bar = max(limit_bp, OVERRIDES_BP)  # where more errors are tolerated, so is taking them back
    bad = weighted_overrides(result)
    return replace(
        strand,
        detector=moved(strand.detector, bar, result.judged, bad, weeks, basis),
        judged=strand.judged + result.judged,
        bad=strand.bad + result.overrides,
    )


def _by_category(
    known: tuple[Strand, ...], limit_bp: int, result: Result, weeks: float, basis: LimitBasis
) -> tuple[Strand, ...]:
    """Give the categories after a round: within one the draw is even, unless it goes by bands.

    Who has a place keeps it, judged or not: a place that could be lost would be a way to reset.
    """
    counts = {each.category: each for each in result.categories}
    placed = known + tuple(_newly_placed(known, result.categories))
    return tuple(
        _counted(each, counts.get(each.category), limit_bp, weeks, basis) for each in placed
    )


def _newly_placed(
    known: tuple[Strand, ...], counts: tuple[CategoryCount, ...]
) -> tuple[Strand, ...]:
    # By how much of it was judged, never by how: what is looked at longer must not depend on luck.
    taken = {each.category for each in known}
    new = [
        each.category
        for each in counts
        if each.judged >= ENOUGH_FOR_PLACE and each.category not in taken
    ]
    return tuple(of_category(name, started()) for name in new[: PLACES - len(known)])


def _counted(
    strand: Strand, count: CategoryCount | None, limit_bp: int, weeks: float, basis: LimitBasis
) -> Strand:
    if count is None:
        return strand
    return replace(
        strand,
        detector=moved(strand.detector, limit_bp, count.judged, count.bad, weeks, basis),
        judged=strand.judged + count.judged,
        bad=strand.bad + count.errors,
    )
