"""The database and the way into it: `begin` takes the writer's seat before the first read."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.domain.people import Actor
from bot.domain.refusals import Busy, Refused
from store.seat import Seat
from store.tables import head
from store.unit_of_work import Changed, Reading, Stamp, Work

PATIENCE: Final = 2.0  # seconds a writer waits: Slack's limit for an answer is three


class Clock(Protocol):
    """What the store asks of a clock: the time as aware UTC."""

    def now(self) -> datetime: ...


class UnusableDatabase(Exception):  # noqa: N818 -- said to the operator in one line
    """The database cannot be used as it is; the message says why and what to do."""


def connect(url: str) -> Engine:
    """Open the database at `url`; only SQLite is supported. Nothing is read or written yet.

    Raises UnusableDatabase for any other address.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UnusableDatabase(
            "ANSWERABLE_DATABASE_URL is no database address: use sqlite:///answerable.db"
        ) from error
    if parsed.get_backend_name() != "sqlite":
        raise UnusableDatabase(
            f"ANSWERABLE_DATABASE_URL names {parsed.get_backend_name()}; this version keeps its "
            "record in SQLite: use sqlite:///answerable.db"
        )
    # Outputs, reasons and names are parameters: no error message and no log shows them.
    engine = create_engine(parsed, connect_args={"timeout": PATIENCE}, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # BEGIN is ours: see _begin
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    is_writer = connection.get_execution_options().get("seat", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


@dataclass
class Store:
    """Everything the product remembers, for every workspace.

    Listeners are called in the committing thread after each commit; they must be quick and must
    not raise.
    """

    engine: Engine
    clock: Clock
    stamp: Stamp
    entropy: Callable[[int], bytes] = secrets.token_bytes
    listeners: list[Callable[[Changed], None]] = field(default_factory=list)
    _seat: Seat = field(default_factory=lambda: Seat(PATIENCE))

    @contextmanager
    def begin(self, workspace: str, actor: Actor) -> Iterator[Work]:
        """Give a unit of work that commits as a whole when the block ends.

        A refusal raised inside undoes the block, is recorded and told instead, and raised again.
        Any other exception undoes everything. Raises Busy if the seat does not come free in time.
        """
        refused: Refused | None = None
        with self._seat.taken(by_person=actor.is_person), self._writing() as connection:
            work = self._work(connection, workspace, actor)
            try:
                yield work
            except Refused as refusal:
                connection.rollback()  # all of the block; what follows reads the head anew
                work = self._work(connection, workspace, actor)
                work.record_refusal(refusal)
                refused = refusal
            changed = work.finish()
            connection.commit()
        for listener in self.listeners:
            listener(changed)
        if refused:
            raise refused

    def workspaces(self) -> tuple[str, ...]:
        """Give the workspaces that have a log here."""
        with self.engine.connect() as connection:
            return tuple(row.workspace for row in connection.execute(select(head.c.workspace)))

    @contextmanager
    def read(self, workspace: str, actor: Actor | None = None) -> Iterator[Reading]:
        """Give a consistent view of what is committed; it never waits for the seat.

        A refusal of what `actor` asks inside is recorded, as in `begin`, and raised again.
        """
        try:
            with self.engine.connect() as connection:
                yield Reading(connection, workspace)
        except Refused as refusal:
            if actor is None:
                raise
            with self.begin(workspace, actor):
                raise refusal from None

    def _work(self, connection: Connection, workspace: str, actor: Actor) -> Work:
        return Work(connection, workspace, actor, self.clock.now(), self.stamp, self.entropy)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self.engine.connect().execution_options(seat=True) as connection:
                yield connection
        except OperationalError as error:
            if "locked" not in str(error.orig):
                raise
            raise Busy("another program holds the database; nothing was recorded") from error
