"""What somebody outside has seen of the record, as the database remembers it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import update

from store import tables
from store.rows import Rows
from store.scope import by, rows_by, within


@dataclass(frozen=True, slots=True)
class Witnessed:
    """The tree head, its root in hex, that was last seen outside, and since when."""

    size: int
    root: str
    at: datetime


class Witness(Rows):
    def last_or_none(self) -> Witnessed | None:
        row = self._connection.execute(rows_by(tables.witness), by(self._workspace)).one_or_none()
        return None if row is None else Witnessed(row.size, row.root, row.at)

    def note(self, witnessed: Witnessed) -> None:
        """Remember what was seen last in the place of what was seen before."""
        noted = self._connection.execute(
            update(tables.witness)
            .where(within(tables.witness, self._workspace))
            .values(**asdict(witnessed))
        )
        if noted.rowcount == 0:
            self._add(tables.witness, asdict(witnessed))
