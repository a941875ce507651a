"""The guards of the record: what is recorded stays as it is, whoever writes to the database.

They stop mistakes, not attackers: the file's owner can drop them, and then what auditors hold
outside still tells. Whoever makes one of these tables anew has to make its guards anew, and whoever
changes a guard adds a revision that makes it anew. The revision that made the first of them goes by
what stands here: a guard of a table or a column that a later one makes is for that one to make.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text

Guard = tuple[str, str, str, str]  # its name, what it comes before, when it refuses, what it says

_GUARDS: Final[tuple[Guard, ...]] = (
    ("entry_is_never_changed", "UPDATE ON entry", "true", "an entry is never changed"),
    ("entry_is_never_deleted", "DELETE ON entry", "true", "an entry is never deleted"),
    # In SQLite this is before REPLACE takes away what is in its place, by either of two keys.
    (
        "entry_comes_next",
        "INSERT ON entry",
        """new.seq IS DISTINCT FROM (
            SELECT coalesce(max(seq), -1) + 1 FROM entry WHERE entry.workspace = new.workspace
        ) OR EXISTS (
            SELECT 1 FROM entry WHERE entry.workspace = new.workspace AND entry.id = new.id
        )""",
        "an entry has the next number and an id of its own",
    ),
    ("checkpoint_is_never_changed", "UPDATE ON checkpoint", "true", "a checkpoint is signed once"),
    ("checkpoint_is_never_deleted", "DELETE ON checkpoint", "true", "a checkpoint is kept"),
    (
        "checkpoint_is_of_now",
        "INSERT ON checkpoint",
        """new.size IS DISTINCT FROM (
            SELECT size FROM head WHERE head.workspace = new.workspace
        ) OR EXISTS (
            SELECT 1 FROM checkpoint
            WHERE checkpoint.workspace = new.workspace AND checkpoint.size >= new.size
        )""",
        "a checkpoint is of the log as it stands, once",
    ),
    (
        "head_starts_empty",
        "INSERT ON head",
        """new.size IS DISTINCT FROM 0
            OR EXISTS (SELECT 1 FROM entry WHERE entry.workspace = new.workspace)
            OR EXISTS (SELECT 1 FROM head WHERE head.workspace = new.workspace)""",
        "a workspace has one log, which starts empty",
    ),
    (
        "head_moves_with_its_entries",
        "UPDATE ON head",
        """new.workspace IS DISTINCT FROM old.workspace OR new.log IS DISTINCT FROM old.log
            OR new.last_at < old.last_at OR new.board < old.board
            OR new.size <= old.size OR new.size IS DISTINCT FROM (
                SELECT max(seq) + 1 FROM entry WHERE entry.workspace = new.workspace
            )""",
        "the head moves forward, by the entries that were added",
    ),
    ("head_is_never_deleted", "DELETE ON head", "true", "a log is never deleted"),
    (
        "opening_comes_with_its_entry",
        "INSERT ON opening",
        """new.seq < (SELECT size FROM head WHERE head.workspace = new.workspace)""",
        "an opening is added with its entry",
    ),
    ("opening_is_never_changed", "UPDATE ON opening", "true", "an opening is never changed"),
    (
        "opening_is_erased_on_record",
        "DELETE ON opening",
        """NOT EXISTS (
            SELECT 1 FROM entry
            WHERE entry.workspace = old.workspace
                AND entry.subject = 'opening/' || old.seq || '/' || old.field
                AND entry.kind = 'opening.erased'
        )""",
        "an opening is erased after an entry that says so",
    ),
)


_TABLES: Final = ("entry", "checkpoint", "head", "opening")
_IN_SQLITE: Final = "IS NOT"  # its word for IS DISTINCT FROM in every version that is about
_SAME_ROW: Final = " OR EXISTS (SELECT 1 FROM {0} WHERE {0}.rowid = new.rowid)"
_STANDING: Final = {
    "sqlite": text("SELECT name, sql AS said FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text(
        "SELECT tgname AS name, relname || ' ' || tgtype || prosrc AS said FROM pg_trigger "
        "JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE pg_class.relnamespace = quote_ident(current_schema())::regnamespace "
        "AND tgenabled IN ('O', 'A') AND NOT tgisinternal "
        "AND tgqual IS NULL AND CAST(tgattr AS text) = ''"
    ),
}
# How the server keeps before what, and for each what, a trigger is.
_KEPT_AS: Final = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_BEFORE: Final = 2
_EACH: Final = {"ROW": 1, "STATEMENT": 0}


def lost_guards(connection: Connection) -> tuple[str, ...]:
    """Give the names of the guards that do not stand, or do something else than they have to."""
    name = connection.dialect.name
    standing = {row.name: row.said for row in connection.execute(_STANDING[name])}
    if name == "sqlite":
        expected = dict(_in_sqlite())
    else:
        expected = {guard: _as_kept(*made) for guard, *made in _on_server()}
    return tuple(guard for guard, said in expected.items() if standing.get(guard) != said)


def make_lost_guards(connection: Connection) -> tuple[str, ...]:
    """Make the guards that do not stand as they have to, and give their names."""
    lost = lost_guards(connection)
    if connection.dialect.name == "sqlite":
        _make_in_sqlite(connection, lost)
    else:
        _make_on_server(connection, lost)
    return lost


def _make_in_sqlite(connection: Connection, lost: tuple[str, ...]) -> None:
    for name, statement in _in_sqlite():
        if name in lost:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(statement)


def _make_on_server(connection: Connection, lost: tuple[str, ...]) -> None:
    schema = connection.scalar(text("SELECT quote_ident(current_schema())"))
    for name, body, event, each in _on_server():
        if name in lost:
            # Left to whoever writes, the path would find their temporary tables before ours.
            connection.exec_driver_sql(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
                f"SET search_path = pg_catalog, {schema}, pg_temp AS $${body}$$"
            )
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {event.split()[-1]}")
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} BEFORE {event} FOR EACH {each} EXECUTE FUNCTION {name}()"
            )


def _in_sqlite() -> Iterator[tuple[str, str]]:
    """Give each guard's name, and the statement that makes it as SQLite keeps it."""
    for name, event, condition, sentence in _GUARDS:
        action, _, table = event.split()
        when = condition.replace("IS DISTINCT FROM", _IN_SQLITE)
        if action == "INSERT":
            # REPLACE goes by the hidden row number too, which is -1 unless a statement names one.
            when += _SAME_ROW.format(table)
        made = f"CREATE TRIGGER guard_{name} BEFORE {event} WHEN {when} "
        yield f"guard_{name}", f"{made}BEGIN SELECT RAISE(ABORT, '{sentence}'); END"


def _on_server() -> Iterator[tuple[str, str, str, str]]:
    """Give each guard's name, what its function does, what it comes before, and for each what."""
    for name, event, condition, sentence in _GUARDS:
        row = "old" if event.startswith("DELETE") else "new"
        body = f" BEGIN IF {condition} THEN {_refusal(sentence)} END IF; RETURN {row}; END "
        yield f"guard_{name}", body, event, "ROW"
    for table in _TABLES:
        body = f" BEGIN {_refusal(f'{table} is never emptied')} END "
        yield f"guard_{table}_is_never_emptied", body, f"TRUNCATE ON {table}", "STATEMENT"


def _as_kept(body: str, event: str, each: str) -> str:
    """Give what the server is to say of a guard: of which table, when, and what it does."""
    action, _, table = event.split()
    return f"{table} {_KEPT_AS[action] | _BEFORE | _EACH[each]}{body}"


def _refusal(sentence: str) -> str:
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation';"
