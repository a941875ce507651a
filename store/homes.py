"""Who has opened their Home: to them it is published again when something changes."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select, update

from store import tables
from store.rows import Rows
from store.scope import by, rows_by, within

_OPENED_AT: Final = rows_by(tables.home, "user_id").with_only_columns(tables.home.c.opened_at)


class Homes(Rows):
    def note_opened(self, user_id: str, at: datetime) -> None:
        noted = self._connection.execute(
            update(tables.home)
            .where(within(tables.home, self._workspace, user_id=user_id))
            .values(opened_at=at)
        )
        if noted.rowcount == 0:
            self._connection.execute(
                insert(tables.home).values(workspace=self._workspace, user_id=user_id, opened_at=at)
            )

    def opened_at(self, user_id: str) -> datetime | None:
        """Give when somebody opened theirs last, or None if they never did."""
        found: datetime | None = self._connection.execute(
            _OPENED_AT, by(self._workspace, user_id=user_id)
        ).scalar_one_or_none()
        return found

    def opened_since(self, at: datetime) -> frozenset[str]:
        """Give everybody who has opened theirs since then."""
        rows = self._connection.execute(
            select(tables.home.c.user_id).where(
                within(tables.home, self._workspace), tables.home.c.opened_at > at
            )
        )
        return frozenset(row.user_id for row in rows)

    def forget(self, user_id: str) -> None:
        self._connection.execute(
            delete(tables.home).where(within(tables.home, self._workspace, user_id=user_id))
        )
