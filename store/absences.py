"""When people are away: the table is the schedule."""

from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import Row, and_, bindparam, func, or_, select

from bot.domain.absences import Absence, AbsenceState
from store import tables
from store.rows import Rows
from store.scope import by, rows_by, within

_NOT_OVER: Final = (
    rows_by(tables.absence)
    .where(tables.absence.c.ends_at > bindparam("at"))
    .order_by(tables.absence.c.begins_at, tables.absence.c.number)
)
_COLUMNS: Final = tables.absence.c
_DUE: Final = (
    rows_by(tables.absence)
    .where(
        or_(
            and_(_COLUMNS.state == AbsenceState.PLANNED, _COLUMNS.begins_at <= bindparam("at")),
            and_(_COLUMNS.state == AbsenceState.BEGUN, _COLUMNS.ends_at <= bindparam("at")),
        )
    )
    .order_by(_COLUMNS.number)
)


class Absences(Rows):
    def add(self, absence: Absence) -> None:
        self._add(tables.absence, asdict(absence))

    def save(self, absence: Absence) -> None:
        self._save(tables.absence, asdict(absence), absence.name, "number")

    def find(self, number: int) -> Absence | None:
        row = self._connection.execute(
            rows_by(tables.absence, "number"), by(self._workspace, number=number)
        ).one_or_none()
        return None if row is None else _absence(row)

    def next_number(self) -> int:
        last = self._connection.execute(
            select(func.max(tables.absence.c.number)).where(within(tables.absence, self._workspace))
        ).scalar_one()
        return 1 if last is None else int(last) + 1

    def not_over(self, at: datetime) -> tuple[Absence, ...]:
        """Give the absences that are in force or still to come, the earliest first."""
        rows = self._connection.execute(_NOT_OVER, {**by(self._workspace), "at": at})
        return tuple(found for row in rows if not _is_void(found := _absence(row)))

    def right_before(self, absence: Absence) -> Absence | None:
        """Give the same person's absence that ended as this one began, None if there is none."""
        rows = self._connection.execute(
            rows_by(tables.absence, "person", "ends_at"),
            by(self._workspace, person=absence.person, ends_at=absence.begins_at),
        )
        return next((found for row in rows if not _is_void(found := _absence(row))), None)

    def right_after(self, absence: Absence) -> Absence | None:
        """Give the same person's absence that began as this one ended, None if there is none."""
        rows = self._connection.execute(
            rows_by(tables.absence, "person", "begins_at"),
            by(self._workspace, person=absence.person, begins_at=absence.ends_at),
        )
        return next((found for row in rows if not _is_void(found := _absence(row))), None)

    def in_force(self, at: datetime) -> tuple[Absence, ...]:
        return tuple(each for each in self.not_over(at) if each.is_in_force(at))

    def due(self, now: datetime) -> tuple[int, ...]:
        """Give the numbers of absences that begin or end by now and of which that is not noted."""
        rows = self._connection.execute(_DUE, {**by(self._workspace), "at": now})
        return tuple(row.number for row in rows)


def _is_void(absence: Absence) -> bool:
    return absence.begins_at == absence.ends_at


def _absence(row: Row[tuple[object, ...]]) -> Absence:
    return Absence(
        number=row.number,
        person=row.person,
        delegate=row.delegate,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        zone=row.zone,
        state=AbsenceState(row.state),
        entry=row.entry,
    )
