"""I6: the database itself refuses what must never happen to the record, whoever asks for it.

Each attack is made with plain sqlite3, past all of our code, and is seen to succeed as soon as
the one guard against it is gone.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

import pytest
from tampering import EVERY_GUARD, drop_guards, guards_of
from worlds import World, findings

from bot.domain.people import OPERATOR
from bot.domain.record import Kind
from bot.domain.refusals import Damaged
from tests.engines import on_sqlite

pytestmark = on_sqlite

LAST_DELETED: Final = "DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)"

# The guard that stops it, and the attack.
ATTACKS: Final = {
    "an entry edited": (
        "guard_entry_is_never_changed",
        "UPDATE entry SET body = x'00' WHERE seq = 1",
    ),
    "an entry put in another's place": (
        "guard_entry_is_never_changed",
        "UPDATE OR REPLACE entry SET seq = 2 WHERE seq = 1",
    ),
    "an entry deleted": ("guard_entry_is_never_deleted", "DELETE FROM entry WHERE seq = 1"),
    "the last entry deleted": ("guard_entry_is_never_deleted", LAST_DELETED),
    "all entries deleted": ("guard_entry_is_never_deleted", "DELETE FROM entry"),
    "an entry replaced": (
        "guard_entry_comes_next",
        (
            "INSERT OR REPLACE INTO entry SELECT workspace, 1, 'new', ts, kind, subject, body, leaf"
            " FROM entry WHERE seq = 0"
        ),
    ),
    "an entry replaced by its id": (
        "guard_entry_comes_next",
        (
            "INSERT OR REPLACE INTO entry SELECT workspace, (SELECT max(seq) + 1 FROM entry), id, "
            "ts, kind, subject, body, leaf FROM entry WHERE seq = 1"
        ),
    ),
    "an entry replaced by its hidden number": (
        "guard_entry_comes_next",
        (
            "INSERT OR REPLACE INTO entry (rowid, workspace, seq, id, ts, kind, subject, body, "
            "leaf) SELECT 2, workspace, seq + 1, 'new', ts, kind, subject, body, leaf FROM entry "
            "WHERE seq = (SELECT max(seq) FROM entry)"
        ),
    ),
    "an entry overwritten by an upsert": (
        EVERY_GUARD,
        (
            "INSERT INTO entry SELECT * FROM entry WHERE seq = 1 "
            "ON CONFLICT (workspace, seq) DO UPDATE SET body = x'00'"
        ),
    ),
    "a gap": (
        "guard_entry_comes_next",
        (
            "INSERT INTO entry SELECT workspace, seq + 2, 'new', ts, kind, subject, body, leaf "
            "FROM entry WHERE seq = (SELECT max(seq) FROM entry)"
        ),
    ),
    "an entry before all": (
        "guard_entry_comes_next",
        (
            "INSERT INTO entry SELECT workspace, -1, 'new', ts, kind, subject, body, leaf "
            "FROM entry WHERE seq = 0"
        ),
    ),
    "another log that starts amid": (
        "guard_entry_comes_next",
        (
            "INSERT INTO entry SELECT 'T0NEW', 7, id, ts, kind, subject, body, leaf FROM entry "
            "WHERE seq = 0"
        ),
    ),
    "a checkpoint edited": ("guard_checkpoint_is_never_changed", "UPDATE checkpoint SET note = ''"),
    "a checkpoint deleted": (
        "guard_checkpoint_is_never_deleted",
        "DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)",
    ),
    "a checkpoint replaced": (
        "guard_checkpoint_is_of_now",
        "INSERT OR REPLACE INTO checkpoint SELECT workspace, size, 'ff', note FROM checkpoint",
    ),
    "a checkpoint replaced by its hidden number": (
        "guard_checkpoint_is_of_now",
        (
            "INSERT OR REPLACE INTO checkpoint (rowid, workspace, size, root, note) "
            "SELECT 1, workspace, size + 1, root, note FROM checkpoint ORDER BY size DESC LIMIT 1"
        ),
    ),
    "a checkpoint of the past": (
        "guard_checkpoint_is_of_now",
        "INSERT INTO checkpoint SELECT workspace, 2, root, note FROM checkpoint WHERE size = 1",
    ),
    "a checkpoint of the future": (
        "guard_checkpoint_is_of_now",
        "INSERT INTO checkpoint SELECT workspace, 999, root, note FROM checkpoint WHERE size = 1",
    ),
    "the head moved back": ("guard_head_moves_with_its_entries", "UPDATE head SET size = size - 1"),
    "the head moved on alone": (
        "guard_head_moves_with_its_entries",
        "UPDATE head SET size = size + 1",
    ),
    "another tree under the head": (
        "guard_head_moves_with_its_entries",
        "UPDATE head SET frontier = x'00'",
    ),
    "a log renamed": (
        "guard_head_moves_with_its_entries",
        "UPDATE head SET log = 'answerable/T0ELSE'",
    ),
    "the head replaced": (
        "guard_head_starts_empty",
        "INSERT OR REPLACE INTO head SELECT workspace, log, 1, frontier, last_at, board FROM head",
    ),
    "the head overwritten by an upsert": (
        EVERY_GUARD,
        (
            "INSERT INTO head SELECT * FROM head WHERE true "
            "ON CONFLICT (workspace) DO UPDATE SET size = 1"
        ),
    ),
    "the head replaced by its hidden number": (
        "guard_head_starts_empty",
        (
            "INSERT OR REPLACE INTO head (rowid, workspace, log, size, frontier, last_at, board) "
            "SELECT rowid, 'T0NEW', log, 0, frontier, last_at, board FROM head"
        ),
    ),
    "a second head that does not start empty": (
        "guard_head_starts_empty",
        "INSERT INTO head SELECT 'T0NEW', log, size, frontier, last_at, board FROM head",
    ),
    "the head deleted": ("guard_head_is_never_deleted", "DELETE FROM head"),
    "an opening edited": ("guard_opening_is_never_changed", "UPDATE opening SET value = 'U0ELSE'"),
    "an opening without its salt": (
        "guard_opening_is_never_changed",
        "UPDATE opening SET salt = x''",
    ),
    "an opening replaced": (
        "guard_opening_comes_with_its_entry",
        "INSERT OR REPLACE INTO opening SELECT workspace, seq, field, salt, 'U0ELSE' FROM opening",
    ),
    "an opening replaced by its hidden number": (
        "guard_opening_comes_with_its_entry",
        (
            "INSERT OR REPLACE INTO opening (rowid, workspace, seq, field, salt, value) "
            "SELECT 1, 'T0NEW', seq, field, salt, value FROM opening LIMIT 1"
        ),
    ),
    "an opening added afterwards": (
        "guard_opening_comes_with_its_entry",
        "INSERT INTO opening SELECT workspace, 1, 'facts.more_c', salt, value FROM opening LIMIT 1",
    ),
    "an opening deleted in silence": ("guard_opening_is_erased_on_record", "DELETE FROM opening"),
}


@contextmanager
def past_our_code(world: World) -> Iterator[sqlite3.Connection]:
    """Write to the database's file as any other program can."""
    with closing(sqlite3.connect(world.path, isolation_level=None)) as database:
        yield database


