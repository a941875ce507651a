"""The workspace's people: their pseudonyms in the record and their standing as last seen."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import insert, select, update

from bot.domain.people import Standing
from store import tables
from store.record import ERASED
from store.rows import Rows
from store.scope import by, rows_by, within

PSEUDONYM: Final = "person-"  # begins the name of every person in the record

_GONE: Final = rows_by(tables.person).where(tables.person.c.standing != Standing.MEMBER)


class People(Rows):
    def pseudonym_or_none(self, user_id: str) -> str | None:
        row = self._connection.execute(
            rows_by(tables.person, "user_id"), by(self._workspace, user_id=user_id)
        ).one_or_none()
        return None if row is None else str(row.pseudonym)

    def user_of(self, pseudonym: str) -> str:
        """Give the Slack user behind a pseudonym: a mark if they were forgotten.

        It is empty for what acts and is no person.
        """
        found = self._connection.execute(
            select(tables.person.c.user_id).where(
                within(tables.person, self._workspace, pseudonym=pseudonym)
            )
        ).scalar_one_or_none()
        is_person = pseudonym.startswith(PSEUDONYM)
        return found or (ERASED if is_person else "")

    def add(self, user_id: str, pseudonym: str, standing: Standing) -> None:
        self._connection.execute(
            insert(tables.person).values(
                workspace=self._workspace, user_id=user_id, pseudonym=pseudonym, standing=standing
            )
        )

    def set_standing(self, user_id: str, standing: Standing) -> bool:
        """Note what somebody has become; tell whether that is news."""
        changed = self._connection.execute(
            update(tables.person)
            .where(
                within(tables.person, self._workspace, user_id=user_id),
                tables.person.c.standing != standing,
            )
            .values(standing=standing)
        )
        return changed.rowcount == 1

    def is_member(self, user_id: str) -> bool:
        """Tell whether somebody known is a full member: nobody who has left or was forgotten."""
        row = self._connection.execute(
            rows_by(tables.person, "user_id"), by(self._workspace, user_id=user_id)
        ).one_or_none()
        return row is not None and row.standing == Standing.MEMBER

    def gone(self) -> Mapping[str, Standing]:
        """Give everybody who is no full member any more, and so can answer for nothing."""
        rows = self._connection.execute(_GONE, by(self._workspace))
        return {row.user_id: Standing(row.standing) for row in rows}
