"""One sampling period of one workflow: open → drawn → closed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.outputs import Output
from bot.domain.verdicts import Judgement


class RoundState(StrEnum):
    OPEN = "open"
    DRAWN = "drawn"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Round:
    """One round. Its population is what arrived between `opened_at` and `drawn_at`.

    `commitment` is public from the opening, `seed` from the draw. `policy` is the version it
    was opened under. `answered` tells whether every drawn output had its verdict in time.
    """

    workflow: str
    number: int
    state: RoundState
    policy: int
    opened_at: datetime
    period_end: datetime
    commitment: str
    drawn_at: datetime | None = None
    closed_at: datetime | None = None
    population: int = 0
    seed: str = ""

    @property
    def name(self) -> str:
        return f"round/{self.workflow}/{self.number}"


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """One drawn output with what has been said of it.

    `entry` is the record that holds the words of its draft or verdict; a verdict after the
    close is `late`.
    """

    position: int
    output: Output
    draft: Judgement | None = None
    draft_by: str = ""
    verdict: Judgement | None = None
    judged_by: str = ""
    is_late: bool = False
    entry: int = -1


@dataclass(frozen=True, slots=True)
class NextItem:
    """What one person has to answer next, and how many of the drawn items they have drafted."""

    item: DrawnItem
    drafted: int
    drawn: int
