"""The guards of the record: what is recorded stays as it is, whoever writes to the database.

They stop mistakes, not attackers: the file's owner can drop them, and then what auditors hold
outside still tells. They stand in a revision of their own because 0001 is made from the tables,
which cannot say them. Whoever makes one of these tables anew has to make its guards anew.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Guard = tuple[str, str, str, str]  # its name, what it comes before, when it refuses, what it says

_SQLITE: Final[tuple[Guard, ...]] = (
    ("entry_is_never_changed", "UPDATE ON entry", "true", "an entry is never changed"),
    ("entry_is_never_deleted", "DELETE ON entry", "true", "an entry is never deleted"),
    # Before REPLACE takes away what is in its place: by either of two keys, or by the hidden row
    # number, which is -1 here unless the statement names one.
    (
        "entry_comes_next",
        "INSERT ON entry",
        """new.seq IS NOT (
            SELECT coalesce(max(seq), -1) + 1 FROM entry WHERE entry.workspace = new.workspace
        ) OR EXISTS (
            SELECT 1 FROM entry WHERE entry.workspace = new.workspace AND entry.id = new.id
        ) OR EXISTS (SELECT 1 FROM entry WHERE entry.rowid = new.rowid)""",
        "an entry has the next number and an id of its own",
    ),
    ("checkpoint_is_never_changed", "UPDATE ON checkpoint", "true", "a checkpoint is signed once"),
    ("checkpoint_is_never_deleted", "DELETE ON checkpoint", "true", "a checkpoint is kept"),
    (
        "checkpoint_is_of_now",
        "INSERT ON checkpoint",
        """new.size IS NOT (
            SELECT size FROM head WHERE head.workspace = new.workspace
        ) OR EXISTS (
            SELECT 1 FROM checkpoint
            WHERE checkpoint.workspace = new.workspace AND checkpoint.size >= new.size
        ) OR EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.rowid = new.rowid)""",
        "a checkpoint is of the log as it stands, once",
    ),
    (
        "head_starts_empty",
        "INSERT ON head",
        """new.size IS NOT 0
            OR EXISTS (SELECT 1 FROM entry WHERE entry.workspace = new.workspace)
            OR EXISTS (SELECT 1 FROM head WHERE head.workspace = new.workspace)
            OR EXISTS (SELECT 1 FROM head WHERE head.rowid = new.rowid)""",
        "a workspace has one log, which starts empty",
    ),
    (
        "head_moves_with_its_entries",
        "UPDATE ON head",
        """new.workspace IS NOT old.workspace OR new.log IS NOT old.log
            OR new.last_at < old.last_at OR new.board < old.board
            OR new.size <= old.size OR new.size IS NOT (
                SELECT max(seq) + 1 FROM entry WHERE entry.workspace = new.workspace
            )""",
        "the head moves forward, by the entries that were added",
    ),
    ("head_is_never_deleted", "DELETE ON head", "true", "a log is never deleted"),
    (
        "opening_comes_with_its_entry",
        "INSERT ON opening",
        """new.seq < (SELECT size FROM head WHERE head.workspace = new.workspace)
            OR EXISTS (SELECT 1 FROM opening WHERE opening.rowid = new.rowid)""",
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


def _for_sqlite() -> Iterator[str]:
    for name, event, condition, sentence in _SQLITE:
        yield (
            f"CREATE TRIGGER guard_{name} BEFORE {event} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )


# PostgreSQL's come beside these: functions, and one for TRUNCATE, which SQLite has not.
_GUARDS: Final[Mapping[str, tuple[str, ...]]] = {"sqlite": tuple(_for_sqlite())}


def upgrade() -> None:
    for statement in _GUARDS[op.get_context().dialect.name]:
        op.execute(statement)
