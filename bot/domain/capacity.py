"""Whether reviewers have the time that a plan asks of them, in minutes a week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.outlook import outlook_of
from bot.domain.plans import WEEK, duration
from bot.domain.policy import Policy
from bot.domain.rounds import Round
from bot.domain.sampling import second_looks_of

_MINUTE: Final = 60
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Load:
    """The seconds that what was drawn takes to judge, second looks included, and what there is.

    Both are of a week up to the draw, or of the round's period if that is longer.
    """

    needed: int
    available: int
    item_seconds: int

    @property
    def looks_left(self) -> int:
        """Give for how many more looks there is time; below 0 if it is too much already."""
        return (self.available - self.needed) // self.item_seconds

    @property
    def is_too_much(self) -> bool:
        return self.needed > self.available

    def __str__(self) -> str:
        return (
            f"takes {_minutes(self.needed)} to judge, at "
            f"{duration(self.item_seconds)} each; reviewers have {_minutes(self.available)}"
        )


def window_of(round_: Round) -> timedelta:
    """Give the time over which a round's draw is held against the capacity."""
    return max(WEEK, round_.period_end - round_.opened_at)


@dataclass(frozen=True, slots=True)
class Room:
    """How many looks there is time for at a draw that is cut to it; `aside` of them it leaves."""

    looks: int
    aside: int

    def cut(self, sample: int) -> int:
        """Give how many of so many outputs are drawn, with second looks: at least one."""
        room = self.looks - self.aside
        fits = (each for each in range(sample, 0, -1) if each + second_looks_of(each) <= room)
        return next(fits, min(sample, 1))

    def besides(self, asked: int) -> int:
        """Give for how many more there is time, once so many of a draw are asked."""
        return max(0, self.looks - asked - second_looks_of(asked))


def load_of(
    capacity: int, window: timedelta, asked: Iterable[tuple[int, int]], item_seconds: int
) -> Load:
    """Give the load of rounds within this time, each with what was drawn and asked besides."""
    looks = sum(drawn + second_looks_of(drawn) + besides for drawn, besides in asked)
    available = capacity * _MINUTE * (window // _SECOND) // (WEEK // _SECOND)
    return Load(looks * item_seconds, available, item_seconds)


def capacity_fault(policy: Policy, now: datetime, item_seconds: int = 0) -> str:
    """Give a sentence if a sound policy's plan asks for more than its reviewers have, else nothing.

    It is what is drawn as a rule, and until a round has proven the limit. While there is cause to
    look closer it may be too much.
    """
    if not policy.capacity:
        return ""
    outlook = outlook_of(policy, now, item_seconds)
    minutes = outlook.hours(outlook.expected) * _MINUTE
    if minutes <= policy.capacity:
        return ""
    first = " until a round has proven the limit" if outlook.first else ""
    return (
        f"The plan takes about {minutes:.0f} minutes a week{first}, second looks included, at "
        f"{duration(outlook.item_seconds)} each: plan fewer outputs, or have more people review."
    )


def _minutes(seconds: int) -> str:
    return f"{seconds / _MINUTE:.0f} minutes"
