"""The record as it is stored: entries in their one order, openings, checkpoints."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select

from bot.domain.record import Entry, Kind, entry_of, parse
from bot.domain.tree import Frontier
from store import tables
from store.damage import whole_entries
from store.rows import Rows
from store.scope import STREAMED, by, delete_by, rows_by, update_by, within

# Built once: these run with everything that is recorded.
_ADD_ENTRIES: Final = insert(tables.entry)
_ADD_CHECKPOINT: Final = insert(tables.checkpoint)
_LAST_OF: Final = (
    rows_by(tables.entry, "kind", "subject").order_by(tables.entry.c.seq.desc()).limit(1)
)
_BODIES_OF: Final = rows_by(tables.entry, "kind", "subject").with_only_columns(
    tables.entry.c.seq, tables.entry.c.body
)
_BODY: Final = rows_by(tables.entry, "seq").with_only_columns(tables.entry.c.body)
_WORDS: Final = rows_by(tables.opening, "seq", "field").with_only_columns(tables.opening.c.value)
_PROOF: Final = (
    rows_by(tables.checkpoint)
    .where(tables.checkpoint.c.size > bindparam("seq"))
    .order_by(tables.checkpoint.c.size)
    .limit(1)
)
ERASED: Final = "[erased]"


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log of a workspace stands: the next number, the tree so far, the last time."""

    log: str
    size: int
    frontier: Frontier
    last_at: datetime
    board: int


@dataclass(frozen=True, slots=True)
class Opening:
    """What a commitment in an entry stands for."""

    seq: int
    field: str
    salt: bytes
    value: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed tree head: `root` in hex, `note` the whole signed note."""

    size: int
    root: str
    note: str


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry with what the tables keep beside its exact bytes."""

    entry: Entry
    at: datetime
    body: bytes
    leaf: bytes


