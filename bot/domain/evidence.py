"""What a round's verdicts say, and what they do not."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.bounds import upper_bound
from bot.domain.figures import WHOLE_BP
from bot.domain.policy import Policy
from bot.domain.proving import CONFIDENCE
from bot.domain.rounds import DrawnItem, Grade
from bot.domain.strata import Cell, band_of

MOST_MISSING: Final = 0.20
NO_CELLS: Final[Mapping[Cell, int]] = {}


@dataclass(frozen=True, slots=True)
class Stratum:
    """One category of a round, or band: its population, what was drawn, and how much is bad.

    `wrong_at_worst` counts errors and what has no verdict in time; `missing` the latter alone.
    `overrides` counts what was judged in time and not left as it was.
    """

    size: int
    drawn: int
    wrong_at_worst: int
    missing: int = 0
    overrides: int = 0


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """What was judged of one category in one round, in time, and how much of that was wrong.

    `weighed` says how many errors there are of each weight, where bands of confidence made the
    draw uneven within the category: one from a band that was drawn more often weighs less.
    """

    category: str
    judged: int
    errors: int
    weighed: tuple[tuple[int, float], ...] = ()

    @property
    def bad(self) -> tuple[tuple[int, float], ...]:
        """Give how many errors there are of each weight."""
        return self.weighed or ((self.errors, 1.0),)


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of one round. Late verdicts are counted as missing, in `critical` as well.

    `strata` are there only if the floors made the draw uneven, so that it has to be weighted.
    `categories` are those of which something was judged, by name.
    """

    drawn: int
    judged: int
    errors: int
    overrides: int
    critical: int
    strata: tuple[Stratum, ...] = ()
    categories: tuple[CategoryCount, ...] = ()

    @property
    def missing(self) -> int:
        return self.drawn - self.judged


@dataclass(frozen=True, slots=True)
class Uncounted:
    """What was judged late, or besides the draw, and so is in no figure: how bad it was."""

    judged: int = 0
    wrong: int = 0
    critical: int = 0

    def __add__(self, other: "Uncounted") -> "Uncounted":
        return Uncounted(
            self.judged + other.judged, self.wrong + other.wrong, self.critical + other.critical
        )


def judged_later(items: Iterable[DrawnItem], policy: Policy) -> Uncounted:
    """Count what no figure of a round has, since it came after the close."""
    return _uncounted((item for item in items if item.is_late), policy)


def judged_besides(items: Iterable[DrawnItem], policy: Policy) -> Uncounted:
    """Count what was said of outputs that are asked besides a draw: no figure has them either."""
    return _uncounted((item for item in items if item.trigger), policy)


def _uncounted(items: Iterable[DrawnItem], policy: Policy) -> Uncounted:
    said = [item.verdict for item in items if item.verdict and not item.verdict.is_skip]
    return Uncounted(
        judged=len(said),
        wrong=sum(verdict.is_error(policy.error_whys) for verdict in said),
        critical=sum(verdict.is_critical for verdict in said),
    )


def result_of(
    items: Iterable[DrawnItem],
    policy: Policy,
    sizes: Mapping[str, int],
    cells: Mapping[Cell, int] = NO_CELLS,
) -> Result:
    """Count a round's verdicts under the policy it was opened with.

    `items` are those of the first look: a second one tells how far to trust the first, and enters
    no rate.
    `sizes` is the round's population by category, or by band of confidence if the draw goes by
    these; then `cells` is that by category and band.
    """
    everything = tuple(items)
    in_time = [item.in_time for item in everything if item.in_time]
    return Result(
        drawn=len(everything),
        judged=len(in_time),
        errors=sum(verdict.is_error(policy.error_whys) for verdict in in_time),
        overrides=sum(verdict.is_override for verdict in in_time),
        critical=sum(verdict.is_critical for verdict in in_time),
        strata=_strata(everything, policy, sizes),
        categories=_categories(everything, policy, cells),
    )


def grade(result: Result, limit_bp: int) -> Grade:
    """Grade one round on its own: within the limit only if the evidence proves it.

    Missing verdicts count as wrong here, since this statement reassures. What many rounds prove
    against the limit is the detector's to say.
    """
    if result.drawn == 0 or result.missing > MOST_MISSING * result.drawn:
        return Grade.NOT_ENOUGH_EVIDENCE
    is_proven = rate_bound(result) <= limit_bp / WHOLE_BP
    return Grade.WITHIN_LIMIT if is_proven else Grade.NOT_ENOUGH_EVIDENCE


def error_rate(result: Result) -> float | None:
    """Give the share of errors among what was judged in time; None if nothing was.

    Of an uneven draw each category counts by its share of the population; one of which nothing
    was judged is left out.
    """
    if not result.strata:
        return result.errors / result.judged if result.judged else None
    seen = [each for each in result.strata if each.drawn > each.missing]
    total = sum(each.size for each in seen)
    wrong = ((each.wrong_at_worst - each.missing) / (each.drawn - each.missing) for each in seen)
    rate = sum(each.size / total * share for each, share in zip(seen, wrong, strict=True))
    return rate if seen else None


