"""What people could not judge of what was drawn."""

from dataclasses import asdict

from bot.domain.rounds import Look
from bot.domain.skips import Skip
from store import tables
from store.rows import Rows
from store.scope import by, rows_by


class Skips(Rows):
    def add(self, skip: Skip) -> None:
        self._add(tables.skip, asdict(skip))

    def of_round(self, workflow: str, number: int) -> tuple[Skip, ...]:
        """Give what nobody could judge when it was theirs to judge, oldest first."""
        rows = self._connection.execute(
            rows_by(tables.skip, "workflow", "round"),
            by(self._workspace, workflow=workflow, round=number),
        )
        return tuple(
            Skip(
                workflow=row.workflow,
                round=row.round,
                look=Look(row.look),
                output_id=row.output_id,
                skipped_by=row.skipped_by,
                entry=row.entry,
            )
            for row in sorted(rows, key=lambda row: row.entry)
        )
