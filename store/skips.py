"""What people could not judge of what was drawn."""

from dataclasses import asdict

from sqlalchemy import Connection, insert

from bot.domain.rounds import Look
from bot.domain.skips import Skip
from store import tables
from store.scope import by, rows_by


class Skips:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace

    def add(self, skip: Skip) -> None:
        self._connection.execute(
            insert(tables.skip).values(workspace=self._workspace, **asdict(skip))
        )

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
