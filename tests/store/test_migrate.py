"""Making a database, bringing it up to date, and saying so when that cannot be."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Engine, MetaData, Text, text
from sqlalchemy.exc import DatabaseError
from worlds import World

from store.engine import connect
from store.faults import UnusableDatabase
from store.migrate import Outcome, is_current, is_made, make_ready, migrate, require_known
from store.tables import metadata
from store.tenancy import held_alone
from tests.engines import (
    SQLITE,
    chosen,
    on_postgresql,
    on_sqlite,
    owners_engine,
)

NOBODY = 65_534
NEWEST = "0004"


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


def test_a_fresh_database_gets_exactly_the_tables_of_this_version(unmade: Engine) -> None:
    engine = unmade
    assert not is_current(engine)
    migrate(engine)

    assert is_current(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_file_is_brought_up_to_date_by_whoever_uses_it_and_a_servers_tables_are_not(
    unmade: Engine,
) -> None:
    if chosen.engine == SQLITE:
        make_ready(unmade)
        assert is_current(unmade)
        return
    with pytest.raises(UnusableDatabase, match="run `answerable migrate` as the user who owns"):
        make_ready(unmade)
    assert not is_made(unmade)
    migrate(unmade)
    make_ready(unmade)


@on_sqlite
def test_a_file_that_can_only_be_read_is_not_served_from() -> None:
    """The seat is given on it all the same: only a write tells."""
    with TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/kept.db")
        migrate(engine)
        engine.dispose()
        Path(folder).chmod(0o777)
        Path(f"{folder}/kept.db").chmod(0o444)
        with powerless(), pytest.raises(UnusableDatabase, match="readonly database"):
            make_ready(engine)
        engine.dispose()


@on_postgresql
def test_a_server_that_can_only_be_read_is_not_served_from(unmade: Engine) -> None:
    migrate(unmade)
    with unmade.begin() as connection:
        name = unmade.url.database
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    unmade.dispose()
    with pytest.raises(UnusableDatabase, match="can only be read from here"):
        make_ready(unmade)


def test_bringing_up_to_date_what_is_changes_nothing(world: World) -> None:
    before = world.contents()
    migrate(world.deps.store.engine)

    assert world.contents() == before


def test_a_database_of_a_newer_version_is_left_alone(world: World) -> None:
    engine = owners_engine(world.path.parent)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = world.contents()

    for attempt in (migrate, make_ready):
        with pytest.raises(UnusableDatabase, match=r"newer Answerable \(revision 9999\)"):
            attempt(engine)
    assert world.contents() == before
    assert not is_current(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": NEWEST})


def test_tables_of_a_version_before_under_the_same_revision_are_left_alone(unmade: Engine) -> None:
    migrate(unmade)
    with unmade.begin() as connection:
        connection.execute(text("ALTER TABLE workflow RENAME COLUMN backup TO deputy"))
        connection.execute(text("DROP TABLE absence"))

    for attempt in (migrate, make_ready, require_known):
        with pytest.raises(
            UnusableDatabase,
            match=r"another version's: not the same are .*, and \d+ more\. Undo what was",
        ):
            attempt(unmade)


def older(folder: Path) -> Engine:
    """Give a file with the tables of a version before."""
    engine = connect(f"sqlite:///{folder}/older.db")
    _upgrade(engine, "0001")
    return engine


def _upgrade(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


@pytest.mark.parametrize("has_it", [False, True])
def test_an_index_that_some_tables_of_before_lack_is_made(unmade: Engine, *, has_it: bool) -> None:
    _upgrade(unmade, "0002")
    if has_it:  # as the first tables had it for a while
        index = "ix_outbox_workspace_obligation_state ON outbox (workspace, obligation, state)"
        with unmade.begin() as connection:
            connection.execute(text(f"CREATE INDEX {index}"))

    assert migrate(unmade) is Outcome.CHANGED
    with unmade.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@on_sqlite
def test_a_command_that_brings_a_file_up_to_date_waits_for_another_that_does(
    tmp_path: Path,
) -> None:
    engine, held = older(tmp_path), ExitStack()
    held.enter_context(held_alone(engine))
    other = Timer(0.3, held.close)
    other.start()

    assert migrate(engine) is Outcome.CHANGED
    other.join()
    engine.dispose()


@on_sqlite
def test_a_file_that_another_has_brought_up_to_date_meanwhile_is_changed_no_more(
    tmp_path: Path,
) -> None:
    engine = older(tmp_path)
    with held_alone(engine):  # and goes on to serve it
        other = Timer(0.3, _upgrade, (engine, "head"))
        other.start()
        assert migrate(engine) is Outcome.UNCHANGED
        other.join()
    engine.dispose()


def test_a_column_that_an_operator_added_is_no_matter(unmade: Engine) -> None:
    migrate(unmade)
    with unmade.begin() as connection:
        connection.execute(text("ALTER TABLE workflow ADD COLUMN cost_centre TEXT"))
        connection.execute(text("ALTER TABLE absence ADD COLUMN noted TEXT NOT NULL DEFAULT ''"))
        connection.execute(text("CREATE TABLE of_ours (id INTEGER NOT NULL)"))

    for attempt in (migrate, make_ready, require_known):
        attempt(unmade)


def test_a_column_without_which_no_row_can_be_written_is_refused(unmade: Engine) -> None:
    migrate(unmade)
    other = metadata.tables["digest"].to_metadata(MetaData())
    other.append_column(Column("mood", Text, nullable=False))
    with unmade.begin() as connection:
        connection.execute(text("DROP TABLE digest"))
        other.create(connection)

    for attempt in (migrate, make_ready, require_known):
        with pytest.raises(UnusableDatabase, match=r"not the same are digest\.mood\. Undo"):
            attempt(unmade)


def test_a_column_of_another_type_is_refused(unmade: Engine) -> None:
    migrate(unmade)
    other = metadata.tables["refusal"].to_metadata(MetaData())
    other.columns["repeats"].type = Text()
    with unmade.begin() as connection:
        connection.execute(text("DROP TABLE refusal"))
        other.create(connection)

    for attempt in (migrate, make_ready, require_known):
        with pytest.raises(UnusableDatabase, match=r"are refusal\.repeats \(TEXT\)\. Undo"):
            attempt(unmade)


def test_a_table_that_is_lost_is_asked_back_from_a_backup(unmade: Engine) -> None:
    migrate(unmade)
    for dropped, told in (("refusal", "the table refusal"), ("digest", "tables digest, refusal")):
        with unmade.begin() as connection:
            connection.execute(text(f"DROP TABLE {dropped}"))
        for attempt in (migrate, make_ready, require_known):
            with pytest.raises(UnusableDatabase, match=f"has lost {told}: stop the bot and bring"):
                attempt(unmade)


@pytest.mark.parametrize("change", ["DELETE FROM alembic_version", "DROP TABLE alembic_version"])
def test_tables_of_ours_without_their_revision_are_not_taken_for_another_programs(
    unmade: Engine, change: str
) -> None:
    migrate(unmade)
    with unmade.begin() as connection:
        connection.execute(text(change))

    assert is_made(unmade), "the doctor goes on to say what is the matter"
    for attempt in (migrate, make_ready, require_known):
        with pytest.raises(UnusableDatabase, match=r"has Answerable's tables and does not say of"):
            attempt(unmade)


def test_tables_that_go_by_several_revisions_are_left_alone(unmade: Engine) -> None:
    migrate(unmade)
    with unmade.begin() as connection:
        connection.execute(text("INSERT INTO alembic_version VALUES ('0009')"))

    for attempt in (migrate, make_ready, require_known):
        with pytest.raises(
            UnusableDatabase, match=rf"newer Answerable \(revision {NEWEST}, 0009\)"
        ):
            attempt(unmade)


@on_sqlite
def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir or Madam, " * 200)
    engine = connect(f"sqlite:///{path}")

    with pytest.raises(UnusableDatabase, match=r"letter\.db cannot be used"):
        migrate(engine)
    assert path.read_text().startswith("Dear Sir")
    engine.dispose()


@on_sqlite
def test_a_file_of_another_program_gets_none_of_our_tables(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE customers (name)")

    engine = connect(f"sqlite:///{path}")
    for act in (migrate, require_known):  # the doctor, who only looks, says the same
        with pytest.raises(UnusableDatabase, match="program's, with the tables customers: name a"):
            act(engine)
    engine.dispose()
    assert theirs.execute("SELECT name FROM sqlite_master").fetchall() == [("customers",)]
    theirs.close()


def test_a_damaged_file_is_said_to_be_so_with_what_a_backup_needs(tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    engine = connect(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 8])

    with pytest.raises(UnusableDatabase, match=r"-wal, -shm\) is of the other one: take both away"):
        make_ready(connect(f"sqlite:///{path}"))


@on_sqlite
def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/nowhere/new.db")

    with pytest.raises(UnusableDatabase, match=r"nowhere, where the database is to be, does not"):
        migrate(engine)
    engine.dispose()


@on_sqlite
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


@on_sqlite
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
