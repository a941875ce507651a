"""Engines for tests: as the product makes them, but for what would be done anew in each test."""

from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Dialect, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from store.engine import connect

_COMPILED: Final[dict[object, object]] = {}


def quick(path: Path) -> Engine:
    """Give an engine on a database file that uses what engines of earlier tests have compiled.

    The statements are the same in every test, and to compile them is a third of what most do.
    """
    engine = connect(f"sqlite:///{path}")
    engine.dialect = _dialect()
    engine.update_execution_options(compiled_cache=_COMPILED)
    event.listen(engine, "connect", _hurry)
    return engine


@cache
def _dialect() -> Dialect:
    first = connect("sqlite://")
    first.connect().close()  # what the dialect knows of its database, it has asked by then
    first.dispose()
    return first.dialect


def _hurry(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # No test pulls the plug of the machine, and waiting for the disk is most of what they do.
    connection.cursor().execute("PRAGMA synchronous=OFF")
