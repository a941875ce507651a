"""What one named person owes by a time: answered, superseded on record, or climbing."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.moments import utc_text
from bot.domain.refusals import Refused, require_not_over
from bot.domain.working_time import ALWAYS, Span, WorkingTime, business, clock


class ObligationKind(StrEnum):
    ACCEPT = "accept"
    REVIEW = "review"
    SECOND_REVIEW = "second review"
    SETTLE = "settle"
    JUDGE = "judge"
    ACKNOWLEDGE = "acknowledge"
    DECIDE = "decide"
    CARRY_OUT = "carry out"
    CONFIRM = "confirm"
    HAND_OVER = "hand over"
    TAKE_OVER = "take over"
    ATTEST = "attest"
    DRILL = "drill"


class ObligationState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    SUPERSEDED = "superseded"
    LAPSED = "lapsed"


ALLOWED_TIME: Final = {
    ObligationKind.ACCEPT: business(days=2),
    ObligationKind.REVIEW: business(days=3),
    ObligationKind.SECOND_REVIEW: business(days=3),
    ObligationKind.SETTLE: business(days=3),
    ObligationKind.JUDGE: business(days=3),
    ObligationKind.ACKNOWLEDGE: business(hours=2),
    ObligationKind.DECIDE: business(days=1),
    ObligationKind.CARRY_OUT: clock(days=7),
    ObligationKind.CONFIRM: business(days=1),
    ObligationKind.HAND_OVER: business(days=2),
    ObligationKind.TAKE_OVER: business(days=2),
    ObligationKind.ATTEST: business(days=3),
    ObligationKind.DRILL: business(days=3),
}
# What is critical does not wait for the morning.
ALLOWED_IF_CRITICAL: Final = {
    **ALLOWED_TIME,
    ObligationKind.ACKNOWLEDGE: clock(minutes=15),
    ObligationKind.DECIDE: clock(days=1),
}
NOT_CLIMBED: Final = -1
# How it has ended, in the words of what asked for it and of a button that is pressed too late.
ENDED: Final = {
    ObligationState.ANSWERED: "Answered: nothing more is owed here.",
    ObligationState.SUPERSEDED: "A later decision has settled this: nothing more is owed here.",
    ObligationState.LAPSED: "Nobody answered in time, so this has lapsed: nothing changes.",
}


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


def allowed_time(kind: ObligationKind, *, is_critical: bool = False) -> Span:
    return (ALLOWED_IF_CRITICAL if is_critical else ALLOWED_TIME)[kind]


def owe(
    kind: ObligationKind,
    workflow: str,
    subject: int,
    owed_by: str,
    now: datetime,
    working: WorkingTime,
    *,
    due_at: datetime | None = None,
    is_critical: bool = False,
) -> Obligation:
    """Give a fresh obligation, due after the time its kind allows unless a time is named."""
    due = due_at or allowed_time(kind, is_critical=is_critical).after(now, working)
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
    require_open(obligation)
    return replace(obligation, state=state)


def over(obligation: Obligation, how: str = "") -> Refused | None:
    """Give what is said of an obligation that has ended; None while it is open.

    `how` says more of that than its state does, where more is known.
    """
    if obligation.is_open:
        return None
    return Refused("obligation already ended", how or ENDED[obligation.state], on=obligation.id)


def require_open(obligation: Obligation) -> None:
    """Refuse to answer what has ended, and say how it has."""
    require_not_over(over(obligation))


@dataclass(frozen=True, slots=True)
class Moved:
    """The time by which something was owed, and by which it is now."""

    before: datetime
    due_at: datetime

    @property
    def reads_otherwise(self) -> bool:
        """Tell whether people can see it: times are said to the minute."""
        return utc_text(self.due_at) != utc_text(self.before)


def delivered_late(
    obligation: Obligation, shown_at: datetime, grace: timedelta, working: WorkingTime
) -> Obligation:
    """Give the obligation moved by the delay of its request, by the grace at the most.

    Both are counted as the obligation is: in working time, by the clock if it is critical. One
    that has begun to climb, or whose request came in time, stays as it is.
    """
    counted = ALWAYS if obligation.is_critical else working
    move = min(counted.between(obligation.opened_at, shown_at), grace)
    if obligation.rung != NOT_CLIMBED or not move:
        return obligation
    return replace(
        obligation,
        due_at=counted.add(obligation.due_at, move),
        climbs_at=counted.add(obligation.climbs_at, move),
    )
