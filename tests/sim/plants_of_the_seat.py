"""Bugs on purpose by which somebody goes on from what was so before, whoever wrote since."""

import sqlite3
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

import store.engine
import store.sqlite
from store.record import Head, Log
from tests.sim.simulation import Simulation


def seat_after_the_first_read(patch: pytest.MonkeyPatch, simulation: Simulation) -> None:
    """A transaction begins as a reader's and takes the seat only before it first writes.

    What it has read by then is not read again, as under READ COMMITTED on a server.
    """
    made, begin = simulation.database.engine, store.sqlite._begin  # noqa: SLF001

    def engine() -> Engine:
        lazy = made()
        event.listen(lazy, "before_cursor_execute", _sit_down)
        return lazy

    def begin_standing(connection: Connection) -> None:
        connection.info["is_standing"] = simulation.weather.has_begun
        if connection.info["is_standing"]:
            connection.exec_driver_sql("BEGIN")
        else:
            begin(connection)

    patch.setattr(store.sqlite, "_begin", begin_standing)
    patch.setattr(simulation.database, "engine", engine)


def _sit_down(connection: Connection, cursor: Any, statement: str, *_: object) -> None:  # noqa: ANN401
    is_write = statement.startswith(("INSERT", "UPDATE", "DELETE"))
    if is_write and connection.info["is_standing"]:
        connection.info["is_standing"] = False
        cursor.execute("COMMIT")
        cursor.execute("BEGIN IMMEDIATE")


def cached_frontier_trusted(patch: pytest.MonkeyPatch, simulation: Simulation) -> None:
    """A process keeps the head it has last written, and goes on from it whoever wrote since.

    What failed is not kept: it is only others that are not thought of.
    """
    kept: dict[Engine, Head] = {}
    written: dict[Engine, Head] = {}
    read, append, commit = Log.head_or_none, Log.append, store.engine.commit

    def head_or_none(self: Log) -> Head | None:
        written.pop(self._connection.engine, None)
        return kept.get(self._connection.engine) or read(self)

    def and_note(self: Log, stored: Any, openings: Any, old: Head, new: Head) -> None:  # noqa: ANN401
        kept.pop(self._connection.engine, None)
        append(self, stored, openings, old, new)
        written[self._connection.engine] = new

    def and_keep(connection: Connection) -> None:
        commit(connection)
        if connection.engine in written and simulation.weather.has_begun:
            kept[connection.engine] = written.pop(connection.engine)

    patch.setattr(Log, "head_or_none", head_or_none)
    patch.setattr(Log, "append", and_note)
    patch.setattr("store.engine.commit", and_keep)


def half_read_connection_goes_on(patch: pytest.MonkeyPatch, simulation: Simulation) -> None:
    """A connection is used again after a fault, which leaves something half read on it."""
    kept = []

    def leave_half_read(connection: Connection) -> None:
        if simulation.weather.has_begun and not connection.invalidated:
            rows = sqlite3.Cursor(connection.connection.driver_connection)  # type: ignore[arg-type]
            kept.append((rows, rows.execute("SELECT seq FROM entry").fetchone()))

    patch.setattr(store.sqlite, "give_up", leave_half_read)
