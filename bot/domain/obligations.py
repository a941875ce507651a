"""What one named person owes by a time: answered, superseded on record, or climbing."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.refusals import Refused


class ObligationKind(StrEnum):
    ACCEPT = "accept"
    REVIEW = "review"
    ACKNOWLEDGE = "acknowledge"
    DECIDE = "decide"
    CARRY_OUT = "carry out"
    CONFIRM = "confirm"


class ObligationState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    SUPERSEDED = "superseded"
    LAPSED = "lapsed"


ALLOWED_TIME: Final = {
    ObligationKind.ACCEPT: timedelta(hours=48),
    ObligationKind.REVIEW: timedelta(hours=72),
    ObligationKind.ACKNOWLEDGE: timedelta(hours=2),
    ObligationKind.DECIDE: timedelta(hours=24),
    ObligationKind.CARRY_OUT: timedelta(days=7),
    ObligationKind.CONFIRM: timedelta(hours=24),
}
CRITICAL_ACKNOWLEDGE: Final = timedelta(minutes=15)
NOT_CLIMBED: Final = -1


@dataclass(frozen=True, slots=True)
class Obligation:
    """One obligation.

    `subject` is the round, breach, request or ownership it is about, as a number; `rung` is the
    last one climbed, `climbs_at` when the next is due.
    """

    id: str
    kind: ObligationKind
    workflow: str
    subject: int
    owed_by: str
    opened_at: datetime
    due_at: datetime
    climbs_at: datetime
    state: ObligationState = ObligationState.OPEN
    rung: int = NOT_CLIMBED
    repeats: int = 0
    is_critical: bool = False

    @property
    def is_open(self) -> bool:
        return self.state is ObligationState.OPEN

    def is_overdue(self, now: datetime) -> bool:
        return self.is_open and now >= self.due_at


def obligation_id(kind: ObligationKind, workflow: str, subject: int) -> str:
    """Give the name under which there is one such obligation and never a second."""
    return f"{kind.replace(' ', '-')}/{workflow}/{subject}"


def owe(
    kind: ObligationKind,
    workflow: str,
    subject: int,
    owed_by: str,
    now: datetime,
    *,
    due_at: datetime | None = None,
    is_critical: bool = False,
) -> Obligation:
    """Give a fresh obligation, due after the time its kind allows unless a time is named."""
    allowed = ALLOWED_TIME[kind]
    if is_critical and kind is ObligationKind.ACKNOWLEDGE:
        allowed = CRITICAL_ACKNOWLEDGE
    due = due_at or now + allowed
    return Obligation(
        id=obligation_id(kind, workflow, subject),
        kind=kind,
        workflow=workflow,
        subject=subject,
        owed_by=owed_by,
        opened_at=now,
        due_at=due,
        climbs_at=due,
        is_critical=is_critical,
    )


def ended(obligation: Obligation, state: ObligationState) -> Obligation:
    """Give the obligation as ended in this way, or refuse if it has ended before."""
    if not obligation.is_open:
        raise Refused(
            "obligation already ended",
            f"This was already {obligation.state}: nothing more is owed here.",
            on=obligation.id,
        )
    return replace(obligation, state=state)


def delivered_late(obligation: Obligation, delay: timedelta, grace: timedelta) -> Obligation:
    """Give the obligation moved by the delay of its request, by the grace at the most.

    One that has begun to climb, or whose request came in time, stays as it is.
    """
    move = min(delay, grace)
    if obligation.rung != NOT_CLIMBED or move <= timedelta(0):
        return obligation
    return replace(
        obligation, due_at=obligation.due_at + move, climbs_at=obligation.climbs_at + move
    )
