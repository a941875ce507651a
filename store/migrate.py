"""Bringing a database to the tables this version knows."""

from enum import StrEnum

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from store.engine import UnusableDatabase, file_or_none, make_file


class Outcome(StrEnum):
    """What bringing a database up to date came to."""

    MADE = "is made"
    CHANGED = "is brought up to date"
    UNCHANGED = "is up to date"


def migrate(engine: Engine) -> Outcome:
    """Bring the database up to date, or make it. Raises UnusableDatabase if that cannot be."""
    try:
        make_file(engine)
        found = _known_revision_or_none(engine)
        with engine.connect().execution_options(seat=True) as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except DatabaseError as error:
        raise _unusable(engine, error.orig) from error
    except OSError as error:
        raise _unusable(engine, error.strerror) from error
    if found is None:
        return Outcome.MADE
    return Outcome.UNCHANGED if found == _newest_revision() else Outcome.CHANGED


def require_made(engine: Engine) -> None:
    """Refuse a place where no database is: whoever only uses one makes none."""
    path = file_or_none(engine)
    if path is None or not path.is_file():
        raise UnusableDatabase(
            f"there is no database at {path or engine.url.database}: set ANSWERABLE_DATABASE_URL, "
            "or run this in the folder where `answerable serve` runs"
        )


def is_current(engine: Engine) -> bool:
    """Tell whether the database has exactly the tables this version knows."""
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == _newest_revision()


def _newest_revision() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _known_revision_or_none(engine: Engine) -> str | None:
    """Give the revision of the tables, None if there are none; refuse what is not known here."""
    script = ScriptDirectory.from_config(_config())
    known = {revision.revision for revision in script.walk_revisions()}
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in known:
        raise UnusableDatabase(
            f"the database {engine.url.database} was made by a newer Answerable (revision "
            f"{found}): run that version, or restore a backup from before it."
        )
    return found


def _unusable(engine: Engine, cause: object) -> UnusableDatabase:
    return UnusableDatabase(
        f"the database {engine.url.database} cannot be used: {cause}. Check that the file is an "
        "Answerable database, that its folder can be written to, and that no other program holds "
        "it."
    )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    return config