def worst_rate(result: Result) -> float:
    """Give the share of the round's outputs that is wrong if all that is missing is.

    Of an uneven draw each category counts by its share of the population. 0 if nothing was drawn.
    """
    if not result.strata:
        return (result.errors + result.missing) / result.drawn if result.drawn else 0.0
    total = sum(stratum.size for stratum in result.strata)
    return sum(
        stratum.size / total * stratum.wrong_at_worst / stratum.drawn
        for stratum in result.strata
        if stratum.drawn
    )


def at_worst(result: Result) -> Result:
    """Give the errors as they were if all that is missing had been judged in time, and wrong.

    What is overridden or critical, and the categories, stay as they are.
    """
    return replace(
        result,
        judged=result.drawn,
        errors=result.errors + result.missing,
        strata=tuple(replace(stratum, missing=0) for stratum in result.strata),
    )


def rate_bound(result: Result) -> float:
    """Give a 95 % upper bound on the error rate of a round's whole population.

    Exact (Clopper & Pearson 1934) for an even draw. For an uneven one each category has a bound
    of its own, weighted by its share of the population; by Bonferroni's inequality all of them
    hold together with the same confidence. Missing verdicts count as wrong.
    """
    if not result.strata:
        return upper_bound(result.errors + result.missing, result.drawn)
    confidence = 1 - (1 - CONFIDENCE) / len(result.strata)
    total = sum(stratum.size for stratum in result.strata)
    return sum(
        stratum.size / total * _stratum_bound(stratum, confidence) for stratum in result.strata
    )


def best_bound(result: Result) -> float:
    """Give the bound that this very draw had shown without one error: it cannot show less."""
    strata = tuple(replace(stratum, wrong_at_worst=0) for stratum in result.strata)
    return rate_bound(replace(result, judged=result.drawn, errors=0, strata=strata))


def _stratum_bound(stratum: Stratum, confidence: float) -> float:
    if stratum.drawn == stratum.size:  # all were looked at: nothing is left to chance
        return stratum.wrong_at_worst / stratum.size
    return upper_bound(stratum.wrong_at_worst, stratum.drawn, confidence)


def _strata(
    items: tuple[DrawnItem, ...], policy: Policy, sizes: Mapping[str, int]
) -> tuple[Stratum, ...]:
    if not policy.floor or len(sizes) == 1:
        return ()  # every output had the same chance
    of = _band if policy.is_by_band else _category
    drawn = Counter(of(item) for item in items)
    missing = Counter(of(item) for item in items if not item.in_time)
    wrong = Counter(of(item) for item in items if _is_error(item, policy))
    overrides = Counter(of(item) for item in items if item.in_time and item.in_time.is_override)
    return tuple(
        Stratum(size, drawn[name], wrong[name] + missing[name], missing[name], overrides[name])
        for name, size in sorted(sizes.items())
    )


def _categories(
    items: tuple[DrawnItem, ...], policy: Policy, cells: Mapping[Cell, int]
) -> tuple[CategoryCount, ...]:
    judged = Counter(_category(item) for item in items if item.in_time)
    errors = Counter(_category(item) for item in items if _is_error(item, policy))
    weighed = _weighed_within(items, policy, cells) if policy.is_by_band else {}
    return tuple(
        CategoryCount(name, judged[name], errors[name], weighed.get(name, ()))
        for name in sorted(judged)
    )


def _weighed_within(
    items: tuple[DrawnItem, ...], policy: Policy, cells: Mapping[Cell, int]
) -> dict[str, tuple[tuple[int, float], ...]]:
    """Give the errors of each category by the share that their band has of it.

    How many of a category a band's draw brings is chance, but among those all had the same.
    """
    judged = Counter((_category(item), _band(item)) for item in items if item.in_time)
    wrong = Counter((_category(item), _band(item)) for item in items if _is_error(item, policy))
    sizes, looked = Counter[str](), Counter[str]()
    for (category, _), size in cells.items():
        sizes[category] += size
    for (category, _), count in judged.items():
        looked[category] += count
    found: dict[str, tuple[tuple[int, float], ...]] = {}
    for (category, band), count in sorted(judged.items()):
        share = cells[category, band] / sizes[category]
        weight = share * looked[category] / count
        found[category] = (*found.get(category, ()), (wrong[category, band], weight))
    return found


def _is_error(item: DrawnItem, policy: Policy) -> bool:
    return item.in_time is not None and item.in_time.is_error(policy.error_whys)


def _category(item: DrawnItem) -> str:
    return item.output.category


def _band(item: DrawnItem) -> str:
    return band_of(item.output.confidence)
