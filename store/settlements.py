"""What was settled of the outputs that two looks saw differently."""

from dataclasses import asdict

from sqlalchemy import select

from bot.domain.rounds import Look
from bot.domain.second_looks import Settlement
from store import tables
from store.rows import Rows
from store.scope import within


class Settlements(Rows):
    def add(self, settlement: Settlement) -> None:
        self._add(tables.settlement, asdict(settlement))

    def of_round(self, workflow: str, number: int) -> tuple[Settlement, ...]:
        """Give what has been settled in a round so far, oldest first."""
        rows = self._connection.execute(
            select(tables.settlement)
            .where(within(tables.settlement, self._workspace, workflow=workflow, round=number))
            .order_by(tables.settlement.c.entry)
        )
        return tuple(
            Settlement(
                workflow=row.workflow,
                round=row.round,
                output_id=row.output_id,
                stands=Look(row.stands),
                settled_by=row.settled_by,
                entry=row.entry,
            )
            for row in rows
        )
