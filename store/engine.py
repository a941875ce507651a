"""The database and the way into it: `begin` takes the writer's seat before the first read."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import URL, Connection, Engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.clock import Clock
from bot.domain.marks import entry_of, require_kept
from bot.domain.notes import TreeHead
from bot.domain.people import Actor
from bot.domain.refusals import OtherClock, Refused, Unwritable
from bot.domain.tree import Frontier
from bot.domain.witness import require_grown
from store import postgres, sqlite
from store.damage import Damages, require_signed, require_whole
from store.faults import UnusableDatabase, answering, commit
from store.memory import Memory, NoMemory
from store.reading import Reading
from store.seat import Seat
from store.tables import checkpoint, head
from store.unit_of_work import Changed, Stamp, Work

# Seconds a writer waits, for those of this process and of others together, and with what whoever
# acts has waited for before: Slack's limit for an answer is three.
PATIENCE: Final = 2.0
# "postgres" is how many hosts of databases write it.
_OPENERS: Final[Mapping[str, Callable[[URL, float], Engine]]] = {
    "sqlite": sqlite.engine_of,
    "postgresql": postgres.engine_of,
    "postgres": postgres.engine_of,
}
_ENCODED: Final = "In a password, percent-encode what is neither letter nor digit: @ is %40"


def connect(url: str) -> Engine:
    """Open the database at `url`, SQLite's or PostgreSQL's. Nothing is read or written yet.

    Raises UnusableDatabase for any other address, for a file that goes by several names, and for
    one that has come in the place of a running bot's.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # what they say can have a piece of the password in it
        raise UnusableDatabase(
            "ANSWERABLE_DATABASE_URL is no database address: use sqlite:///answerable.db, or "
            f"postgresql://user:password@host/name. {_ENCODED}"
        ) from None
    if "@" in str(parsed.host):
        raise UnusableDatabase(f"ANSWERABLE_DATABASE_URL has more than one @. {_ENCODED}")
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise UnusableDatabase(
            "ANSWERABLE_DATABASE_URL names no file, so nothing would be kept: use "
            "sqlite:///answerable.db"
        )
    opener = _OPENERS.get(parsed.get_backend_name())
    if opener is None:
        raise UnusableDatabase(
            f"ANSWERABLE_DATABASE_URL names {parsed.get_backend_name()}; the record is kept in "
            "SQLite or PostgreSQL: use sqlite:///answerable.db, or "
            "postgresql://user:password@host/name"
        )
    if opener is postgres.engine_of and not parsed.database:
        # Its own client would take what the environment or the user's name suggests.
        raise UnusableDatabase(
            "ANSWERABLE_DATABASE_URL names no database on the server: use "
            "postgresql://user:password@host/name"
        )
    engine = opener(parsed, PATIENCE)
    try:
        _require_served(engine)
        _require_one_name(engine)
    except OSError as error:  # its folder is shut to this user
        raise UnusableDatabase(
            f"the database {place_of(engine)} cannot be looked at ({error.strerror}): run this as "
            "the user who runs `answerable serve`, or name another in ANSWERABLE_DATABASE_URL"
        ) from error
    return engine


def _require_served(engine: Engine) -> None:
    """Refuse the place of a running bot's file where that is not: what it does rests on its own."""
    path = sqlite.file_or_none(engine)
    if path and (process := sqlite.deserted_by_or_none(path)):
        raise UnusableDatabase(
            f"the database {path} was moved, deleted or replaced while the bot of process "
            f"{process} runs on it. Stop that bot, {sqlite.PUT_BACK}"
        )


def _require_one_name(engine: Engine) -> None:
    """Refuse a file of SQLite's that has a second name, before it is opened.

    What lies beside it (-wal, -shm) is found by its name, and so is who holds it: two programs that
    call one file by two names know nothing of each other. What one of them records the other
    overwrites, after people were told that it stands.
    """
    path = sqlite.file_or_none(engine)
    if path is None or not path.exists():
        return
    if not path.is_file():
        raise UnusableDatabase(
            f"the database {path} is no file: name one in ANSWERABLE_DATABASE_URL, such as "
            f"sqlite:///{path}/answerable.db"
        )
    names = path.stat().st_nlink
    if names > 1:
        raise UnusableDatabase(
            f"the database {path} is one file under {names} names (hard links), and SQLite is safe "
            f"with one: see that no bot runs on it by another, then take the others away (find / "
            f"-samefile {path})"
        )


def place_of(engine: Engine) -> str:
    """Give how to name the database to an operator, without its password."""
    return str(sqlite.file_or_none(engine) or engine.url.database)


