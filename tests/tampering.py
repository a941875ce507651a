"""What whoever owns the database's file can do first of all: take its guards away."""

import sqlite3
from typing import Final

EVERY_GUARD: Final = "every guard"


def guards_of(database: sqlite3.Connection) -> list[str]:
    """Give the names of all guards that stand in a database."""
    rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    return [name for (name,) in rows]


def drop_guards(database: sqlite3.Connection, only: str = EVERY_GUARD) -> None:
    for name in guards_of(database) if only == EVERY_GUARD else [only]:
        database.execute(f"DROP TRIGGER {name}")
