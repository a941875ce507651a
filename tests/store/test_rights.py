"""I6: what the bot's role may do on PostgreSQL, and that no more than that can be done by it.

That it is enough is shown by all tests of use cases and of the store: they run as this role.
"""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from worlds import World

from store.engine import UnusableDatabase, connect
from store.migrate import migrate
from store.rights import RIGHTS, WORKED_ON
from store.tables import metadata
from tests.engines import BOT, on_postgresql, on_sqlite, owners_engine

EVERY_RIGHT = {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"}


def rights_of(engine: Engine, role: str, table: str) -> set[str]:
    query = text("SELECT has_table_privilege(:role, :table, :right)")
    with engine.connect() as connection:
        return {
            right
            for right in EVERY_RIGHT
            if connection.scalar(query, {"role": role, "table": f'"{table}"', "right": right})
        }


@on_postgresql
@pytest.mark.parametrize("table", [*metadata.tables, "alembic_version"])
def test_i6_the_bots_role_has_the_rights_that_are_written_down(world: World, table: str) -> None:
    expected = set(RIGHTS.get(table, WORKED_ON).split(", "))
    assert rights_of(world.deps.store.engine, BOT, table) == expected


@on_postgresql
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE entry SET body = leaf",
        "DELETE FROM entry",
        "TRUNCATE entry CASCADE",
        "DELETE FROM head",
        "UPDATE opening SET value = ''",
        "UPDATE checkpoint SET note = ''",
        "UPDATE policy SET number = 9",
        "DROP TRIGGER guard_entry_is_never_changed ON entry",
        "ALTER TABLE entry DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "DROP TABLE entry CASCADE",
    ],
)
def test_i6_whoever_has_the_bots_connection_cannot_change_the_log(live: World, attack: str) -> None:
    with (
        live.deps.store.engine.connect() as connection,
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
    ):
        connection.execute(text(attack))


@on_postgresql
def test_rights_are_granted_again_with_each_migration_and_taken_where_too_many(
    world: World,
) -> None:
    engine = owners_engine(world.path.parent)
    with engine.begin() as connection:
        connection.execute(text(f"GRANT UPDATE ON entry TO {BOT}"))
    migrate(engine, BOT)
    assert rights_of(engine, BOT, "entry") == {"SELECT", "INSERT"}


@on_postgresql
def test_a_role_that_is_not_there_is_named_and_nothing_is_granted(world: World) -> None:
    with pytest.raises(UnusableDatabase, match='role "no one; DROP TABLE entry" does not exist'):
        migrate(owners_engine(world.path.parent), "no one; DROP TABLE entry")
    assert rights_of(world.deps.store.engine, BOT, "entry") == {"SELECT", "INSERT"}


@on_sqlite
def test_a_file_has_no_roles(tmp_path: Path) -> None:
    with pytest.raises(UnusableDatabase, match="no roles"):
        migrate(connect(f"sqlite:///{tmp_path}/new.db"), "bot")
    assert not list(tmp_path.iterdir())
