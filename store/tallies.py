"""How much of everything there is now: what whoever watches the bot is told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from bot.domain.breaches import BreachState
from bot.domain.gate import GateState
from bot.domain.messages import OF_CRITICAL, Place, Sending
from bot.domain.obligations import ObligationKind, ObligationState
from store import tables
from store.rows import Rows
from store.scope import by, rows_by, within
from store.waiting import database_now

# Named, not "all but closed": so the index is used, and what has ended is never looked at.
_NOT_CLOSED: Final = (BreachState.OPEN, BreachState.ACKNOWLEDGED, BreachState.DECIDED)
_UNSETTLED: Final = (Sending.READY, Sending.SENDING, Sending.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Owed:
    """How many obligations of a kind are open, how many are overdue, and the earliest due time."""

    open: int
    overdue: int
    earliest_due: datetime


@dataclass(frozen=True, slots=True)
class NotTaken:
    """How many messages Slack does not take, what became of one of them, and for whom they are.

    Answers to commands are for nobody here: where they go is a secret.
    """

    messages: int
    error: str
    to: tuple[str, ...] = ()


class Tallies(Rows):
    """Counts of one workspace. What has ended is not counted, so no count grows for ever."""

    def owed(self, now: datetime) -> Mapping[ObligationKind, Owed]:
        """Give what is owed, by kind; one of which nothing is open is left out."""
        obligation = tables.obligation.c
        is_overdue = obligation.due_at <= now
        rows = self._connection.execute(
            select(
                obligation.kind,
                func.count().label("open"),
                func.sum(case((is_overdue, 1), else_=0)).label("overdue"),
                func.min(obligation.due_at).label("earliest_due"),
            )
            .where(within(tables.obligation, self._workspace, state=ObligationState.OPEN))
            .group_by(obligation.kind)
        )
        return {
            ObligationKind(row.kind): Owed(row.open, int(row.overdue), row.earliest_due)
            for row in rows
        }

    def breaches(self) -> Mapping[tuple[BreachState, bool], int]:
        """Give how many breaches are not closed, by state and whether they are critical."""
        breach = tables.breach.c
        rows = self._connection.execute(
            select(breach.state, breach.is_critical, func.count().label("breaches"))
            .where(within(tables.breach, self._workspace), breach.state.in_(_NOT_CLOSED))
            .group_by(breach.state, breach.is_critical)
        )
        return {(BreachState(row.state), row.is_critical): row.breaches for row in rows}

    def gates(self) -> Mapping[GateState, int]:
        """Give how many workflows there are, by the state of their gate."""
        of = tables.workflow.c
        rows = self._connection.execute(
            select(of.gate, func.count().label("workflows"))
            .where(within(tables.workflow, self._workspace))
            .group_by(of.gate)
        )
        return {GateState(row.gate): row.workflows for row in rows}

    def unsettled_messages(self) -> Mapping[Sending, int]:
        """Give how many messages are neither sent nor given up, by how far they have come."""
        outbox = tables.outbox.c
        rows = self._connection.execute(
            select(outbox.state, func.count().label("messages"))
            .where(within(tables.outbox, self._workspace), outbox.state.in_(_UNSETTLED))
            .group_by(outbox.state)
        )
        return {Sending(row.state): row.messages for row in rows}

    def longest_wait(self) -> int:
        """Give the seconds since the oldest message was put that is neither sent nor given up.

        However often it was tried; 0 if there is none, or none but of those that may wait.
        """
        outbox = tables.outbox.c
        waited = self._connection.execute(
            select(database_now() - func.min(outbox.put_at)).where(
                within(tables.outbox, self._workspace),
                outbox.state.in_(_UNSETTLED),
                _is_to_go_at_once(),
            )
        ).scalar_one()
        return max(0, waited or 0)

    def messages_overdue(self, seconds: int) -> NotTaken | None:
        """Give how many messages have waited longer than this, whatever for; None if none has.

        Those that may wait are left out, as of the longest wait.
        """
        has_waited = tables.outbox.c.put_at < database_now() - seconds
        return self._not_taken(and_(has_waited, _is_to_go_at_once()))

    def messages_not_taken(self, tries: int) -> NotTaken | None:
        """Give how many messages were tried so often and are not settled; None if none was."""
        return self._not_taken(tables.outbox.c.attempt >= tries)

    def messages_refused(self, words: Collection[str]) -> NotTaken | None:
        """Give how many messages wait because Slack said one of these of them; None if none does.

        Such a no does not count as a try.
        """
        return self._not_taken(tables.outbox.c.error.in_(words))

    def _not_taken(self, which: ColumnElement[bool]) -> NotTaken | None:
        outbox = tables.outbox.c
        in_vain = within(tables.outbox, self._workspace) & outbox.state.in_(_UNSETTLED) & which
        row = self._connection.execute(
            select(func.count().label("messages"), func.max(outbox.error).label("error")).where(
                in_vain
            )
        ).one()
        if not row.messages:
            return None
        named = in_vain & (outbox.place != Place.ANSWER)
        to = self._connection.execute(
            select(outbox.to).where(named).distinct().order_by(outbox.to)
        ).scalars()
        return NotTaken(row.messages, row.error, tuple(to))

    def failing_people(self) -> Mapping[str, NotTaken]:
        """Give what could not be sent to people since something last arrived, by their Slack ids.

        An update is no arrival: it changes what stands there already.
        """
        outbox = tables.outbox.c
        to_people = within(tables.outbox, self._workspace, place=Place.PERSON)
        posted = (
            select(outbox.to, func.min(outbox.id).label("id"))
            .where(to_people, outbox.state == Sending.SENT)
            .group_by(outbox.to, outbox.case)
            .subquery()
        )
        last = (
            select(posted.c.to, func.max(posted.c.id).label("id")).group_by(posted.c.to).subquery()
        )
        rows = self._connection.execute(
            select(outbox.to, func.count().label("messages"), func.max(outbox.error).label("error"))
            .outerjoin_from(tables.outbox, last, last.c.to == outbox.to)
            .where(
                to_people,
                outbox.state == Sending.FAILED,
                outbox.id > func.coalesce(last.c.id, 0),
            )
            .group_by(outbox.to)
        )
        return {row.to: NotTaken(row.messages, row.error, (row.to,)) for row in rows}

    def recorded_at_or_none(self, seq: int) -> datetime | None:
        """Give when the entry of this number was recorded, or None if there is none yet."""
        return self._connection.execute(
            select(tables.entry.c.ts).where(within(tables.entry, self._workspace, seq=seq))
        ).scalar_one_or_none()

    def entries(self) -> int:
        """Give how many entries the record has."""
        row = self._connection.execute(rows_by(tables.head), by(self._workspace)).one_or_none()
        return 0 if row is None else row.size


def _is_to_go_at_once() -> ColumnElement[bool]:
    """Give the condition for what should not wait: of direct messages what hangs on a critical.

    The others may wait until their person wants to be disturbed.
    """
    outbox = tables.outbox.c
    return or_(outbox.place != Place.PERSON, outbox.urgency == OF_CRITICAL)
