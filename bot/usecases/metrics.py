"""What whoever watches the bot wants to know of the record and of what is owed, in figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.breaches import BreachState
from bot.domain.gate import GateState
from bot.domain.messages import Sending
from bot.domain.obligations import ObligationKind
from bot.usecases import Deps
from store.reading import Reading
from store.tallies import Owed

NONE: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Witnessing:
    """How far the witness is behind.

    `since` is how long ago a checkpoint was seen outside, None if none ever was; `unseen_for` how
    long the oldest entry that nobody outside has seen has waited.
    """

    since: timedelta | None
    unseen_for: timedelta


@dataclass(frozen=True, slots=True)
class Figures:
    """How things stand as of one moment. What there is nothing of is left out of a mapping."""

    entries: int
    gates: Mapping[GateState, int]
    owed: Mapping[ObligationKind, Owed]
    oldest_overdue: timedelta
    breaches: Mapping[tuple[BreachState, bool], int]
    messages: Mapping[Sending, int]
    longest_wait: int
    witnessing: Witnessing


def read_figures(deps: Deps) -> Figures:
    """Give how things stand now. It takes nobody's seat, and looks at nothing that has ended."""
    with deps.store.read(deps.workspace) as reading:
        owed = reading.tallies.owed(reading.now)
        entries = reading.tallies.entries()
        return Figures(
            entries=entries,
            gates=reading.tallies.gates(),
            owed=owed,
            oldest_overdue=_oldest_overdue(owed, reading.now),
            breaches=reading.tallies.breaches(),
            messages=reading.tallies.unsettled_messages(),
            longest_wait=reading.tallies.longest_wait(),
            witnessing=witnessing(reading),
        )


def _oldest_overdue(owed: Mapping[ObligationKind, Owed], now: datetime) -> timedelta:
    return max((now - each.earliest_due for each in owed.values() if each.overdue), default=NONE)


def witnessing(reading: Reading) -> Witnessing:
    """Give how far the witness of a record is behind."""
    seen = reading.witness.last_or_none()
    unseen_since = reading.tallies.recorded_at_or_none(seen.size if seen else 0)
    return Witnessing(
        since=max(NONE, reading.now - seen.at) if seen else None,
        unseen_for=max(NONE, reading.now - unseen_since) if unseen_since else NONE,
    )
