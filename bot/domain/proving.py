"""How many outputs prove a limit in one round, and whether a round has done so yet."""

from collections.abc import Iterable
from datetime import datetime
from math import ceil, log, log1p
from typing import Final

from bot.domain.figures import WHOLE_BP
from bot.domain.rounds import Grade, Round

CONFIDENCE: Final = 0.95


def outputs_to_prove(limit_bp: int) -> int:
    """Give the fewest outputs that prove the limit in one round, if none of them is wrong."""
    return ceil(log(1 - CONFIDENCE) / log1p(-limit_bp / WHOLE_BP))


def is_proven(closed: Iterable[tuple[Round, int]], limit_bp: int, since: datetime | None) -> bool:
    """Tell whether one of these rounds, each with its limit, has proven this limit since then.

    One that was open before says nothing of what runs now.
    """
    return any(
        round_.grade is Grade.WITHIN_LIMIT
        and under_bp <= limit_bp
        and (since is None or round_.opened_at >= since)
        for round_, under_bp in closed
    )
