"""What the AI's own confidence is worth: errors by band, and from where on they are few."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from bot.domain.bounds import interval, upper_bound
from bot.domain.figures import WHOLE_BP
from bot.domain.proving import CONFIDENCE
from bot.domain.rounds import DrawnItem
from bot.domain.strata import EDGES
from bot.domain.verdicts import Why


@dataclass(frozen=True, slots=True)
class Claim:
    """One output that was judged in time: how sure its producer was, and whether it was wrong."""

    confidence: Decimal
    category: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class Band:
    """The judged outputs of which the AI was as sure as this: from `low` on, and below `high`.

    The last band has its upper edge, too. `mostly` is the category that most of them are of.
    """

    low: Decimal
    high: Decimal
    judged: int
    errors: int
    mostly: str

    @property
    def range(self) -> tuple[float, float]:
        """Give between what the true error rate of the band lies, 95 % sure."""
        return interval(self.errors, self.judged)

    def is_above(self, limit_bp: int) -> bool:
        """Tell whether the true error rate of the band is above the limit, 95 % sure."""
        return self.range[0] > limit_bp / WHOLE_BP


def claims_of(items: Iterable[DrawnItem], error_whys: tuple[Why, ...]) -> Iterator[Claim]:
    """Give what was judged in time of a round, where the producer said how sure it was."""
    for item in items:
        if item.in_time and item.output.confidence:
            is_error = item.in_time.is_error(error_whys)
            yield Claim(Decimal(item.output.confidence), item.output.category, is_error)


def by_confidence(claims: Iterable[Claim]) -> tuple[Band, ...]:
    """Give the bands that anything judged is in, the least sure first."""
    everything = tuple(claims)
    bands = (_band(everything, low, high) for low, high in pairwise(EDGES))
    return tuple(each for each in bands if each.judged)


def threshold(bands: Sequence[Band], limit_bp: int) -> Band | None:
    """Give the lowest band from which on errors are within the limit, 95 % sure; None if none is.

    Each edge is tried with an exact bound (Clopper & Pearson 1934) on all that is at least so sure.
    By Bonferroni's inequality trying all of them leaves the confidence what it is.
    """
    confidence = 1 - (1 - CONFIDENCE) / (len(EDGES) - 1)
    for place, band in enumerate(bands):
        judged = sum(each.judged for each in bands[place:])
        errors = sum(each.errors for each in bands[place:])
        if upper_bound(errors, judged, confidence) <= limit_bp / WHOLE_BP:
            return band
    return None


def _band(claims: Sequence[Claim], low: Decimal, high: Decimal) -> Band:
    inside = [
        each
        for each in claims
        if low <= each.confidence < high or each.confidence == high == EDGES[-1]
    ]
    categories = Counter(each.category for each in inside)
    mostly = min(categories, key=lambda name: (-categories[name], name), default="")
    return Band(low, high, len(inside), sum(each.is_error for each in inside), mostly)