class Log(Rows):
    """The log of one workspace, inside one transaction."""

    def head_or_none(self) -> Head | None:
        row = self._connection.execute(rows_by(tables.head), by(self._workspace)).one_or_none()
        if row is None:
            return None
        frontier = Frontier.from_bytes(row.frontier)
        if frontier.size != row.size:
            raise ValueError(f"the log has {row.size} entries, but its tree {frontier.size}")
        return Head(row.log, row.size, frontier, row.last_at, row.board)

    def start(self, head: Head) -> None:
        """Make the workspace's log, empty."""
        self._connection.execute(
            insert(tables.head).values(
                workspace=self._workspace,
                log=head.log,
                size=head.size,
                frontier=head.frontier.to_bytes(),
                last_at=head.last_at,
                board=head.board,
            )
        )

    def append(self, stored: list[Stored], openings: list[Opening], old: Head, new: Head) -> None:
        """Add entries and move the head, which must still be where it was read."""
        self._connection.execute(
            _ADD_ENTRIES, [_entry_row(self._workspace, each) for each in stored]
        )
        if openings:
            self._connection.execute(
                insert(tables.opening), [_opening_row(self._workspace, each) for each in openings]
            )
        self.move_head(old, new)

    def erase(self, openings: list[tuple[int, str]]) -> None:
        """Delete openings, each named by its entry and field, of which the log says so by now."""
        if not openings:
            return
        erased = self._connection.execute(
            delete_by(tables.opening, "seq", "field"),
            [by(self._workspace, seq=seq, field=field) for seq, field in openings],
        )
        if erased.rowcount != len(openings):
            raise LookupError(f"{erased.rowcount} of {len(openings)} openings were there to erase")

    def move_head(self, old: Head, new: Head) -> None:
        moved = self._connection.execute(
            update_by(tables.head, "size"),
            {
                **by(self._workspace, size=old.size),
                "size": new.size,
                "frontier": new.frontier.to_bytes(),
                "last_at": new.last_at,
                "board": new.board,
            },
        )
        if moved.rowcount != 1:
            raise RuntimeError(f"the head of {self._workspace} moved under the writer's seat")

    def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        self._connection.execute(
            _ADD_CHECKPOINT, {"workspace": self._workspace, **asdict(checkpoint)}
        )

    def entry(self, seq: int) -> Entry:
        """Give the entry with this number; it must exist."""
        body = self._connection.execute(_BODY, by(self._workspace, seq=seq)).scalar_one()
        return entry_of(body)

    def id_or_none(self, seq: int) -> str | None:
        """Give the id of the entry with this number, or None if there is none."""
        return self._connection.execute(
            select(tables.entry.c.id).where(within(tables.entry, self._workspace, seq=seq))
        ).scalar_one_or_none()

    def last_of(self, kind: Kind, subject: str) -> Entry | None:
        """Give the newest entry of a kind about a subject, or None if there is none."""
        row = self._connection.execute(
            _LAST_OF, by(self._workspace, kind=kind, subject=subject)
        ).one_or_none()
        return None if row is None else entry_of(row.body)

    def actors_of(self, kind: Kind, subject: str) -> frozenset[str]:
        """Give everybody, as the record names them, who did this to a subject."""
        bodies = self._connection.execute(
            select(tables.entry.c.body).where(
                within(tables.entry, self._workspace, kind=kind, subject=subject)
            )
        )
        return frozenset(entry_of(row.body).actor for row in bodies)

    def entries_of(self, kind: Kind, subject: str) -> tuple[Entry, ...]:
        """Give every entry of a kind about a subject, oldest first."""
        rows = self._connection.execute(_BODIES_OF, by(self._workspace, kind=kind, subject=subject))
        return tuple(entry_of(row.body) for row in sorted(rows, key=lambda row: row.seq))

    def words(self, seq: int, fact: str) -> str:
        """Give what the commitment `fact` of an entry stands for, or a mark that it was erased."""
        value = self.words_or_none(seq, fact)
        return ERASED if value is None else value

    def words_or_none(self, seq: int, fact: str) -> str | None:
        """Give what it stands for, or None if there is no opening of it."""
        value = self._connection.execute(
            _WORDS, by(self._workspace, seq=seq, field=f"facts.{fact}_c")
        ).scalar_one_or_none()
        return None if value is None else str(value)

    def proof_of(self, seq: int) -> Checkpoint:
        """Give the first checkpoint that covers an entry."""
        row = self._connection.execute(_PROOF, {**by(self._workspace), "seq": seq}).one()
        return Checkpoint(row.size, row.root, row.note)

    def root_at(self, size: int) -> str | None:
        """Give the root in hex that was signed at this size, or None if none was."""
        row = self._connection.execute(
            rows_by(tables.checkpoint, "size"), by(self._workspace, size=size)
        ).one_or_none()
        return None if row is None else str(row.root)

    def last_checkpoint(self) -> Checkpoint:
        row = self._connection.execute(
            select(tables.checkpoint)
            .where(within(tables.checkpoint, self._workspace))
            .order_by(tables.checkpoint.c.size.desc())
            .limit(1)
        ).one()
        return Checkpoint(row.size, row.root, row.note)

    def entries(self) -> Iterator[Stored]:
        """Stream all entries in their order, each as it was signed. Raises Damaged if one is not.

        That the last one is there is known at the end alone: read them to it.
        """
        for row in whole_entries(self._connection, self._workspace):
            entry = parse(row.body)
            yield Stored(entry, datetime.fromisoformat(entry.ts), row.body, row.leaf)

    def between(self, after: int, before: int, kinds: Collection[Kind]) -> tuple[Entry, ...]:
        """Give the entries of some kinds that lie between two others, in their order."""
        rows = self._connection.execute(
            select(tables.entry.c.body)
            .where(
                within(tables.entry, self._workspace),
                tables.entry.c.kind.in_(kinds),
                tables.entry.c.seq > after,
                tables.entry.c.seq < before,
            )
            .order_by(tables.entry.c.seq)
        )
        return tuple(entry_of(row.body) for row in rows)

    def openings(self) -> Iterator[Opening]:
        """Stream all openings that were not erased."""
        rows = self._connection.execute(
            select(tables.opening)
            .where(within(tables.opening, self._workspace))
            .order_by(tables.opening.c.seq, tables.opening.c.field),
            execution_options=STREAMED,
        )
        for row in rows:
            yield Opening(row.seq, row.field, row.salt, row.value)

    def delivered_before(self, key: str) -> int | None:
        """Give the number of the entry that an earlier delivery of this key made, or None."""
        return self._connection.execute(
            select(tables.delivery.c.seq).where(within(tables.delivery, self._workspace, key=key))
        ).scalar_one_or_none()

    def note_delivery(self, key: str, seq: int) -> None:
        self._connection.execute(
            insert(tables.delivery).values(workspace=self._workspace, key=key, seq=seq)
        )


def _entry_row(workspace: str, stored: Stored) -> dict[str, object]:
    return {
        "workspace": workspace,
        "seq": stored.entry.seq,
        "id": stored.entry.id,
        "ts": stored.at,
        "kind": stored.entry.kind,
        "subject": stored.entry.on,
        "body": stored.body,
        "leaf": stored.leaf,
    }


def _opening_row(workspace: str, opening: Opening) -> dict[str, object]:
    return {
        "workspace": workspace,
        "seq": opening.seq,
        "field": opening.field,
        "salt": opening.salt,
        "value": opening.value,
    }
