"""How far two people agree who looked at the same outputs without seeing each other's answer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from bot.domain.bounds import interval
from bot.domain.rounds import DrawnItem
from bot.domain.second_looks import judged_by_both
from bot.domain.verdicts import Why


@dataclass(frozen=True, slots=True)
class Agreement:
    """The outputs with a verdict of both looks, counted by what each called them.

    A measure is None where these outputs are not enough to say it.
    """

    both_right: int = 0
    first_wrong: int = 0
    second_wrong: int = 0
    both_wrong: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.both_right + other.both_right,
            self.first_wrong + other.first_wrong,
            self.second_wrong + other.second_wrong,
            self.both_wrong + other.both_wrong,
        )

    @property
    def outputs(self) -> int:
        return self.agreed + self.first_wrong + self.second_wrong

    @property
    def agreed(self) -> int:
        return self.both_right + self.both_wrong

    @property
    def share(self) -> float | None:
        """Give the share of outputs on which both say the same."""
        return self.agreed / self.outputs if self.outputs else None

    @property
    def range(self) -> tuple[float, float]:
        """Give where the true share lies, 95 % sure: anywhere, if there are no outputs."""
        return interval(self.agreed, self.outputs)

    @property
    def kappa(self) -> float | None:
        """Give the agreement beyond chance (Cohen 1960).

        It is low where errors are rare, however well two people agree, and nothing can be said
        where both called everything the same.
        """
        first = self.first_wrong + self.both_wrong
        second = self.second_wrong + self.both_wrong
        total = self.outputs
        by_chance = first * second + (total - first) * (total - second)  # of total squared
        if by_chance == total**2:
            return None
        return (self.agreed * total - by_chance) / (total**2 - by_chance)

    @property
    def ac1(self) -> float | None:
        """Give the agreement beyond chance in a way that rare errors do not upset (Gwet 2008)."""
        if self.share is None:
            return None
        wrong = self.called_wrong / (2 * self.outputs)
        by_chance = 2 * wrong * (1 - wrong)
        return (self.share - by_chance) / (1 - by_chance)

    @property
    def on_errors(self) -> float | None:
        """Give how often, where one called an output wrong, so did the other (Dice 1945)."""
        return 2 * self.both_wrong / self.called_wrong if self.called_wrong else None

    @property
    def called_wrong(self) -> int:
        """Count how often anybody called an output wrong; one that both did counts twice."""
        return self.first_wrong + self.second_wrong + 2 * self.both_wrong


def agreement_of(
    first: Iterable[DrawnItem], second: Iterable[DrawnItem], error_whys: tuple[Why, ...]
) -> Agreement:
    """Count a round's two looks against each other; a late verdict counts in no figure (I8)."""
    in_time = (item for item in first if not item.is_late)
    called = Counter(
        (one.verdict.is_error(error_whys), other.verdict.is_error(error_whys))
        for one, other in judged_by_both(in_time, second)
        if one.verdict and other.verdict
    )
    return Agreement(
        both_right=called[False, False],
        first_wrong=called[True, False],
        second_wrong=called[False, True],
        both_wrong=called[True, True],
    )
