"""Whether the tables that are there are the ones this version writes: names, columns, types."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Column, Connection, inspect
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.types import TypeDecorator, TypeEngine

from store.tables import metadata


def lost_tables(connection: Connection) -> tuple[str, ...]:
    """Give the names of our tables that are not there."""
    there = frozenset(inspect(connection).get_table_names())
    return tuple(table.name for table in metadata.sorted_tables if table.name not in there)


def odd_columns(connection: Connection) -> tuple[str, ...]:
    """Give the columns that are not as ours are: gone, of another type, or in the way of a row.

    What somebody added beside ours is no matter, as long as a row can be written without it.
    """
    found = inspect(connection).get_multi_columns(filter_names=list(metadata.tables))
    return tuple(
        f"{table.name}.{odd}"
        for table in metadata.sorted_tables
        for odd in _odd(
            dict(table.columns.items()),
            {column["name"]: column for column in found.get((None, table.name), ())},
        )
    )


def _odd(ours: Mapping[str, Column[object]], there: Mapping[str, ReflectedColumn]) -> Iterator[str]:
    yield from sorted(ours.keys() - there.keys())
    for name in sorted(there.keys() - ours.keys()):
        if _is_needed(there[name]):
            yield name
    for name in sorted(ours.keys() & there.keys()):
        if not _is_alike(ours[name].type, there[name]["type"]):
            yield f"{name} ({there[name]['type']})"


def _is_needed(column: ReflectedColumn) -> bool:
    """Tell whether no row can be written without a value for this column."""
    fills_itself = column["default"] is not None or "computed" in column or "identity" in column
    return not column["nullable"] and not fills_itself


def _is_alike(ours: TypeEngine[object], there: TypeEngine[object]) -> bool:
    """Tell whether values of the one are read as those of the other are; how wide is no matter."""
    kept = ours.impl_instance if isinstance(ours, TypeDecorator) else ours
    try:
        return there.python_type is kept.python_type
    except NotImplementedError:  # SQLite knows columns of no type, and takes anything into them
        return True
