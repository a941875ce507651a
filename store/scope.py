"""Every query names its workspace: the one place where that condition is made."""

from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Delete,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    delete,
    select,
    update,
)

STREAMED: Final = {"yield_per": 500}  # of the one query: what follows on its connection is not


def within(table: Table, workspace: str, **equals: object) -> ColumnElement[bool]:
    """Give the condition for the rows of a workspace whose named columns have these values."""
    return and_(
        table.c.workspace == workspace,
        *(table.c[name] == value for name, value in equals.items()),
    )


@lru_cache
def rows_by(table: Table, *columns: str) -> Select[tuple[Any, ...]]:
    """Give the query for a workspace's rows by these columns, to be run with `by(...)`.

    Built once: building a query costs more than running it where people wait for the answer.
    """
    return select(table).where(_by(table, columns))


@lru_cache
def update_by(table: Table, *columns: str) -> Update:
    """Give the update of a workspace's rows by these columns, run with `by(...)` and values."""
    return update(table).where(_by(table, columns))


@lru_cache
def delete_by(table: Table, *columns: str) -> Delete:
    """Give the deletion of a workspace's rows by these columns, run with `by(...)`."""
    return delete(table).where(_by(table, columns))


def by(workspace: str, **equals: object) -> dict[str, object]:
    """Give the parameters that say which rows are meant."""
    return {f"by_{name}": value for name, value in {"workspace": workspace, **equals}.items()}


def _by(table: Table, columns: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(
        *(
            table.c[name] == bindparam(f"by_{name}", type_=table.c[name].type)
            for name in ("workspace", *columns)
        )
    )
