"""Who is to take a workflow over."""

from dataclasses import asdict

from sqlalchemy import Row, select

from bot.domain.handovers import Handover, HandoverState
from bot.domain.registry import Roles
from store import tables
from store.rows import Rows
from store.scope import by, rows_by, within


class Handovers(Rows):
    def add(self, handover: Handover) -> None:
        self._add(tables.handover, _columns(handover))

    def save(self, handover: Handover) -> None:
        self._save(tables.handover, _columns(handover), handover.name, "workflow", "number")

    def find(self, workflow: str, number: int) -> Handover | None:
        row = self._connection.execute(
            rows_by(tables.handover, "workflow", "number"),
            by(self._workspace, workflow=workflow, number=number),
        ).one_or_none()
        return None if row is None else _handover(row)

    def last(self, workflow: str) -> Handover | None:
        """Give the newest proposal for a workflow, or None before the first."""
        row = self._connection.execute(
            select(tables.handover)
            .where(within(tables.handover, self._workspace, workflow=workflow))
            .order_by(tables.handover.c.number.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else _handover(row)

    def still_open(self) -> tuple[Handover, ...]:
        """Give every proposal that waits for its successor."""
        rows = self._connection.execute(
            select(tables.handover)
            .where(within(tables.handover, self._workspace, state=HandoverState.OPEN))
            .order_by(tables.handover.c.workflow)
        )
        return tuple(map(_handover, rows))


def _columns(handover: Handover) -> dict[str, object]:
    return {
        "workflow": handover.workflow,
        "number": handover.number,
        "proposed_by": handover.proposed_by,
        "was_owner": handover.was_owner,
        **asdict(handover.roles),
        "state": handover.state,
        "entry": handover.entry,
    }


def _handover(row: Row[tuple[object, ...]]) -> Handover:
    return Handover(
        workflow=row.workflow,
        number=row.number,
        proposed_by=row.proposed_by,
        was_owner=row.was_owner,
        roles=Roles(row.owner, row.backup, row.steward, row.technical_owner),
        state=HandoverState(row.state),
        entry=row.entry,
    )
