"""What stands in the bot's database, counted: it belongs to whoever plays the demo."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

_UNSENT: Final = "SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'failed')"
_OUTPUTS: Final = "SELECT count(*) FROM output WHERE workflow = ?"


def database_of(environment: Mapping[str, str]) -> Path:
    """Give the file of a bot that keeps all it knows in SQLite."""
    return Path(environment["ANSWERABLE_DATABASE_URL"].removeprefix("sqlite:///"))


def count_unsent(database: Path) -> int:
    """Count the messages that the bot has still to say: those queued or under way."""
    return _count(database, _UNSENT)


def count_outputs(database: Path, workflow: str) -> int:
    """Count the outputs of a workflow that have arrived, whoever reported them."""
    return _count(database, _OUTPUTS, workflow)


def _count(database: Path, query: str, *values: str) -> int:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        return int(connection.execute(query, values).fetchone()[0])
