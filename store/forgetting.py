"""Where people stand in the tables, and how somebody is taken out of them.

Beside these only `opening` holds people and words; its rows are erased on record, one by one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, and_, delete, select, update

from bot.domain.messages import Message, Place, Sending
from bot.domain.obligations import ObligationState
from bot.domain.record import Entry, entry_of
from store import tables
from store.record import ERASED
from store.rows import Rows
from store.scope import STREAMED, within
from store.standing import message_of

# Columns that hold somebody's id beside facts that stay: the id is overwritten.
OVERWRITTEN: Final[tuple[Column[Any], ...]] = (
    tables.workflow.c.owner,  # of retired workflows: whoever answers for one is not forgotten
    tables.workflow.c.backup,
    tables.workflow.c.steward,
    tables.workflow.c.technical_owner,
    tables.absence.c.person,
    tables.absence.c.delegate,
    tables.handover.c.proposed_by,
    tables.handover.c.was_owner,
    tables.handover.c.owner,
    tables.handover.c.backup,
    tables.handover.c.steward,
    tables.handover.c.technical_owner,
    tables.breach.c.acknowledged_by,
    tables.breach.c.decided_by,
    tables.concern.c.raised_by,
    tables.obligation.c.owed_by,
    tables.request.c.requested_by,
    tables.request.c.confirmed_by,
    tables.drawn.c.by,
    tables.share.c.reviewer,
    tables.settlement.c.settled_by,
    tables.skip.c.skipped_by,
)
# Columns whose rows are of nobody else: the row goes.
DELETED: Final[tuple[Column[Any], ...]] = (
    tables.person.c.user_id,
    tables.message.c.to,
    tables.home.c.user_id,
    tables.handed_in.c.by,
    tables.outbox.c.to,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """An opening that was not erased, with the entry it belongs to."""

    entry: Entry
    field: str
    value: str


class Forgetting(Rows):
    """What the tables of one workspace know of people."""

    def has_rows_of(self, user_id: str) -> bool:
        """Tell whether any column beside the openings names this person."""
        found = (
            self._connection.execute(select(column).where(self._is(column, user_id)).limit(1))
            for column in (*OVERWRITTEN, *DELETED)
        )
        return any(each.first() is not None for each in found)

    def open_obligations_of(self, user_id: str) -> tuple[str, ...]:
        rows = self._connection.execute(
            select(tables.obligation.c.id)
            .where(
                self._is(tables.obligation.c.owed_by, user_id),
                tables.obligation.c.state == ObligationState.OPEN,
            )
            .order_by(tables.obligation.c.id)
        )
        return tuple(row.id for row in rows)

    def opened_from(self, seq: int) -> Iterator[Opened]:
        """Stream the openings of the entries from this number on."""
        rows = self._connection.execute(
            select(tables.opening.c.field, tables.opening.c.value, tables.entry.c.body)
            .join(
                tables.entry,
                and_(
                    tables.entry.c.workspace == tables.opening.c.workspace,
                    tables.entry.c.seq == tables.opening.c.seq,
                ),
            )
            .where(within(tables.opening, self._workspace), tables.opening.c.seq >= seq)
            .order_by(tables.opening.c.seq, tables.opening.c.field),
            execution_options=STREAMED,
        )
        for row in rows:
            yield Opened(entry_of(row.body), row.field, row.value)

    def shown(self) -> tuple[Message, ...]:
        """Give every message that stands in Slack and can be updated there."""
        rows = self._connection.execute(
            select(tables.message).where(within(tables.message, self._workspace))
        )
        return tuple(message_of(row) for row in rows)

    def under_way(self) -> tuple[Message, ...]:
        """Give the messages that are being sent right now, with what was true before."""
        rows = self._connection.execute(
            select(tables.outbox).where(
                within(tables.outbox, self._workspace),
                tables.outbox.c.state.in_((Sending.SENDING, Sending.UNKNOWN)),
                tables.outbox.c.place != Place.ANSWER,
            )
        )
        return tuple(message_of(row) for row in rows)

    def take_out(self, user_id: str) -> None:
        """Leave this id in no column; what was answered to anybody and is settled goes with it."""
        for column in OVERWRITTEN:
            self._connection.execute(
                update(column.table).where(self._is(column, user_id)).values({column: ERASED})
            )
        for column in DELETED:
            self._connection.execute(delete(column.table).where(self._is(column, user_id)))
        self._connection.execute(
            delete(tables.outbox).where(
                within(tables.outbox, self._workspace, place=Place.ANSWER),
                tables.outbox.c.state.in_((Sending.SENT, Sending.FAILED)),
            )
        )

    def _is(self, column: Column[Any], user_id: str) -> ColumnElement[bool]:
        return and_(column.table.c.workspace == self._workspace, column == user_id)
