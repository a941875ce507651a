"""Making a database, bringing it up to date, and saying so when that cannot be."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from worlds import World

from store.engine import UnusableDatabase, connect
from store.migrate import is_current, migrate
from store.tables import metadata

NOBODY = 65_534


@contextmanager
def powerless() -> Iterator[None]:
    """Act as somebody to whom permissions apply: the superuser may write anywhere."""
    uid = os.geteuid()
    if uid == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(uid)


def test_a_fresh_database_gets_exactly_the_tables_of_this_version(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/new.db")
    assert not is_current(engine)
    migrate(engine)

    assert is_current(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_bringing_up_to_date_what_is_changes_nothing(world: World) -> None:
    before = world.contents()
    migrate(world.deps.store.engine)

    assert world.contents() == before


def test_a_database_of_a_newer_version_is_left_alone(world: World) -> None:
    with world.deps.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = world.contents()

    with pytest.raises(UnusableDatabase, match=r"newer Answerable \(revision 9999\)"):
        migrate(world.deps.store.engine)
    assert world.contents() == before
    assert not is_current(world.deps.store.engine)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir or Madam, " * 200)
    engine = connect(f"sqlite:///{path}")

    with pytest.raises(UnusableDatabase, match=r"letter\.db cannot be used"):
        migrate(engine)
    assert path.read_text().startswith("Dear Sir")
    engine.dispose()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/nowhere/new.db")

    with pytest.raises(UnusableDatabase, match=r"nowhere/new\.db cannot be used"):
        migrate(engine)
    engine.dispose()


def test_a_folder_that_cannot_be_written_to_is_named() -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        engine = connect(f"sqlite:///{folder}/new.db")
        with (
            powerless(),
            pytest.raises(UnusableDatabase, match="its folder can be written to"),
        ):
            migrate(engine)
    engine.dispose()


def test_another_program_that_holds_the_database_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.engine.PATIENCE", 0.05)
    path = tmp_path / "held.db"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA journal_mode=WAL")
    holder.execute("BEGIN IMMEDIATE")
    engine = connect(f"sqlite:///{path}")

    with pytest.raises(UnusableDatabase, match="no other program holds it"):
        migrate(engine)
    holder.close()
    engine.dispose()


def test_an_error_of_the_database_shows_nothing_that_was_to_be_stored(world: World) -> None:
    with (
        world.deps.store.engine.connect() as connection,
        pytest.raises(DatabaseError) as caught,
    ):
        connection.execute(text("INSERT INTO opening (value) VALUES (:value)"), {"value": "Dana"})
    assert "Dana" not in str(caught.value)
