"""What pipelines measured, and what they owe next: the table is the schedule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import Row, bindparam, delete, func, insert, select, tuple_

from bot.domain.figures import figure_text, read_figure
from bot.domain.measurements import Awaited, Measurement, Past
from store import tables
from store.rows import Rows
from store.scope import by, rows_by, within

_AT_ONCE: Final = 250  # two parameters each in one query
_COLUMNS: Final = tables.awaited.c
_DUE: Final = (
    rows_by(tables.awaited)
    .where(_COLUMNS.due_at <= bindparam("at"))
    .order_by(_COLUMNS.due_at, _COLUMNS.workflow, _COLUMNS.name)
    .limit(bindparam("most"))
)
_OF_WORKFLOW: Final = rows_by(tables.awaited, "workflow").order_by(_COLUMNS.name)


class Measurements(Rows):
    def known(
        self, workflow: str, places: Sequence[tuple[str, datetime]]
    ) -> dict[tuple[str, datetime], Measurement]:
        """Give the values that came before for these names and times."""
        found: dict[tuple[str, datetime], Measurement] = {}
        columns = tuple_(tables.measurement.c.name, tables.measurement.c.observed_at)
        for start in range(0, len(places), _AT_ONCE):
            rows = self._connection.execute(
                select(tables.measurement).where(
                    within(tables.measurement, self._workspace, workflow=workflow),
                    columns.in_(places[start : start + _AT_ONCE]),
                )
            )
            found |= {(row.name, row.observed_at): _measurement(row) for row in rows}
        return found

    def add(
        self,
        workflow: str,
        values: Iterable[Measurement],
        now: datetime,
        breaches: Mapping[tuple[str, datetime], int],
    ) -> None:
        """Keep values, none of which may be there before, each with the breach it belongs to."""
        rows = [
            {
                "workspace": self._workspace,
                "workflow": workflow,
                "name": each.name,
                "observed_at": each.observed_at,
                "value": figure_text(each.value),
                "received_at": now,
                "breach": breaches.get(each.place),
            }
            for each in values
        ]
        if rows:
            self._connection.execute(insert(tables.measurement), rows)

    def drop_before(self, workflow: str, names: Iterable[str], moment: datetime) -> None:
        """Forget values that are observed too long ago to be sent again."""
        self._connection.execute(
            delete(tables.measurement).where(
                within(tables.measurement, self._workspace, workflow=workflow),
                tables.measurement.c.name.in_(tuple(names)),
                tables.measurement.c.observed_at < moment,
            )
        )

    def latest(self, workflow: str, name: str) -> Measurement | None:
        """Give the value that was observed last, or None before the first."""
        return self._last(workflow, name=name)

    def past(self, workflow: str, breach: int) -> Past | None:
        """Give the values past their limit that belong to a breach, or None if there is none."""
        latest = self._last(workflow, breach=breach)
        if latest is None:
            return None
        count = self._connection.execute(
            select(func.count())
            .select_from(tables.measurement)
            .where(within(tables.measurement, self._workspace, workflow=workflow, breach=breach))
        ).scalar_one()
        return Past(latest, count)

    def awaited(self, workflow: str) -> tuple[Awaited, ...]:
        """Give what a workflow owes, by name."""
        rows = self._connection.execute(_OF_WORKFLOW, by(self._workspace, workflow=workflow))
        return tuple(_awaited(row) for row in rows)

    def await_only(self, workflow: str, owed: Iterable[Awaited]) -> None:
        """Have a workflow owe exactly this, and nothing else any more."""
        self._connection.execute(
            delete(tables.awaited).where(within(tables.awaited, self._workspace, workflow=workflow))
        )
        rows = [{"workspace": self._workspace, **asdict(each)} for each in owed]
        if rows:
            self._connection.execute(insert(tables.awaited), rows)

    def save_awaited(self, owed: Awaited) -> None:
        """Change since when, and by when, something is owed that is owed already."""
        self._save(
            tables.awaited, asdict(owed), f"{owed.name} of {owed.workflow}", "workflow", "name"
        )

    def due(self, now: datetime, limit: int) -> tuple[Awaited, ...]:
        """Give what is overdue in the workspace, the longest waiting first."""
        known = by(self._workspace)
        rows = self._connection.execute(_DUE, {**known, "at": now, "most": limit})
        return tuple(_awaited(row) for row in rows)

    def _last(self, workflow: str, **equals: object) -> Measurement | None:
        row = self._connection.execute(
            select(tables.measurement)
            .where(within(tables.measurement, self._workspace, workflow=workflow, **equals))
            .order_by(tables.measurement.c.observed_at.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else _measurement(row)


def _measurement(row: Row[tuple[object, ...]]) -> Measurement:
    return Measurement(row.name, row.observed_at, read_figure(row.value))


def _awaited(row: Row[tuple[object, ...]]) -> Awaited:
    return Awaited(row.workflow, row.name, row.since, row.due_at)
