"""Bringing a database to the tables this version knows."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from store.engine import UnusableDatabase


def migrate(engine: Engine) -> None:
    """Bring the database up to date, or make it. Raises UnusableDatabase if that cannot be."""
    try:
        _require_not_newer(engine)
        with engine.connect().execution_options(seat=True) as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except DatabaseError as error:
        raise UnusableDatabase(
            f"the database {engine.url.database} cannot be used: {error.orig}. Check that the file "
            "is an Answerable database, that its folder can be written to, and that no other "
            "program holds it."
        ) from error


def is_current(engine: Engine) -> bool:
    """Tell whether the database has exactly the tables this version knows."""
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def _require_not_newer(engine: Engine) -> None:
    script = ScriptDirectory.from_config(_config())
    known = {revision.revision for revision in script.walk_revisions()}
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in known:
        raise UnusableDatabase(
            f"the database {engine.url.database} was made by a newer Answerable (revision "
            f"{found}): run that version, or restore a backup from before it."
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    return config
