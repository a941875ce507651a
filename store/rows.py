"""What every part of the store stands on: the rows of one workspace, on one connection."""

from collections.abc import Mapping

from sqlalchemy import Connection, Table, insert

from store.scope import by, update_by


class Rows:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace

    def _add(self, table: Table, row: Mapping[str, object]) -> None:
        self._connection.execute(insert(table), {"workspace": self._workspace, **row})

    def _save(self, table: Table, row: Mapping[str, object], named: str, *key: str) -> None:
        """Change the one row that has the same values in the key's columns. Raises LookupError."""
        is_this = by(self._workspace, **{name: row[name] for name in key})
        saved = self._connection.execute(update_by(table, *key), {**is_this, **row})
        if saved.rowcount != 1:
            raise LookupError(f"{named} is not stored")
