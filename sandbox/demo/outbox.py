"""What the bot has still to say: counted in its database, which belongs to whoever plays it."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

_UNSENT: Final = "SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'failed')"


def database_of(environment: Mapping[str, str]) -> Path:
    """Give the file of a bot that keeps all it knows in SQLite."""
    return Path(environment["ANSWERABLE_DATABASE_URL"].removeprefix("sqlite:///"))


def count_unsent(database: Path) -> int:
    """Count the messages that are queued or under way; the file is only read."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        return int(connection.execute(_UNSENT).fetchone()[0])
