"""Concerns that people raised, and which breach each has opened."""

from dataclasses import asdict

from sqlalchemy import Row

from bot.domain.concerns import Concern
from bot.domain.verdicts import Severity
from store import tables
from store.rows import Rows
from store.scope import by, rows_by


class Concerns(Rows):
    def add(self, concern: Concern) -> None:
        self._add(tables.concern, asdict(concern))

    def get(self, workflow: str, breach: int) -> Concern:
        """Give the concern that opened a breach; it must exist."""
        row = self._connection.execute(
            rows_by(tables.concern, "workflow", "breach"),
            by(self._workspace, workflow=workflow, breach=breach),
        ).one()
        return _concern(row)

    def of_person(self, workflow: str, user_id: str) -> tuple[Concern, ...]:
        """Give all that somebody ever raised about a workflow, oldest first."""
        rows = self._connection.execute(
            rows_by(tables.concern, "workflow", "raised_by").order_by(tables.concern.c.breach),
            by(self._workspace, workflow=workflow, raised_by=user_id),
        )
        return tuple(map(_concern, rows))

    def raised_by(self, user_id: str) -> tuple[Concern, ...]:
        """Give all that somebody ever raised, about whichever workflow."""
        raised = rows_by(tables.concern, "raised_by")
        in_order = raised.order_by(tables.concern.c.workflow, tables.concern.c.breach)
        rows = self._connection.execute(in_order, by(self._workspace, raised_by=user_id))
        return tuple(map(_concern, rows))


def _concern(row: Row[tuple[object, ...]]) -> Concern:
    return Concern(
        workflow=row.workflow,
        breach=row.breach,
        raised_by=row.raised_by,
        is_named=row.is_named,
        severity=Severity(row.severity),
        entry=row.entry,
    )
