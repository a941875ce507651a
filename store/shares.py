"""What reviewers have been handed of a round, and how far they are with it."""

from dataclasses import asdict

from sqlalchemy import Row, func, select

from bot.domain.shares import Share, ShareState
from store import tables
from store.rows import Rows
from store.scope import by, rows_by, within


class Shares(Rows):
    def add(self, share: Share) -> None:
        self._add(tables.share, asdict(share))

    def save(self, share: Share) -> None:
        self._save(tables.share, asdict(share), share.name, "workflow", "number")

    def find(self, workflow: str, number: int) -> Share | None:
        row = self._connection.execute(
            rows_by(tables.share, "workflow", "number"),
            by(self._workspace, workflow=workflow, number=number),
        ).one_or_none()
        return None if row is None else _share(row)

    def get(self, workflow: str, number: int) -> Share:
        """Give a share that must exist."""
        found = self.find(workflow, number)
        if found is None:
            raise LookupError(f"share/{workflow}/{number} is not stored")
        return found

    def next_number(self, workflow: str) -> int:
        last = self._connection.execute(
            select(func.max(tables.share.c.number)).where(
                within(tables.share, self._workspace, workflow=workflow)
            )
        ).scalar_one()
        return 1 if last is None else int(last) + 1

    def of_round(self, workflow: str, round_: int) -> tuple[Share, ...]:
        """Give every share of a round there has been, oldest first."""
        rows = self._connection.execute(
            rows_by(tables.share, "workflow", "round").order_by(tables.share.c.number),
            by(self._workspace, workflow=workflow, round=round_),
        )
        return tuple(map(_share, rows))

    def with_reviewers(self) -> tuple[Share, ...]:
        """Give every share that a reviewer has now."""
        rows = self._connection.execute(
            rows_by(tables.share, "state").order_by(tables.share.c.workflow, tables.share.c.number),
            by(self._workspace, state=ShareState.OPEN),
        )
        return tuple(map(_share, rows))

    def with_reviewer(self, user_id: str) -> tuple[Share, ...]:
        """Give every share that this reviewer has now."""
        rows = self._connection.execute(
            rows_by(tables.share, "reviewer", "state").order_by(
                tables.share.c.workflow, tables.share.c.number
            ),
            by(self._workspace, reviewer=user_id, state=ShareState.OPEN),
        )
        return tuple(map(_share, rows))


def _share(row: Row[tuple[object, ...]]) -> Share:
    return Share(
        workflow=row.workflow,
        number=row.number,
        round=row.round,
        reviewer=row.reviewer,
        state=ShareState(row.state),
        entry=row.entry,
    )
