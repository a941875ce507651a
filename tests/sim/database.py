"""The database: SQLite's own, between whose statements others come in and anything may fail.

To the replicas it is a server that they share: a statement may find it locked, refused, or gone,
and a commit may be lost before it happened or after. Its clock is the simulation's.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import Engine, event

from store.engine import PATIENCE, connect
from tests.engines import shared
from tests.sim.baton import Baton

LOOK_AGAIN: Final = 0.02  # seconds until a waiting writer asks for the seat again
GONE: Final = "Cannot operate on a closed database."  # what the driver says of a lost connection
_WAIT: Final = "PRAGMA busy_timeout="
LOCKED: Final = "database is locked"
# When the next thing falls due, by which loop looks after it.
DUE: Final = {
    "messages": """SELECT min(available_at) FROM outbox
        WHERE state IN ('ready', 'unknown', 'sending')""",
    "duties": """SELECT min(due) / 1000000.0 FROM (
        SELECT min(climbs_at) AS due FROM obligation WHERE state = 'open'
        UNION ALL SELECT min(period_end) FROM round WHERE state = 'open'
        UNION ALL SELECT min(attest_at) FROM workflow WHERE state = 'live'
        UNION ALL SELECT min(drill_at) FROM workflow WHERE state = 'live'
        UNION ALL SELECT min(until) FROM refusal)""",
}
NOT_SERIALIZABLE: Final = "could not serialize access due to concurrent update"
_NEWEST: Final = "SELECT size, board FROM head"


class StaleError(Exception):
    """A transaction that was begun just now sees what was so before: the bot's own fault."""


class Trouble(Protocol):
    """What may befall a database: asked at each point, by its name, with the statement."""

    def at(self, point: str, about: str = "") -> str: ...


@dataclass(eq=False)
class Database:
    """One file, and how it is reached by whoever takes part in the simulation."""

    path: Path
    baton: Baton
    trouble: Trouble
    begins_at: datetime
    opened: list["Connection"] = field(default_factory=list)

    def engine(self) -> Engine:
        """Give an engine as the product opens it, whose every statement is a turn."""
        engine = connect(f"sqlite:///{self.path}")
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "connect", _hurry)
        return shared(engine)

    def _connect(self, _dialect: object, _record: object, args: Any, kept: Any) -> "Connection":  # noqa: ANN401 -- SQLAlchemy's own
        made = sqlite3.connect(*args, **{**kept, "timeout": 0}, factory=partial(Connection, self))
        # The only function by which our queries ask what time it is.
        made.create_function("strftime", 2, self._seconds)
        self.opened.append(made)
        return made

    @cached_property
    def outside(self) -> sqlite3.Connection:
        """Reach the file past everything that may befall it; it is the caller's to close."""
        return sqlite3.connect(self.path, check_same_thread=False)

    def _seconds(self, _format: str, _now: str) -> str:
        return str(int(self.begins_at.timestamp() + self.baton.now))


class Connection(sqlite3.Connection):
    """A connection that hands the baton on, and may be lost."""

    def __init__(self, database: Database, *args: Any, **kept: Any) -> None:  # noqa: ANN401 -- the driver's own
        super().__init__(*args, **kept)
        self.database = database
        self.is_writing = False
        self.has_looked = True  # at anything, since its transaction began
        self.patience = PATIENCE

    def cursor(self, _factory: object = None) -> "Cursor":  # type: ignore[override]
        return super().cursor(Cursor)

    def commit(self) -> None:
        if not self.in_transaction:
            return
        if not self.is_writing:
            super().commit()
            return
        self._point("before commit")
        super().commit()
        self.is_writing = False
        self._point("after commit")

    def rollback(self) -> None:
        super().rollback()
        self.is_writing = False

    def close(self) -> None:
        """Let go of the seat at once, as the system does for a process that has died.

        A closed connection keeps its locks for as long as any cursor of it is left, and when the
        garbage is collected must not be part of a history.
        """
        if self.in_transaction:
            self.rollback()
        super().close()

    def _point(self, point: str) -> None:
        self.database.baton.pause()
        if self.database.trouble.at(point):
            self.lose()

    def lose(self) -> None:
        """Have the connection be gone: what was not committed is not kept."""
        super().rollback()
        self.is_writing = False
        raise sqlite3.ProgrammingError(GONE)


class Cursor(sqlite3.Cursor):
    connection: Connection

    def execute(self, statement: str, parameters: Any = ()) -> "Cursor":  # noqa: ANN401 -- the driver's own
        here = self.connection.database
        if statement.startswith(_WAIT):  # in the simulation's time, not the machine's
            self.connection.patience = int(statement.removeprefix(_WAIT)) / 1000
            return self
        if not statement.startswith("PRAGMA"):
            here.baton.pause()
            if statement == "BEGIN IMMEDIATE":
                return self._seated(statement)
            self._refuse(here.trouble.at("statement", statement))
            self._require_present(statement)
        return super().execute(statement, parameters)

    def executemany(self, statement: str, parameters: Any) -> "Cursor":  # noqa: ANN401 -- the driver's own
        here = self.connection.database
        here.baton.pause()
        self._refuse(here.trouble.at("statement", statement))
        return super().executemany(statement, parameters)

    def _seated(self, statement: str) -> "Cursor":
        """Take the writer's seat among all processes: to wait for it is to hand the baton on."""
        here = self.connection.database
        self._refuse(here.trouble.at("seat", statement))
        until = here.baton.now + self.connection.patience
        while True:
            try:
                taken = super().execute(statement)
            except sqlite3.OperationalError:
                if here.baton.now >= until:
                    raise
                here.baton.sleep(LOOK_AGAIN)
            else:
                self.connection.is_writing, self.connection.has_looked = True, False
                return taken

    def _require_present(self, statement: str) -> None:
        """Have the first look of each transaction be at what is committed by then."""
        if statement == "BEGIN":
            self.connection.has_looked = False
        elif not self.connection.has_looked:
            self.connection.has_looked = True
            seen = sqlite3.Cursor(self.connection).execute(_NEWEST).fetchall()
            if seen != self.connection.database.outside.execute(_NEWEST).fetchall():
                raise StaleError

    def _refuse(self, trouble: str) -> None:
        raising: dict[str, Callable[[], None]] = {
            "locked": partial(self._fail, LOCKED),
            "serialization failure": partial(self._fail, NOT_SERIALIZABLE),
            "connection lost": self.connection.lose,
        }
        if trouble:
            raising[trouble]()

    def _fail(self, said: str) -> None:
        raise sqlite3.OperationalError(said)


def _hurry(connection: Any, _entry: object) -> None:  # noqa: ANN401 -- the driver's own
    # No simulation pulls the plug of the machine: what is committed stays so.
    sqlite3.Cursor.execute(connection.cursor(), "PRAGMA synchronous=OFF")
