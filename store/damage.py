"""Whether a record is what was signed: looked at as it is read, or where something cannot be."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, select
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InvalidRequestError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.sql.functions import count

from bot.domain.figures import counted
from bot.domain.record import Kind
from bot.domain.refusals import Damaged, Unwritable
from bot.domain.tree import Frontier, leaf_hash
from store import tables
from store.scope import STREAMED, by, rows_by, within
from store.shape import odd_columns

# What comes of a row that is gone or is no longer what was written; a fault of ours may be as well.
# What the database itself is in trouble with is none: all of the record would be read for it.
_FAULTS: Final = (
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    IntegrityError,
    DataError,
    ProgrammingError,
    InvalidRequestError,
)
# Each of these makes one row, which is never deleted.
_MADE_BY: Final = {
    tables.workflow: (Kind.WORKFLOW_REGISTERED,),
    tables.policy: (Kind.POLICY_CHANGED,),
    tables.round_: (Kind.ROUND_OPENED,),
    tables.breach: (Kind.BREACH_OPENED,),
    tables.concern: (Kind.CONCERN_RAISED,),
    tables.obligation: (Kind.OBLIGATION_OPENED,),
}
_NO_HEAD: Final = "there are entries, and what says how many (the table “head”) is gone"
_HOLDS_FOR: Final = 60.0  # seconds: whatever fails each second does not read all of it each time


@dataclass
class Damages:
    """Tells a fault that comes of a damaged database from one of ours, by looking at all of it."""

    engine: Engine
    elapsed: Callable[[], float]
    _seen: dict[str, tuple[float, Callable[[], Unwritable] | None]] = field(default_factory=dict)

    @contextmanager
    def told(self, workspace: str) -> Iterator[None]:
        """Raise Damaged for what failed inside because the record is; any other fault as it is.

        Raises Unwritable for what failed because the tables are others than ours.
        """
        try:
            yield
        except _FAULTS as fault:
            found = self._cause_or_none(workspace)
            if found is None:
                raise
            raise found() from fault

    def _cause_or_none(self, workspace: str) -> Callable[[], Unwritable] | None:
        now = self.elapsed()
        seen_at, found = self._seen.get(workspace, (-_HOLDS_FOR, None))
        if now - seen_at >= _HOLDS_FOR:
            try:
                with self.engine.connect() as connection:
                    found = _looked_for(connection, workspace)
            except SQLAlchemyError:
                return None  # then the fault speaks for itself
            self._seen[workspace] = now, found
        return found


def changed(said: str) -> Unwritable:
    """Give what is told of tables that somebody has changed; `said` is what is seen of that."""
    return Unwritable(
        f"the tables of the database are not this version's any more ({said}): `answerable doctor` "
        "says which are not the same, and what to do"
    )


def _looked_for(connection: Connection, workspace: str) -> Callable[[], Unwritable] | None:
    odd = odd_columns(connection)
    if odd:
        return partial(changed, odd[0])
    where = _damage_or_none(connection, workspace)
    return None if where is None else partial(Damaged, where)


def require_signed(connection: Connection, signed: int) -> None:
    """Refuse a database that has records of which fewer are signed than there are.

    Whoever has none here takes it for a new place. Raises Damaged.
    """
    sizes = list(connection.execute(select(tables.head.c.size).where(tables.head.c.size > 0)))
    entry = None if sizes else connection.execute(select(tables.entry.c.seq).limit(1)).first()
    if entry is not None:
        raise Damaged(_NO_HEAD)
    if signed < len(sizes):
        raise Damaged(_unsigned(next(row.size for row in sizes)))


def _unsigned(size: int) -> str:
    return f"the checkpoint over its {counted(size, 'entry', 'entries')} is gone"


def whole_entries(connection: Connection, workspace: str) -> Iterator[Row[*tuple[Any, ...]]]:
    """Stream the rows of all entries, in their order: kind, body, leaf. To be read to their end.

    Raises Damaged at the first that is gone or is not what was recorded, and at the end if it was
    not the last one or they are not those that were signed.
    """
    head = connection.execute(rows_by(tables.head), by(workspace)).one_or_none()
    tree = Frontier()
    query = (
        select(*tables.entry.c["seq", "kind", "body", "leaf"])
        .where(within(tables.entry, workspace))
        .order_by(tables.entry.c.seq)
    )
    with connection.execute(query, execution_options=STREAMED) as rows:
        for row in rows:
            if head is None:
                raise Damaged(_NO_HEAD)
            if row.seq != tree.size:
                raise Damaged(f"entry #{tree.size} is gone")
            if not _is_whole(row):
                raise Damaged(f"entry #{row.seq} is not what was recorded")
            tree = tree.append(row.leaf)
            yield row
    if head is not None:
        _require_same(head, tree)
        _require_checkpoint(connection, workspace, tree)


def require_whole(connection: Connection, workspace: str) -> None:
    """Look at all of a workspace's record. Raises Damaged if it is not what was signed."""
    kinds = Counter(row.kind for row in whole_entries(connection, workspace))
    if not kinds:
        return
    for table, made_by in _MADE_BY.items():
        rows = connection.execute(select(count()).where(within(table, workspace))).scalar_one()
        made = sum(kinds[each] for each in made_by)
        if rows < made:
            raise Damaged(f"of {made:,} rows of the table “{table.name}” {made - rows:,} are gone")
    if connection.dialect.name == "sqlite":  # a server keeps to these by itself
        for table, _, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise Damaged(f"rows of the table “{parent}” are gone, on which rows of “{table}” rest")


def _damage_or_none(connection: Connection, workspace: str) -> str | None:
    """Say what is wrong with it and where: the first that is found, which is read no further."""
    try:
        require_whole(connection, workspace)
    except Damaged as damaged:
        return damaged.where
    return None


def _is_whole(row: Row[*tuple[Any, ...]]) -> bool:
    """Tell whether these are the bytes that were written: SQLite keeps text in their place, too."""
    are_bytes = isinstance(row.body, bytes) and isinstance(row.leaf, bytes)
    return are_bytes and leaf_hash(row.body) == row.leaf


def _require_same(head: Row[*tuple[Any, ...]], tree: Frontier) -> None:
    """Refuse a tree over all entries that is not the one that is kept of them."""
    if tree.size < head.size:
        raise Damaged(f"entry #{tree.size} is gone, and all that followed")
    if tree.size > head.size:
        held = counted(tree.size, "entry", "entries")
        raise Damaged(f"it has {held} and counts {head.size:,}")
    if head.frontier != tree.to_bytes():
        raise Damaged("its entries are not those that were signed")


def _require_checkpoint(connection: Connection, workspace: str, tree: Frontier) -> None:
    newest = connection.execute(
        rows_by(tables.checkpoint, "size"), by(workspace, size=tree.size)
    ).one_or_none()
    if newest is None:
        raise Damaged(_unsigned(tree.size))
    if newest.root != tree.root().hex():
        raise Damaged("its newest checkpoint is of another record")