@pytest.mark.parametrize("name", ATTACKS)
def test_i6_the_database_refuses(live: World, name: str) -> None:
    guard, attack = ATTACKS[name]
    before = live.contents()
    with past_our_code(live) as database:
        with pytest.raises(sqlite3.IntegrityError):
            database.execute(attack)
        assert live.contents() == before

        drop_guards(database, guard)
        database.execute(attack)
    assert live.contents() != before, "without the guard nothing stops it"


def test_i6_each_guard_is_tried(live: World) -> None:
    with past_our_code(live) as database:
        assert set(guards_of(database)) == {guard for guard, _ in ATTACKS.values()} - {EVERY_GUARD}


def test_i6_a_row_is_found_by_its_subject_without_reading_the_log(live: World) -> None:
    query = "SELECT 1 FROM entry WHERE workspace = '' AND subject = '' AND kind = ''"
    with past_our_code(live) as database:
        (plan,) = database.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
    assert "ix_entry_workspace_subject_kind_seq" in plan[3], "guards and cards ask so"


def test_i6_guards_hold_within_one_statement_of_many_rows(live: World) -> None:
    with past_our_code(live) as database, pytest.raises(sqlite3.IntegrityError, match="next"):
        database.execute(
            "INSERT INTO entry SELECT workspace, seq + (SELECT count(*) + 1 FROM entry), id || 'x',"
            " ts, kind, subject, body, leaf FROM entry"
        )


def test_i6_a_head_that_is_not_of_its_tree_is_not_appended_to(live: World) -> None:
    with past_our_code(live) as database:
        drop_guards(database)
        database.execute("UPDATE head SET size = size - 1")
    with pytest.raises(Damaged, match=r"it has \d+ entries and counts \d+"):
        live.pauses()


def test_i12_an_opening_can_be_erased_once_that_is_on_record(live: World) -> None:
    with live.deps.store.begin(live.deps.workspace, OPERATOR) as work:
        opening = next(work.log.openings())
        name = f"opening/{opening.seq}/{opening.field}"
        work.record(Kind.OPENING_ERASED, name, {"seq": opening.seq, "field": opening.field})
    with past_our_code(live) as database:
        database.execute(
            "DELETE FROM opening WHERE seq = ? AND field = ?", (opening.seq, opening.field)
        )
        with pytest.raises(sqlite3.IntegrityError):
            database.execute("DELETE FROM opening")
    assert findings(live) == []


def test_i6_whoever_owns_the_file_can_take_the_guards_away(live: World) -> None:
    """They are rails against mistakes. Whoever reads all of it finds this.

    What is hidden better is found by what an auditor holds outside.
    """
    with past_our_code(live) as database:
        drop_guards(database)
        database.execute("DELETE FROM entry WHERE seq > 0")
    with pytest.raises(Damaged, match="entry #1 is gone, and all that followed"):
        findings(live)
