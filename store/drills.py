"""Drills: what was stopped for a moment, and when its pipeline was told."""

from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, func, select

from bot.domain.drills import LONGEST, Drill, DrillState
from bot.domain.gate import GateState
from store import tables
from store.rows import Rows
from store.scope import by, rows_by, within

_NEWEST_FIRST: Final = (tables.drill.c.number.desc(), tables.drill.c.workflow)
_OVER: Final = (
    rows_by(tables.drill, "state")
    .where(tables.drill.c.started_at <= bindparam("at"))
    .order_by(*_NEWEST_FIRST)
)


class Drills(Rows):
    def add(self, drill: Drill) -> None:
        self._add(tables.drill, asdict(drill))

    def save(self, drill: Drill) -> None:
        self._save(tables.drill, asdict(drill), drill.name, "workflow", "number")

    def next_number(self, workflow: str) -> int:
        last = self._connection.execute(
            select(func.max(tables.drill.c.number)).where(
                within(tables.drill, self._workspace, workflow=workflow)
            )
        ).scalar_one()
        return (last or 0) + 1

    def running(self, workflow: str) -> Drill | None:
        """Give the drill under way, or None: there is never a second."""
        return self._newest_or_none(workflow=workflow, state=DrillState.RUNNING)

    def all_running(self) -> tuple[Drill, ...]:
        known = by(self._workspace, state=DrillState.RUNNING)
        rows = self._connection.execute(_newest_first("state"), known)
        return tuple(_drill(row) for row in rows)

    def last(self, workflow: str) -> Drill | None:
        """Give the newest drill of a workflow, or None before the first."""
        return self._newest_or_none(workflow=workflow)

    def last_measured(self, workflow: str) -> Drill | None:
        """Give the newest drill of a workflow whose pipeline was told, or None before that."""
        return self._newest_or_none(workflow=workflow, state=DrillState.MEASURED)

    def last_try(self, workflow: str, asked: int) -> Drill | None:
        """Give the newest try at what one obligation is about, or None before the first."""
        return self._newest_or_none(workflow=workflow, asked=asked)

    def over(self, now: datetime) -> tuple[str, ...]:
        """Give the workflows whose drill has run its time though nobody asked."""
        known = by(self._workspace, state=DrillState.RUNNING)
        rows = self._connection.execute(_OVER, {**known, "at": now - LONGEST})
        return tuple(row.workflow for row in rows)

    def _newest_or_none(self, **equals: object) -> Drill | None:
        row = self._connection.execute(
            _newest(*equals), by(self._workspace, **equals)
        ).one_or_none()
        return None if row is None else _drill(row)


@lru_cache
def _newest_first(*columns: str) -> Select[tuple[Any, ...]]:
    return rows_by(tables.drill, *columns).order_by(*_NEWEST_FIRST)


@lru_cache
def _newest(*columns: str) -> Select[tuple[Any, ...]]:
    return _newest_first(*columns).limit(1)


def _drill(row: Row[tuple[object, ...]]) -> Drill:
    return Drill(
        workflow=row.workflow,
        number=row.number,
        asked=row.asked,
        was=GateState(row.was),
        started_at=row.started_at,
        entry=row.entry,
        gate_entry=row.gate_entry,
        state=DrillState(row.state),
        heard_at=row.heard_at,
        ended_at=row.ended_at,
    )
