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


def load_of(
    capacity: int, window: timedelta, asked: Iterable[tuple[int, int]], item_seconds: int
) -> Load:
    """Give the load of rounds within this time, each with what was drawn and asked besides."""
    looks = sum(drawn + second_looks_of(drawn) + besides for drawn, besides in asked)
    available = capacity * _MINUTE * (window // _SECOND) // (WEEK // _SECOND)
    return Load(looks * item_seconds, available, item_seconds)


def capacity_fault(policy: Policy, now: datetime, item_seconds: int = 0) -> str:
    """Give a sentence if a sound policy's plan asks for more than its reviewers have, else nothing.

    It is what is drawn as a rule: while there is cause to look closer it may be too much.
    """
    if not policy.capacity:
        return ""
    outlook = outlook_of(policy, now, item_seconds)
    minutes = outlook.hours(outlook.most) * _MINUTE
    if minutes <= policy.capacity:
        return ""
    return (
        f"The plan takes about {minutes:.0f} minutes a week, second looks included, at "
        f"{duration(outlook.item_seconds)} each: plan fewer outputs, or have more people review."
    )


def _minutes(seconds: int) -> str:
    return f"{seconds / _MINUTE:.0f} minutes"
