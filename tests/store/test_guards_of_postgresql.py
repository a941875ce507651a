"""I6: on PostgreSQL too the database itself refuses what must never happen to the record.

Each attack is made in plain SQL, past all of our code, and is seen to succeed as soon as the one
guard against it is gone. All of it is rolled back: other tests use the same database.
"""

from collections.abc import Iterator
from typing import Any, Final

import psycopg
import pytest
from worlds import World

from bot.domain.people import OPERATOR
from bot.domain.record import Kind
from tests.engines import address_of, on_postgresql, owners_engine

pytestmark = on_postgresql

Connection = psycopg.Connection[tuple[Any, ...]]
GUARDED: Final = ("entry", "checkpoint", "head", "opening")
FOREIGN_KEYS: Final = """
    SELECT conrelid::regclass::text, conname FROM pg_constraint
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""

# The guard that stops it, its table, and the attack.
ATTACKS: Final = {
    "an entry edited": ("entry_is_never_changed", "UPDATE entry SET body = leaf WHERE seq = 1"),
    "an entry moved": ("entry_is_never_changed", "UPDATE entry SET seq = seq + 999 WHERE seq = 1"),
    "an entry deleted": ("entry_is_never_deleted", "DELETE FROM entry WHERE seq = 1"),
    "all entries deleted": ("entry_is_never_deleted", "DELETE FROM entry"),
    "the log emptied": ("entry_is_never_emptied", "TRUNCATE entry"),
    "a gap": (
        "entry_comes_next",
        (
            "INSERT INTO entry SELECT workspace, seq + 2, 'new', ts, kind, subject, body, leaf "
            "FROM entry WHERE seq = (SELECT max(seq) FROM entry)"
        ),
    ),
    "an entry before all": (
        "entry_comes_next",
        (
            "INSERT INTO entry SELECT workspace, -1, 'new', ts, kind, subject, body, leaf "
            "FROM entry WHERE seq = 0"
        ),
    ),
    "a checkpoint edited": ("checkpoint_is_never_changed", "UPDATE checkpoint SET note = ''"),
    "a checkpoint deleted": ("checkpoint_is_never_deleted", "DELETE FROM checkpoint"),
    "the checkpoints emptied": ("checkpoint_is_never_emptied", "TRUNCATE checkpoint"),
    "a checkpoint of the past": (
        "checkpoint_is_of_now",
        "INSERT INTO checkpoint SELECT workspace, 2, root, note FROM checkpoint WHERE size = 1",
    ),
    "the head moved back": ("head_moves_with_its_entries", "UPDATE head SET size = size - 1"),
    "the head moved on alone": ("head_moves_with_its_entries", "UPDATE head SET size = size + 1"),
    "a log renamed": ("head_moves_with_its_entries", "UPDATE head SET log = 'answerable/T0ELSE'"),
    "a second head that does not start empty": (
        "head_starts_empty",
        "INSERT INTO head SELECT 'T0NEW', log, size, frontier, last_at, board FROM head",
    ),
    "the head deleted": ("head_is_never_deleted", "DELETE FROM head"),
    "the heads emptied": ("head_is_never_emptied", "TRUNCATE head"),
    "an opening edited": ("opening_is_never_changed", "UPDATE opening SET value = 'U0ELSE'"),
    "an opening added afterwards": (
        "opening_comes_with_its_entry",
        "INSERT INTO opening SELECT workspace, 1, 'facts.more_c', salt, value FROM opening LIMIT 1",
    ),
    "an opening deleted in silence": ("opening_is_erased_on_record", "DELETE FROM opening"),
    "the openings emptied": ("opening_is_never_emptied", "TRUNCATE opening"),
}


@pytest.fixture
def database(live: World) -> Iterator[Connection]:
    """Write as the tables' owner can. Foreign keys, which stop some of it besides, are away."""
    with psycopg.connect(address_of(owners_engine(live.path.parent).url)) as connection:
        for table, key in connection.execute(FOREIGN_KEYS).fetchall():
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {key}".encode())
        yield connection
        connection.rollback()


def contents(database: Connection) -> list[list[Any]]:
    return [database.execute(f"TABLE {each}".encode()).fetchall() for each in GUARDED]


def is_refused(database: Connection, attack: str) -> None:
    with pytest.raises(psycopg.IntegrityError), database.transaction():
        database.execute(attack.encode())


@pytest.mark.parametrize("name", ATTACKS)
def test_i6_the_server_refuses(database: Connection, name: str) -> None:
    guard, attack = ATTACKS[name]
    before = contents(database)
    is_refused(database, attack)
    assert contents(database) == before

    (table,) = (each for each in GUARDED if guard.startswith(each))
    database.execute(f"DROP TRIGGER guard_{guard} ON {table}".encode())
    database.execute(attack.encode())
    assert contents(database) != before, "without the guard nothing stops it"


def test_i6_each_guard_of_the_server_is_tried(database: Connection) -> None:
    found = database.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").fetchall()
    assert {name for (name,) in found} == {f"guard_{guard}" for guard, _ in ATTACKS.values()}


def test_i6_guards_hold_within_one_statement_of_many_rows(database: Connection) -> None:
    is_refused(
        database,
        "INSERT INTO entry SELECT workspace, seq + (SELECT count(*) + 1 FROM entry), id || 'x', "
        "ts, kind, subject, body, leaf FROM entry",
    )


def test_i12_an_opening_can_be_erased_once_that_is_on_record(live: World) -> None:
    with live.deps.store.begin(live.deps.workspace, OPERATOR) as work:
        opening, *_ = work.log.openings()
        name = f"opening/{opening.seq}/{opening.field}"
        seq = work.record(Kind.OPENING_ERASED, name, {"seq": opening.seq, "field": opening.field})
    with live.deps.store.begin(live.deps.workspace, OPERATOR) as work:
        work.log.erase([(opening.seq, opening.field)])
        work.record(Kind.EXPORT_MADE, "workspace/T0WORK", {"because": seq})
    with live.deps.store.read(live.deps.workspace) as reading:
        assert opening not in list(reading.log.openings())
