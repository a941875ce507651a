"""Databases for tests: as the product opens them, but for what would be done anew in each test.

A test's database is named by the folder it is asked for in, and is a copy of one that was
prepared once. `chosen` says which engine it is of.
"""

import atexit
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import psycopg
import pytest
from sqlalchemy import URL, Dialect, Engine
from sqlalchemy.engine import make_url

from store import sqlite
from store.engine import connect
from store.migrate import migrate
from store.tables import metadata
from tests.postgres import a_database, a_server

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
FILE: Final = "answerable.db"
BOT: Final = "answerable_bot"  # the role that the bot connects as on a server
Preparing = Callable[[Path], None]
_NAMES: Final = [f'"{name}"' for name in metadata.tables]


@dataclass
class Place:
    """A database on a server that one test after the other uses, each of them as if it were new.

    `engine` is the bot's own role's, `owner` the address by which the owner of the tables comes.
    """

    engine: Engine
    owner: str
    admin: "psycopg.Connection[tuple[object, ...]]"
    kept: dict[Preparing | None, str] = field(default_factory=dict)

    def become(self, prepared: Preparing | None) -> None:
        """Hold exactly what was prepared: no row of an earlier test is left."""
        if prepared not in self.kept:
            self._keep(prepared)
        schema = self.kept[prepared]
        copied = "".join(f"INSERT INTO {name} TABLE {schema}.{name};" for name in _NAMES)
        self.admin.execute(f"{_EMPTIED}{copied}{COUNTED}".encode())

    def _keep(self, prepared: Preparing | None) -> None:
        self.admin.execute(_EMPTIED.encode())
        if prepared:
            folder = Path(mkdtemp())
            chosen.here[folder] = self
            prepared(folder)
            del chosen.here[folder]
        schema = f"kept_{len(self.kept)}"
        tables = "".join(f"CREATE TABLE {schema}.{name} AS TABLE {name};" for name in _NAMES)
        self.admin.execute(f"CREATE SCHEMA {schema};{tables}".encode())
        self.kept[prepared] = schema


# Past the guards and the foreign keys: this is a copy of rows that have passed them.
_DELETED: Final = [f"DELETE FROM {name};" for name in _NAMES]  # noqa: S608 -- our own names
_EMPTIED: Final = "".join(["SET session_replication_role = replica;", *_DELETED])
# What has no number is given the next after what was copied.
COUNTED: Final = (
    "SELECT setval(pg_get_serial_sequence('outbox', 'id'), max(id) + 1, false) FROM outbox"
)


@dataclass
class Chosen:
    """The engine that databases are asked of, and what the test that runs now has of it."""

    engine: str = SQLITE
    here: dict[Path, Place] = field(default_factory=dict)
    free: list[Place] = field(default_factory=list)
    opened: list[Engine] = field(default_factory=list)

    def place_in(self, folder: Path) -> Place:
        if folder not in self.here:
            self.here[folder] = self.free.pop() if self.free else _place()
        return self.here[folder]

    def forget(self) -> None:
        """Let go of what this test has had; folders are pytest's to clear away."""
        for engine in self.opened:
            engine.dispose()
        self.opened.clear()
        self.free += self.here.values()
        self.here.clear()


chosen: Final = Chosen()


@pytest.fixture(autouse=True, params=[SQLITE, POSTGRESQL])
def databases_of_both(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run a test on either engine."""
    chosen.engine = request.param
    yield
    chosen.forget()
    chosen.engine = SQLITE


# For what only one of the two has.
on_sqlite: Final = pytest.mark.parametrize("databases", [SQLITE], indirect=True)
on_postgresql: Final = pytest.mark.parametrize("databases", [POSTGRESQL], indirect=True)


def database_in(folder: Path, prepared: Preparing | None = None) -> Engine:
    """Give an engine on a folder's database; if there is none yet, it becomes a prepared one.

    `prepared` makes what is copied, in a folder of its own, once for many tests.
    """
    if chosen.engine == SQLITE:
        return _file_in(folder, prepared)
    is_new = prepared or folder not in chosen.here
    place = chosen.place_in(folder)
    if is_new:
        place.become(prepared)
    return place.engine


def _file_in(folder: Path, prepared: Preparing | None) -> Engine:
    path = folder / FILE
    if prepared or not path.exists():
        shutil.copy(_template(prepared), path)
    chosen.opened.append(quick(path))
    return chosen.opened[-1]


def owners_engine(folder: Path) -> Engine:
    """Give an engine on a folder's database as the owner of its tables."""
    if chosen.engine == SQLITE:
        return database_in(folder)
    chosen.opened.append(shared(connect(chosen.here[folder].owner)))
    return chosen.opened[-1]


def quick(path: Path) -> Engine:
    """Give an engine on a database file that uses what engines of earlier tests have compiled.

    The statements are the same in every test, and to compile them is a third of what most do.
    """
    engine = shared(connect(f"sqlite:///{path}"))
    sqlite.never_flush(engine)  # no test pulls the plug of the machine
    return engine


def shared(engine: Engine) -> Engine:
    dialect, compiled = _dialect(engine.dialect.name)
    engine.dialect = dialect
    engine.update_execution_options(compiled_cache=compiled)
    return engine


@cache
def _dialect(name: str) -> tuple[Dialect, dict[object, object]]:
    first = (
        sqlite.engine_of(make_url("sqlite://"), 0)
        if name == SQLITE
        else connect(address_of(server().url))
    )
    first.connect().close()  # what the dialect knows of its database, it has asked by then
    first.dispose()
    return first.dialect, {}


@dataclass(frozen=True, slots=True)
class Server:
    """A server that lives as long as the tests, and what lives as long as it."""

    url: URL
    kept: ExitStack


@cache
def server() -> Server:
    """Give the server of these tests, started when it is first asked for."""
    kept = ExitStack()
    atexit.register(kept.close)
    url = kept.enter_context(a_server())
    if url is None:
        pytest.skip("PostgreSQL is not here")
    with psycopg.connect(address_of(url), autocommit=True) as admin:
        if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [BOT]).fetchone():
            admin.execute(f"CREATE ROLE {BOT} LOGIN PASSWORD '{BOT}'".encode())
    return Server(url, kept)


@contextmanager
def an_empty_server_database() -> Iterator[str]:
    """Give the address of a database that has the tables and nothing in them; it is dropped."""
    with a_database(server().url) as url:
        _migrate(address_of(url))
        yield address_of(url)


def _place() -> Place:
    kept = server().kept
    url = kept.enter_context(a_database(server().url))
    address = address_of(url)
    _migrate(address)
    engine = shared(connect(address_of(url.set(username=BOT, password=BOT))))
    kept.callback(engine.dispose)
    return Place(engine, address, kept.enter_context(psycopg.connect(address, autocommit=True)))


@cache
def _template(prepared: Preparing | None) -> Path:
    folder = Path(mkdtemp())
    if prepared:
        prepared(folder)
    else:
        _migrate(f"sqlite:///{folder}/{FILE}")
    return folder / FILE


def _migrate(url: str) -> None:
    engine = connect(url)
    migrate(engine, "" if engine.dialect.name == SQLITE else BOT)
    engine.dispose()


def address_of(url: URL) -> str:
    """Give an address as it stands in a setting."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)
