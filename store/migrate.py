"""Bringing a database to the tables this version knows."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from functools import cache
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DatabaseError, DBAPIError

from bot.domain.refusals import HeldElsewhere
from store.faults import (
    UnusableDatabase,
    is_held_elsewhere,
    require_folder,
    takes_nothing,
    unusable,
    unusable_by_bot,
)
from store.guards import lost_guards, make_lost_guards
from store.rights import beyond, grant, missing
from store.shape import lost_tables, odd_columns
from store.sqlite import file_or_none, make_file
from store.tenancy import held_alone

_TABLES: Final = "tables"  # the seat of whoever changes them
_TRIES: Final = 20  # to hold a file alone, each a tenth of a second: as long as writers wait

_NAMED: Final = 3
_OF_THE_RECORD: Final = frozenset({"head", "entry", "opening", "checkpoint"})  # in every version

# What only a writer may do, and what is undone at once.
_TRIED: Final = {
    "sqlite": "PRAGMA user_version = 1",
    "postgresql": """DO $$ BEGIN
        IF current_setting('transaction_read_only')::boolean THEN
            RAISE EXCEPTION 'it can only be read from here' USING ERRCODE = '25006';
        END IF;
    END $$""",
}


class Outcome(StrEnum):
    """What bringing a database up to date came to."""

    MADE = "is made"
    CHANGED = "is brought up to date"
    UNCHANGED = "is up to date"


def migrate(engine: Engine, bots_role: str = "") -> Outcome:
    """Bring the database up to date, or make it. Raises UnusableDatabase if that cannot be.

    On PostgreSQL the role that the bot connects as, if it is named, gets the rights it needs.
    """
    if bots_role and engine.dialect.name == "sqlite":
        raise UnusableDatabase("SQLite has no roles to grant anything to: leave --grant out")
    require_folder(engine)
    try:
        make_file(engine)
        found = _known_revision_or_none(engine)
        if found is None:
            _require_no_others(engine)
        with _alone_if_changed(engine, found) as found, _seated(engine) as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _require_own(connection)
            if bots_role:
                grant(connection, bots_role)
            connection.commit()
    except DatabaseError as error:
        raise unusable(engine, error.orig) from error
    except OSError as error:
        raise unusable(engine, error.strerror) from error
    if found is None:
        return Outcome.MADE
    return Outcome.UNCHANGED if found == _newest_revision() else Outcome.CHANGED


def guard_again(engine: Engine) -> tuple[str, ...]:
    """Make the guards of the record that were lost, and give their names.

    Raises UnusableDatabase if that cannot be. Only whoever is told of it does so.
    """
    try:
        with _seated(engine) as connection:
            made = make_lost_guards(connection)
            connection.commit()
    except DatabaseError as error:
        raise unusable_by_bot(engine, error.orig) from error
    return made


def make_ready(engine: Engine) -> None:
    """Have the tables this version knows, or raise UnusableDatabase.

    A file of SQLite is brought up to date by whoever uses it. On PostgreSQL that takes the rights
    of the tables' owner, and other processes may be at work: there it is an act of its own.
    """
    if engine.dialect.name == "sqlite":
        migrate(engine)
    else:
        _require_current(engine)
        require_rights(engine)
    require_writable(engine)


def require_writable(engine: Engine) -> None:
    """Refuse a database that can be read and not written to: it would fail with the first act.

    The writer's seat alone does not tell: SQLite gives it on a file that is read-only, too.
    """
    try:
        with _seated(engine) as connection:
            connection.exec_driver_sql(_TRIED[engine.dialect.name])
            connection.rollback()
    except DatabaseError as error:
        raise unusable(engine, error.orig) from error


def is_writable(engine: Engine) -> bool:
    """Tell whether the database takes anything in from us.

    Raises HeldElsewhere if another writer holds it for as long as one waits.
    """
    try:
        require_writable(engine)
    except UnusableDatabase as error:
        cause = error.__cause__
        if isinstance(cause, DBAPIError) and is_held_elsewhere(cause):
            raise HeldElsewhere("another program holds the database") from error
        return not (isinstance(cause, DBAPIError) and takes_nothing(cause))
    return engine.dialect.name == "sqlite" or not _denied(engine)


def require_rights(engine: Engine) -> None:
    """Refuse a user of a server whom the bot's own work would be denied."""
    denied = _denied(engine)
    if denied:
        raise UnusableDatabase(
            f"the database {engine.url.database} denies {engine.url.username} {_some(denied)}: "
            f"run `answerable migrate --grant {engine.url.username}` as the owner of its tables"
        )


def _denied(engine: Engine) -> tuple[str, ...]:
    with engine.connect() as connection:
        return missing(connection)


def excess_or_none(engine: Engine) -> str | None:
    """Say what this user may do that would help whoever has taken over the bot's connection."""
    if engine.dialect.name == "sqlite":
        return None
    with engine.connect() as connection:
        found = beyond(connection)
    if not found:
        return None
    return (
        f"{engine.url.username} may do more than the bot needs: {_some(found)}. As the owner of "
        "the tables run `answerable migrate --grant ROLE`, with a role of the bot's own"
    )


def unguarded_or_none(engine: Engine) -> str | None:
    """Say which guards of the record do not stand, and what to do."""
    with engine.connect() as connection:
        lost = lost_guards(connection)
    if not lost:
        return None
    whose = "" if engine.dialect.name == "sqlite" else " as the owner of the tables"
    return (
        f"the database {engine.url.database} has lost {_some(lost)}, and what was recorded could "
        f"be changed: run `answerable migrate`{whose}, which makes these triggers again, and "
        "`answerable verify` on an export, with a checkpoint from before"
    )