def last_notes(engine: Engine) -> tuple[str, ...]:
    """Give the newest signed checkpoint of each log here, as notes.

    Raises Damaged for a log that has none, Away and Busy.
    """
    newest = (checkpoint.c.workspace == head.c.workspace) & (checkpoint.c.size == head.c.size)
    with answering(), engine.connect() as connection:
        rows = connection.execute(select(checkpoint.c.note).where(newest)).all()
        require_signed(connection, len(rows))
    return tuple(row.note for row in rows)


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
    memory: Memory = field(default_factory=NoMemory)
    listeners: list[Callable[[Changed], None]] = field(default_factory=list)
    _seat: Seat = field(init=False)
    _damages: Damages = field(init=False)
    _of_own_clock: set[str] = field(default_factory=set)
    _sizes: dict[str, int] = field(default_factory=dict)
    _fitting: dict[str, tuple[Frontier, TreeHead]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._seat = Seat(PATIENCE, self.clock.elapsed)
        self._damages = Damages(self.engine, self.clock.elapsed)

    @contextmanager
    def begin(self, workspace: str, actor: Actor, *, is_recovery: bool = False) -> Iterator[Work]:
        """Give a unit of work that commits as a whole when the block ends.

        A refusal raised inside undoes the block, is recorded and told instead, and raised again.
        So is, before the block, what rests on a card of a record that was lost since. Any other
        exception undoes everything. Raises Busy if the seat does not come free in time,
        Away if the database does not answer, Unwritable if it takes nothing in, CommitUnknown if it
        is lost in the act of committing, OtherClock if the log goes by another clock than ours,
        Damaged if something of the record that is needed cannot be read, and Shortened if it is not
        what grew out of what was witnessed, unless that is what is to be put on record.
        """
        refused: Refused | None = None
        known = self.known_size(workspace)
        with (
            self._seat.taken(by_person=actor.is_person) as patience,
            self._writing(workspace, patience) as connection,
        ):
            work = self._work(connection, workspace, actor)
            self._require_own_clock(work)
            seen = self.memory.last_or_none(workspace)
            if seen and not is_recovery:
                self._require_grown(work, seen)
            self.require_kept(workspace, work.last_number + 1, known)
            try:
                _require_kept_card(work, actor)
                yield work
            except Refused as refusal:
                connection.rollback()  # all of the block; what follows reads the head anew
                work = self._work(connection, workspace, actor)
                work.record_refusal(refusal)
                refused = refusal
            changed = work.finish()
            commit(connection)
            if work.last_number >= 0:  # there is a log, and it goes by our clock
                self._of_own_clock.add(workspace)
                self._sizes[workspace] = work.last_number + 1
            if seen and not is_recovery:
                self._fitting[workspace] = work.frontier, seen
        for listener in self.listeners:
            listener(changed)
        if refused:
            raise refused

    def scrub(self) -> None:
        """Leave nothing erased lying about where the database can see to that itself."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                sqlite.scrub(connection)

    def workspaces(self) -> tuple[str, ...]:
        """Give the workspaces that have a log here. Raises Away and Busy as `read` does."""
        by_name = select(head.c.workspace).order_by(head.c.workspace)
        with answering(), self.engine.connect() as connection:
            return tuple(row.workspace for row in connection.execute(by_name))

    @contextmanager
    def read(self, workspace: str, actor: Actor | None = None) -> Iterator[Reading]:
        """Give a consistent view of what is committed; it never waits for the seat.

        A refusal of what `actor` asks inside is recorded, as in `begin`, and raised again. Raises
        Away if the database does not answer, Busy if it has no connection to spare, and Damaged if
        something of the record that is needed cannot be read.
        """
        try:
            with self._connected(workspace) as connection:
                reading = Reading(connection, workspace, self.clock.now())
                if actor is not None:
                    _require_kept_card(reading, actor)
                yield reading
                connection.commit()  # psycopg forgets at a rollback all that it has prepared
        except Refused as refusal:
            if actor is None:
                raise
            with self.begin(workspace, actor):
                raise refusal from None

    def require_whole(self, workspace: str) -> None:
        """Look at all of the record. Raises Damaged if it is not what was signed."""
        with self._connected(workspace) as connection:
            require_whole(connection, workspace)

    def known_size(self, workspace: str) -> int:
        """Give how many entries this process knows the log to have. To be asked before it reads."""
        return self._sizes.get(workspace, 0)

    def require_kept(self, workspace: str, size: int, known: int) -> None:
        """Refuse a log that has fewer entries than were known before it was read.

        It is another database, or an older copy, that was put in the place of this one under a bot
        that runs. Raises Unwritable.
        """
        if size < known:
            raise Unwritable(
                f"the record has {size:,} entries, and had {known:,} before: another database is "
                "in its place. Stop this bot, bring the right one back, and start it again"
            )
        self._sizes[workspace] = max(known, size)

    def _require_own_clock(self, work: Work) -> None:
        if work.is_new or work.workspace in self._of_own_clock:  # once asked, it costs no query
            return
        recorded = str(work.log.entry(0).facts.get("clock", self.clock.kind))
        if recorded != self.clock.kind:
            raise OtherClock(recorded, self.clock.kind)

    def _require_grown(self, work: Work, seen: TreeHead) -> None:
        tree = work.frontier
        # A log as this process left it was looked at then: nearly always, and it costs no query.
        if self._fitting.get(work.workspace) != (tree, seen):
            require_grown(seen, tree.size, work.log.root_at(seen.size))

    def _work(self, connection: Connection, workspace: str, actor: Actor) -> Work:
        now = self.clock.now()
        work = Work(connection, workspace, actor, now, self.stamp, self.entropy)
        self.clock.keep(work.now)
        return work

    @contextmanager
    def _writing(self, workspace: str, patience: float) -> Iterator[Connection]:
        """Take the seat among all processes, within what is left of the patience."""
        with self._connected(workspace, seat=workspace, patience=patience) as connection:
            yield connection

    @contextmanager
    def _connected(self, workspace: str, **options: object) -> Iterator[Connection]:
        """Give a connection. After a fault nobody is given the same of SQLite again.

        What a fault leaves half read is held by whatever keeps the error, and until that is gone
        SQLite shows the connection no later state: what it read next would be of the past.
        """
        with (
            self._damages.told(workspace),
            answering(),
            self.engine.connect().execution_options(**options) as connection,
        ):
            try:
                yield connection
            except BaseException:
                if self.engine.dialect.name == "sqlite" and connection.in_transaction():
                    sqlite.give_up(connection)
                raise


def _require_kept_card(reading: Reading, actor: Actor) -> None:
    """Refuse an act on a card that rests on what this record has lost."""
    if actor.card:
        require_kept(actor.card, reading.log.id_or_none(entry_of(actor.card)))
