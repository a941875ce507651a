"""Refusals while they are counted: equal ones of one person within a minute are one entry."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Row, bindparam, insert, update

from store import tables
from store.rows import Rows
from store.scope import by, delete_by, rows_by, within

WINDOW: Final = timedelta(minutes=1)
_IS_OVER: Final = tables.refusal.c.until <= bindparam("at")
_OVER: Final = rows_by(tables.refusal).where(_IS_OVER)


@dataclass(frozen=True, slots=True)
class Counted:
    """Equal refusals of one person: the entry of the first, and how many came after it."""

    actor: str
    rule: str
    subject: str
    role: str
    repeats: int = 0
    entry: int = -1


class Refusals(Rows):
    def has_any_to_settle(self, now: datetime) -> bool:
        """Tell whether the minute of any counted refusal has passed."""
        found = self._connection.execute(_OVER, {**by(self._workspace), "at": now})
        return found.first() is not None

    def count_again(self, refusal: Counted, now: datetime) -> int | None:
        """Count a refusal whose equal was refused within the last minute; give the entry of that.

        None if there was none: then nothing is counted.
        """
        return self._connection.execute(
            update(tables.refusal)
            .where(
                within(
                    tables.refusal,
                    self._workspace,
                    actor=refusal.actor,
                    rule=refusal.rule,
                    subject=refusal.subject,
                ),
                tables.refusal.c.until > now,
            )
            .values(repeats=tables.refusal.c.repeats + 1)
            .returning(tables.refusal.c.entry)
        ).scalar_one_or_none()

    def add(self, refusal: Counted, now: datetime) -> None:
        """Count from now on the refusals that are equal to this one."""
        self._connection.execute(
            insert(tables.refusal).values(
                workspace=self._workspace, **asdict(refusal), until=now + WINDOW
            )
        )

    def settle(self, now: datetime) -> tuple[Counted, ...]:
        """Give the refusals whose minute has passed, and count them no more."""
        over = {**by(self._workspace), "at": now}
        rows = self._connection.execute(_OVER, over).all()
        self._connection.execute(delete_by(tables.refusal).where(_IS_OVER), over)
        return tuple(_counted(row) for row in rows)


def _counted(row: Row[tuple[object, ...]]) -> Counted:
    return Counted(row.actor, row.rule, row.subject, row.role, row.repeats, row.entry)
