"""How much of what is wrong people notice, by the outputs that were planted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from bot.domain.bounds import interval, upper_bound
from bot.domain.rounds import DrawnItem
from bot.domain.verdicts import Why

ENOUGH: Final = 5  # planted outputs with an answer, or no rate is corrected by them


@dataclass(frozen=True, slots=True)
class Vigilance:
    """Planted outputs of closed rounds: found to be wrong, overlooked, and never answered.

    Who could not judge one has overlooked it: that is no word against the output.
    """

    found: int = 0
    overlooked: int = 0
    unanswered: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.found + other.found,
            self.overlooked + other.overlooked,
            self.unanswered + other.unanswered,
        )

    @property
    def answered(self) -> int:
        return self.found + self.overlooked

    @property
    def planted(self) -> int:
        return self.answered + self.unanswered

    @property
    def at_least(self) -> float:
        """Give what share of errors is noticed at least, 95 % sure (Clopper & Pearson 1934).

        It reassures, so what was not answered counts as overlooked (I8).
        """
        return 1 - upper_bound(self.planted - self.found, self.planted)


def vigilance_of(
    planted: Iterable[DrawnItem], mixed_in: int, error_whys: tuple[Why, ...]
) -> Vigilance:
    """Count one closed round's planted outputs, of which so many were `mixed_in`."""
    verdicts = [item.verdict for item in planted if item.verdict]
    found = sum(verdict.is_error(error_whys) for verdict in verdicts)
    return Vigilance(found, len(verdicts) - found, mixed_in - len(verdicts))


def corrected(rate: float | None, seen: Vigilance) -> tuple[float, float] | None:
    """Give a rate as it is likely to be with what was overlooked, and how high it may be.

    After Rogan and Gladen (1978), if nobody calls wrong what is right: the rate divided by the
    share of planted errors that were found, and by the lower end of its 95 % interval. None where
    too few were planted to say so, or none was found.
    """
    if rate is None or seen.answered < ENOUGH or not seen.found:
        return None
    low, _ = interval(seen.found, seen.answered)
    return min(1.0, rate * seen.answered / seen.found), min(1.0, rate / low)
