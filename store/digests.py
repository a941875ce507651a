"""Where the digest of a workspace is posted, and when it is due next."""

from datetime import datetime

from sqlalchemy import delete, insert

from bot.domain.digests import Digest
from store import tables
from store.rows import Rows
from store.scope import by, rows_by, within


class Digests(Rows):
    def find(self) -> Digest | None:
        """Give the workspace's digest, or None if it has none."""
        row = self._connection.execute(rows_by(tables.digest), by(self._workspace)).one_or_none()
        if row is None:
            return None
        return Digest(row.channel, row.cadence, row.zone, row.next_at, row.since)

    def is_due(self, now: datetime) -> bool:
        found = self.find()
        return found is not None and found.next_at <= now

    def save(self, digest: Digest) -> None:
        """Keep this one, in place of the one there may be."""
        self.remove()
        self._connection.execute(
            insert(tables.digest).values(
                workspace=self._workspace,
                channel=digest.channel,
                cadence=digest.cadence,
                zone=digest.zone,
                next_at=digest.next_at,
                since=digest.since,
            )
        )

    def remove(self) -> None:
        self._connection.execute(
            delete(tables.digest).where(within(tables.digest, self._workspace))
        )