def is_made(engine: Engine) -> bool:
    """Tell whether there is a database at all. Raises DatabaseError if it lets nobody in."""
    if engine.dialect.name == "sqlite":
        path = file_or_none(engine)
        return path is not None and path.is_file()
    return has_tables(engine)


def has_tables(engine: Engine) -> bool:
    """Tell whether a database has tables of any version: an empty file has none."""
    return _revision_or_none(engine) is not None or _are_unmarked(engine)


def require_known(engine: Engine) -> None:
    """Refuse tables that cannot be brought to this version's: a newer one's, or not ours."""
    found = _known_revision_or_none(engine)
    if found is None:
        _require_no_others(engine)
    elif found == _newest_revision():
        with engine.connect() as connection:
            _require_own(connection)


def require_made(engine: Engine) -> None:
    """Refuse a place where no database is: whoever only uses one makes none."""
    if engine.dialect.name != "sqlite":
        return  # where its tables are not, `make_ready` says so
    path = file_or_none(engine)
    if not is_made(engine):
        raise UnusableDatabase(
            f"there is no database at {path or engine.url.database}: set ANSWERABLE_DATABASE_URL, "
            "or run this in the folder where `answerable serve` runs"
        )


def is_current(engine: Engine) -> bool:
    """Tell whether the tables go by this version's revision; `require_known` looks at them."""
    return _revision_or_none(engine) == _newest_revision()


def _require_current(engine: Engine) -> None:
    try:
        require_known(engine)
        is_older = not is_current(engine)
    except DatabaseError as error:
        raise unusable_by_bot(engine, error.orig) from error
    if is_older:
        raise UnusableDatabase(
            f"the tables of the database {engine.url.database} are not this version's: run "
            "`answerable migrate` as the user who owns them"
        )


@contextmanager
def _seated(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(seat=_TABLES) as connection:
        yield connection


@contextmanager
def _alone_if_changed(engine: Engine, found: str | None) -> Iterator[str | None]:
    """Refuse to change a file's tables while a bot runs on it: that one is of the older version.

    Another command may be changing them: it is waited for. Gives the revision they have then.
    """
    with ExitStack() as held:
        for left in reversed(range(_TRIES)):
            if found in (None, _newest_revision()):
                break
            try:
                held.enter_context(held_alone(engine))
            except UnusableDatabase:
                found = _known_revision_or_none(engine)
                if not left and found != _newest_revision():
                    raise
            else:
                found = _known_revision_or_none(engine)
                break
        yield found


def _revision_or_none(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return ", ".join(sorted(MigrationContext.configure(connection).get_current_heads())) or None


def _newest_revision() -> str:
    return _revisions()[0]


@cache
def _revisions() -> tuple[str, ...]:
    """Give what this version knows, the newest first; that costs as much as all else of a probe."""
    script = ScriptDirectory.from_config(_config())
    return tuple(each.revision for each in script.walk_revisions())


def _known_revision_or_none(engine: Engine) -> str | None:
    """Give the revision of the tables, None if there are none; refuse what is not known here."""
    found = _revision_or_none(engine)
    if found is not None and found not in _revisions():
        raise UnusableDatabase(
            f"the database {engine.url.database} was made by a newer Answerable (revision "
            f"{found}): run that version, or restore a backup from before it."
        )
    return found


def _require_own(connection: Connection) -> None:
    """Refuse tables that go by this version's revision and are others: of a version before it."""
    place = f"database {connection.engine.url.database}"
    lost, odd = lost_tables(connection), odd_columns(connection)
    is_sound_else = all(each.partition(".")[0] in lost for each in odd)
    if lost and is_sound_else:
        raise UnusableDatabase(
            f"the {place} has lost {'tables' if lost[1:] else 'the table'} {_some(lost)}: stop the "
            "bot and bring back a backup (docs/running.md, Keys and backups)"
        )
    if odd:
        raise UnusableDatabase(
            f"the tables of the {place} are another version's: not the same are {_some(odd)}. Undo "
            "what was changed in them, run the version that made them, or name another database in "
            "ANSWERABLE_DATABASE_URL"
        )


def _require_no_others(engine: Engine) -> None:
    """Refuse to make our tables beside ours, or in another program's file: a server is shared."""
    if _are_unmarked(engine):
        raise UnusableDatabase(
            f"the database {engine.url.database} has Answerable's tables and does not say of which "
            "version they are: alembic_version, a table of one row, is empty or gone. Bring back a "
            "backup, or that one row from it (docs/running.md, Keys and backups)"
        )
    others = inspect(engine).get_table_names() if engine.dialect.name == "sqlite" else []
    if others:
        raise UnusableDatabase(
            f"the database {engine.url.database} is another program's, with the tables "
            f"{_some(others)}: name a file of its own in ANSWERABLE_DATABASE_URL, such as "
            "sqlite:///answerable.db"
        )


def _are_unmarked(engine: Engine) -> bool:
    """Tell whether our tables are there and their revision is not."""
    with engine.connect() as connection:
        is_marked = MigrationContext.configure(connection).get_current_heads() != ()
        return not is_marked and _OF_THE_RECORD.isdisjoint(lost_tables(connection))


def _some(named: Sequence[str]) -> str:
    shown = ", ".join(named[:_NAMED])
    return f"{shown}, and {len(named) - _NAMED} more" if len(named) > _NAMED else shown


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    return config
