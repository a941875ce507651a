"""What is wrong with a database, in words of ours: to whoever acts, and to whoever runs the bot."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.domain.refusals import Away, Busy, CommitUnknown, HeldElsewhere, Unwritable
from store import postgres, sqlite
from store.damage import changed

_DENIED: Final = "42501"

# What to do, by what PostgreSQL says in its codes or SQLite by its names, or else by the engine.
_HINTS: Final = {
    _DENIED: "Run this as the user who owns the tables, or who may make them.",
    "42704": "Make that role first (CREATE ROLE), or name the one that the bot connects as.",
    "25006": "Name the server that takes changes in, not a copy of it.",
    "SQLITE_CORRUPT": "If a backup was put here over a file in use, what lies beside it (-wal, "
    "-shm) is of the other one: take both away and put the backup here again.",
    "sqlite": "Check that the file is an Answerable database, that its folder can be written to, "
    "and that no other program holds it.",
    "postgresql": "Check that the server runs and lets this user in.",
}


class UnusableDatabase(Exception):  # noqa: N818 -- said to the operator in one line
    """The database cannot be used as it is; the message says why and what to do."""


def require_folder(engine: Engine) -> None:
    """Refuse a file of SQLite's that cannot be made because there is no folder for it."""
    path = sqlite.file_or_none(engine)
    if path is None or path.parent.is_dir():
        return
    folder = path.parent
    named = f"{folder}, where the database is to be,"
    other = "name another place in ANSWERABLE_DATABASE_URL"
    if folder.exists():
        raise UnusableDatabase(f"{named} is no folder: {other}")
    raise UnusableDatabase(
        f"the folder {named} does not exist: make it (mkdir -p {folder}), or {other}"
    )


def unusable(engine: Engine, cause: object, advice: str = "") -> UnusableDatabase:
    """Say what is wrong with the database, and what to do, to whoever runs the bot on it."""
    code = getattr(cause, "sqlstate", "") or getattr(cause, "sqlite_errorname", "")
    hint = advice or _HINTS.get(str(code)) or _HINTS.get(engine.dialect.name)
    said = " ".join(str(cause).split())
    return UnusableDatabase(f"the database {engine.url.database} cannot be used: {said}. {hint}")


def unusable_by_bot(engine: Engine, cause: object) -> UnusableDatabase:
    """Say the same of a user who is the bot's: what it is denied is granted it."""
    if getattr(cause, "sqlstate", "") == _DENIED:
        user = engine.url.username
        return unusable(
            engine, cause, f"Run `answerable migrate --grant {user}` as the owner of its tables."
        )
    return unusable(engine, cause)


@contextmanager
def answering() -> Iterator[None]:
    """Say in words of ours that the database gives no answer, whoever writes or reads."""
    try:
        yield
    except NoConnection as error:
        raise Busy("the database has no connection to spare; nothing was recorded") from error
    except DBAPIError as error:
        if is_held_elsewhere(error):
            raise HeldElsewhere(
                "another program holds the database; nothing was recorded"
            ) from error
        if _is_away(error):
            raise Away("the database does not answer; nothing was recorded") from error
        if takes_nothing(error):
            said = " ".join(str(error.orig).split())
            raise Unwritable(f"the database takes nothing in ({said})") from error
        if _lacks_ours(error):
            said = " ".join(str(error.orig).split())
            raise changed(said) from error
        raise


def commit(connection: Connection) -> None:
    """Commit, or raise CommitUnknown if the database was lost in the act."""
    try:
        connection.commit()
    except DBAPIError as error:
        if not _is_away(error):
            raise
        raise CommitUnknown("the database was lost while this was recorded") from error


def _is_away(error: DBAPIError) -> bool:
    """Tell whether the server could not be reached, or the connection to it was lost."""
    is_unreached = isinstance(error, OperationalError) and postgres.is_unreached(error.orig)
    return error.connection_invalidated or is_unreached


def takes_nothing(error: DBAPIError) -> bool:
    """Tell whether the database lets nothing be written, in either engine's words."""
    return sqlite.takes_nothing(error.orig) or postgres.takes_nothing(error.orig)


def _lacks_ours(error: DBAPIError) -> bool:
    """Tell whether a table or a column of ours is gone, in either engine's words."""
    return sqlite.lacks_ours(error.orig) or postgres.lacks_ours(error.orig)


def is_held_elsewhere(error: DBAPIError) -> bool:
    """Tell whether the seat is another process's, in either engine's words."""
    is_locked = isinstance(error, OperationalError) and "locked" in str(error.orig)
    return is_locked or postgres.is_waited_for_in_vain(error.orig)
