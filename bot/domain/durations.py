"""How long things took, counted and not kept."""

from dataclasses import dataclass
from typing import Final

LIMITS: Final = (0.1, 0.3, 1.0, 3.0)  # seconds; after three Slack has given up
_NONE: Final = (0,) * len(LIMITS)


@dataclass(frozen=True, slots=True)
class Durations:
    """How many took at most each of LIMITS, how many there were, and their seconds together."""

    within: tuple[int, ...] = _NONE
    count: int = 0
    seconds: float = 0.0


def with_one_more(so_far: Durations, seconds: float) -> Durations:
    """Give the durations with another one among them."""
    within = tuple(
        known + (seconds <= limit) for known, limit in zip(so_far.within, LIMITS, strict=True)
    )
    return Durations(within, so_far.count + 1, so_far.seconds + seconds)
