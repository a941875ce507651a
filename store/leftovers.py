"""What is settled and old: rows that nobody asks for any more and that are not the record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select

from bot.domain.messages import Place, Sending
from store import tables
from store.rows import Rows
from store.scope import within
from store.waiting import database_now

BATCH: Final = 500
SETTLED: Final = (Sending.SENT, Sending.FAILED)


@dataclass(frozen=True, slots=True)
class Found:
    """Some leftovers: ids of messages, keys of deliveries. It is false if there are none."""

    messages: tuple[int, ...]
    deliveries: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.messages or self.deliveries)


class Leftovers(Rows):
    """The leftovers of one workspace, inside one transaction."""

    def find(self, before: datetime, seconds: int) -> Found:
        """Give what is left of before that time, a batch at most.

        Of messages `seconds` is the age: they go by the database's own clock.
        """
        return Found(self._old_messages(seconds), self._old_deliveries(before))

    def clear(self, found: Found) -> int:
        """Delete them and give how many went: another may have cleared some in between."""
        outbox, delivery = tables.outbox, tables.delivery
        messages = self._connection.execute(
            delete(outbox).where(
                within(outbox, self._workspace),
                outbox.c.id.in_(found.messages),
                outbox.c.state.in_(SETTLED),
            )
        )
        deliveries = self._connection.execute(
            delete(delivery).where(
                within(delivery, self._workspace), delivery.c.key.in_(found.deliveries)
            )
        )
        return messages.rowcount + deliveries.rowcount

    def _old_messages(self, seconds: int) -> tuple[int, ...]:
        rows = self._connection.execute(
            select(tables.outbox.c.id)
            .where(
                within(tables.outbox, self._workspace),
                tables.outbox.c.state.in_(SETTLED),
                tables.outbox.c.available_at < database_now() - seconds,
                tables.outbox.c.id.not_in(self._last_of_each_channel()),
            )
            .limit(BATCH)
        )
        return tuple(row.id for row in rows)

    def _last_of_each_channel(self) -> tuple[int, ...]:
        """Give what tells whether a workflow's channel takes messages: however old, it stays."""
        rows = self._connection.execute(
            select(func.max(tables.outbox.c.id).label("id"))
            .where(
                within(tables.outbox, self._workspace, place=Place.CHANNEL),
                tables.outbox.c.state.in_(SETTLED),
            )
            .group_by(tables.outbox.c.workflow)
        )
        return tuple(row.id for row in rows)

    def _old_deliveries(self, before: datetime) -> tuple[str, ...]:
        last_old = (
            select(tables.entry.c.seq)
            .where(within(tables.entry, self._workspace), tables.entry.c.ts < before)
            .order_by(tables.entry.c.seq.desc())
            .limit(1)
            .scalar_subquery()
        )
        rows = self._connection.execute(
            select(tables.delivery.c.key)
            .where(within(tables.delivery, self._workspace), tables.delivery.c.seq <= last_old)
            .limit(BATCH)
        )
        return tuple(row.key for row in rows)
