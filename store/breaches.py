"""Breaches, as rows and as values."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Row, func, select

from bot.domain.breaches import Breach, BreachState, Cause, Decision
from store import tables
from store.rows import Rows
from store.scope import by, rows_by, within


class Breaches(Rows):
    def next_number(self, workflow: str) -> int:
        last = self._connection.execute(
            select(func.max(tables.breach.c.number)).where(
                within(tables.breach, self._workspace, workflow=workflow)
            )
        ).scalar_one()
        return (last or 0) + 1

    def add(self, breach: Breach) -> None:
        self._add(tables.breach, asdict(breach))

    def save(self, breach: Breach) -> None:
        self._save(tables.breach, asdict(breach), breach.name, "workflow", "number")

    def find(self, workflow: str, number: int) -> Breach | None:
        row = self._connection.execute(
            rows_by(tables.breach, "workflow", "number"),
            by(self._workspace, workflow=workflow, number=number),
        ).one_or_none()
        return None if row is None else _breach(row)

    def get(self, workflow: str, number: int) -> Breach:
        """Give a breach that must exist."""
        found = self.find(workflow, number)
        if found is None:
            raise LookupError(f"breach/{workflow}/{number} is not stored")
        return found

    def last(self, workflow: str, most: int) -> tuple[Breach, ...]:
        """Give a workflow's newest breaches, so many at most, oldest first."""
        rows = self._connection.execute(
            select(tables.breach)
            .where(within(tables.breach, self._workspace, workflow=workflow))
            .order_by(tables.breach.c.number.desc())
            .limit(most)
        )
        return tuple(reversed([_breach(row) for row in rows]))

    def opened_since(self, workflow: str, cause: Cause, since: datetime) -> tuple[Breach, ...]:
        """Give a workflow's breaches of this cause from this time on, oldest first."""
        rows = self._connection.execute(
            select(tables.breach)
            .where(
                within(tables.breach, self._workspace, workflow=workflow),
                tables.breach.c.cause == cause,
                tables.breach.c.opened_at >= since,
            )
            .order_by(tables.breach.c.number)
        )
        return tuple(_breach(row) for row in rows)

    def not_closed(self, workflow: str) -> tuple[Breach, ...]:
        """Give a workflow's breaches that somebody still has to do with, oldest first."""
        rows = self._connection.execute(
            select(tables.breach)
            .where(
                within(tables.breach, self._workspace, workflow=workflow),
                tables.breach.c.state != BreachState.CLOSED,
            )
            .order_by(tables.breach.c.number)
        )
        return tuple(_breach(row) for row in rows)


def _breach(row: Row[tuple[object, ...]]) -> Breach:
    return Breach(
        workflow=row.workflow,
        number=row.number,
        cause=Cause(row.cause),
        is_critical=row.is_critical,
        state=BreachState(row.state),
        detail=row.detail,
        opened_at=row.opened_at,
        round=row.round,
        measurement=row.measurement,
        acknowledged_by=row.acknowledged_by,
        decided_by=row.decided_by,
        decision=Decision(row.decision) if row.decision else None,
        entry=row.entry,
    )
