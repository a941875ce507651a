"""What people owe: the table is the schedule."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam

from bot.domain.obligations import Obligation, ObligationKind, ObligationState
from store import tables
from store.rows import Rows
from store.scope import by, rows_by

_DUE_TO_CLIMB: Final = (
    rows_by(tables.obligation, "state")
    .where(tables.obligation.c.climbs_at <= bindparam("at"))
    .order_by(tables.obligation.c.climbs_at, tables.obligation.c.id)
    .limit(bindparam("most"))
)
_OF_WORKFLOW: Final = rows_by(tables.obligation, "workflow", "state").order_by(
    tables.obligation.c.opened_at, tables.obligation.c.id
)
_BY_DUE: Final = rows_by(tables.obligation, "state").order_by(
    tables.obligation.c.due_at, tables.obligation.c.id
)


class Obligations(Rows):
    def add(self, obligation: Obligation) -> None:
        self._add(tables.obligation, asdict(obligation))

    def save(self, obligation: Obligation) -> None:
        self._save(tables.obligation, asdict(obligation), f"obligation/{obligation.id}", "id")

    def find(self, obligation_id: str) -> Obligation | None:
        row = self._connection.execute(
            rows_by(tables.obligation, "id"), by(self._workspace, id=obligation_id)
        ).one_or_none()
        return None if row is None else _obligation(row)

    def get(self, obligation_id: str) -> Obligation:
        """Give an obligation that must exist."""
        found = self.find(obligation_id)
        if found is None:
            raise LookupError(f"obligation {obligation_id} is not stored")
        return found

    def open_of_workflow(self, workflow: str) -> tuple[Obligation, ...]:
        rows = self._connection.execute(
            _OF_WORKFLOW, by(self._workspace, workflow=workflow, state=ObligationState.OPEN)
        )
        return tuple(_obligation(row) for row in rows)

    def open_of_kind(self, kind: ObligationKind) -> tuple[Obligation, ...]:
        rows = self._connection.execute(
            rows_by(tables.obligation, "state", "kind"),
            by(self._workspace, state=ObligationState.OPEN, kind=kind),
        )
        return tuple(_obligation(row) for row in rows)

    def all_open(self) -> tuple[Obligation, ...]:
        """Give every open obligation of the workspace, the earliest due first."""
        rows = self._connection.execute(_BY_DUE, by(self._workspace, state=ObligationState.OPEN))
        return tuple(_obligation(row) for row in rows)

    def due_to_climb(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Give ids of open obligations whose next rung is due, the longest waiting first."""
        known = by(self._workspace, state=ObligationState.OPEN)
        rows = self._connection.execute(_DUE_TO_CLIMB, {**known, "at": now, "most": limit})
        return tuple(row.id for row in rows)


def _obligation(row: Sequence[Any]) -> Obligation:
    # By place: to look each up by its name takes longer than all else where hundreds are read.
    _, own_id, kind, workflow, subject, owed_by, opened, due, climbs, state, *climbed = row
    rung, repeats, is_critical = climbed
    return Obligation(
        id=own_id,
        kind=ObligationKind(kind),
        workflow=workflow,
        subject=subject,
        owed_by=owed_by,
        opened_at=opened,
        due_at=due,
        climbs_at=climbs,
        state=ObligationState(state),
        rung=rung,
        repeats=repeats,
        is_critical=is_critical,
    )
