"""The guards of the record: what is recorded stays as it is, whoever writes to the database.

They stop mistakes, not attackers: the file's owner can drop them, and then what auditors hold
outside still tells. They stand in a revision of their own because 0001 is made from the tables,
which cannot say them. Whoever makes one of these tables anew has to make its guards anew.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

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


def _for_sqlite() -> Iterator[str]:
    for name, event, condition, sentence in _GUARDS:
        action, _, table = event.split()
        when = condition.replace("IS DISTINCT FROM", _IN_SQLITE)
        if action == "INSERT":
            # REPLACE goes by the hidden row number too, which is -1 unless a statement names one.
            when += _SAME_ROW.format(table)
        yield (
            f"CREATE TRIGGER guard_{name} BEFORE {event} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )


def _for_postgresql() -> Iterator[str]:
    for name, event, condition, sentence in _GUARDS:
        row = "old" if event.startswith("DELETE") else "new"
        yield _function(name, f"IF {condition} THEN {_refusal(sentence)} END IF; RETURN {row};")
        yield _trigger(name, event, "ROW")
    for table in _TABLES:
        name = f"{table}_is_never_emptied"
        yield _function(name, _refusal(f"{table} is never emptied"))
        yield _trigger(name, f"TRUNCATE ON {table}", "STATEMENT")


def _function(name: str, body: str) -> str:
    # Left to whoever writes, the path would find their temporary tables before ours.
    return (
        f"CREATE FUNCTION guard_{name}() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = pg_catalog, {_schema()}, pg_temp AS $$ BEGIN {body} END $$"
    )


def _schema() -> str:
    """Give where the tables are, as it stands in a statement."""
    return str(op.get_bind().scalar(text("SELECT quote_ident(current_schema())")))


def _trigger(name: str, event: str, each: str) -> str:
    return (
        f"CREATE TRIGGER guard_{name} BEFORE {event} FOR EACH {each} "
        f"EXECUTE FUNCTION guard_{name}()"
    )


def _refusal(sentence: str) -> str:
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation';"


_FOR: Final[Mapping[str, Callable[[], Iterator[str]]]] = {
    "sqlite": _for_sqlite,
    "postgresql": _for_postgresql,
}


def upgrade() -> None:
    for statement in _FOR[op.get_context().dialect.name]():
        op.execute(statement)
