"""I6: what the bot's role may do on PostgreSQL, and that no more than that can be done by it.

That it is enough is shown by all tests of use cases and of the store: they run as this role.
"""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from worlds import World

from store.engine import connect
from store.faults import UnusableDatabase
from store.migrate import excess_or_none, is_made, make_ready, migrate
from store.rights import EVERY_RIGHT, RIGHTS, WORKED_ON
from store.tables import metadata
from tests.engines import BOT, address_of, on_postgresql, on_sqlite, owners_engine, server
from tests.postgres import a_database

OWNER = "answerable_owner"
# What the guards look at, where an unqualified name would find it first.
OF_MY_OWN = """
    CREATE TEMPORARY TABLE entry (workspace text, seq bigint, id text, kind text, subject text);
    INSERT INTO pg_temp.entry SELECT workspace, seq, 'x', 'opening.erased',
        'opening/' || seq || '/' || field FROM public.opening
"""
UNSEEN = "DELETE FROM public.opening"


@pytest.fixture
def in_order() -> Iterator[tuple[Engine, Engine]]:
    """A database as docs/postgresql.md has it made: its owner's engine, and the bot's."""
    with a_database(server().url) as url:
        admin = psycopg.connect(address_of(server().url), autocommit=True)
        with admin:
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
                admin.execute(f"CREATE ROLE {OWNER} LOGIN".encode())
            admin.execute(f"ALTER DATABASE {url.database} OWNER TO {OWNER}".encode())
        owner = connect(address_of(url.set(username=OWNER)))
        bot = connect(address_of(url.set(username=BOT, password=BOT)))
        yield owner, bot
        owner.dispose()
        bot.dispose()


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
        "CREATE TEMPORARY TABLE entry (seq bigint)",
        "CREATE FUNCTION public.quote(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
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
    with pytest.raises(
        UnusableDatabase,
        match=r'role "no one; DROP TABLE entry" does not exist. Make that role first',
    ):
        migrate(owners_engine(world.path.parent), "no one; DROP TABLE entry")
    assert rights_of(world.deps.store.engine, BOT, "entry") == {"SELECT", "INSERT"}


@on_postgresql
def test_whoever_may_not_make_the_tables_is_told_who_does(
    in_order: tuple[Engine, Engine],
) -> None:
    _, bot = in_order
    with pytest.raises(UnusableDatabase, match=r"permission denied .* Run this as the user who"):
        migrate(bot)


@on_postgresql
def test_i6_the_guards_see_the_tables_and_nothing_that_is_called_the_same(live: World) -> None:
    with owners_engine(live.path.parent).connect() as connection:
        connection.exec_driver_sql(OF_MY_OWN)
        with pytest.raises(IntegrityError, match="an opening is erased after an entry"):
            connection.exec_driver_sql(UNSEEN)


@on_postgresql
def test_i6_what_everybody_was_given_is_taken_from_the_bot_too(
    in_order: tuple[Engine, Engine],
) -> None:
    owner, bot = in_order
    migrate(owner, BOT)
    assert excess_or_none(bot) is None
    with owner.begin() as connection:
        connection.exec_driver_sql("GRANT UPDATE ON policy TO PUBLIC")
        connection.exec_driver_sql("GRANT CREATE ON SCHEMA public TO PUBLIC")
        connection.exec_driver_sql(f"GRANT TEMPORARY ON DATABASE {owner.url.database} TO PUBLIC")
    found = str(excess_or_none(bot))
    assert "UPDATE on policy, tables or functions of its own. As the owner" in found
    make_ready(bot)

    migrate(owner, BOT)
    assert excess_or_none(bot) is None


@on_postgresql
def test_i6_whoever_owns_the_tables_is_not_made_the_bot(in_order: tuple[Engine, Engine]) -> None:
    owner, _ = in_order
    with pytest.raises(UnusableDatabase, match=r"answerable_owner owns the tables.* make another"):
        migrate(owner, OWNER)
    assert not is_made(owner)
    migrate(owner, BOT)
    for engine in (owner, connect(address_of(server().url.set(database=owner.url.database)))):
        with pytest.raises(UnusableDatabase, match="owns the tables"):
            migrate(engine, OWNER)
        engine.dispose()
    assert rights_of(owner, OWNER, "alembic_version") >= {"SELECT", "INSERT", "UPDATE"}
    assert "everything, as the owner of the tables" in str(excess_or_none(owner))


@on_postgresql
def test_a_bot_that_is_denied_what_it_needs_does_not_start(in_order: tuple[Engine, Engine]) -> None:
    owner, bot = in_order
    migrate(owner)
    with pytest.raises(UnusableDatabase, match="permission denied for table alembic_version"):
        make_ready(bot)
    migrate(owner, BOT)
    with owner.begin() as connection:
        connection.exec_driver_sql(f"REVOKE ALL ON skip FROM {BOT}")
    denied = "DELETE on skip, INSERT on skip, SELECT on skip, and 1 more: run `answerable migrate"
    with pytest.raises(UnusableDatabase, match=denied):
        make_ready(bot)


@on_postgresql
def test_tables_can_be_in_another_schema_than_the_public_one(
    in_order: tuple[Engine, Engine],
) -> None:
    owner, bot = in_order
    with owner.begin() as connection:
        connection.exec_driver_sql('CREATE SCHEMA "of Ours"')
        connection.exec_driver_sql(
            f'ALTER DATABASE {owner.url.database} SET search_path = "of Ours"'
        )
    owner.dispose()
    migrate(owner, BOT)
    make_ready(bot)
    with owner.begin() as connection:
        places = connection.execute(
            text("SELECT schemaname FROM pg_tables WHERE tablename='entry'")
        )
        assert [each.schemaname for each in places] == ["of Ours"]
        with pytest.raises(IntegrityError, match="an entry has the next number"):
            connection.exec_driver_sql("INSERT INTO entry (workspace, seq) VALUES ('T0NEW', 5)")


@on_sqlite
def test_a_file_has_no_roles(tmp_path: Path) -> None:
    with pytest.raises(UnusableDatabase, match="no roles"):
        migrate(connect(f"sqlite:///{tmp_path}/new.db"), "bot")
    assert not list(tmp_path.iterdir())


@on_postgresql
def test_i6_a_bot_that_has_no_rights_yet_is_told_who_gives_them(
    in_order: tuple[Engine, Engine],
) -> None:
    owner, bot = in_order
    migrate(owner)
    with pytest.raises(UnusableDatabase) as refused:
        make_ready(bot)
    assert f"`answerable migrate --grant {BOT}` as the owner" in str(refused.value)
    assert "Run this as the user who owns" not in str(refused.value), "the bot is to be no owner"
