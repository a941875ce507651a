"""What the bot's own role may do on PostgreSQL; the tables are owned by another.

The log can be added to and nothing else. What is said about it elsewhere can be rebuilt from it
(I5), and changes as things go on. Guards stop mistakes; these rights also stop whoever has taken
over the bot's connection from removing the guards.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from store import tables

ADDED_TO: Final = "SELECT, INSERT"
WORKED_ON: Final = "SELECT, INSERT, UPDATE, DELETE"
# Of all tables not named here it is WORKED_ON.
RIGHTS: Final = {
    tables.entry.name: ADDED_TO,
    tables.checkpoint.name: ADDED_TO,
    tables.policy.name: ADDED_TO,
    tables.output.name: ADDED_TO,
    tables.head.name: "SELECT, INSERT, UPDATE",
    tables.opening.name: "SELECT, INSERT, DELETE",
    "alembic_version": "SELECT",
}


def grant(connection: Connection, role: str) -> None:
    """Give a role what the bot needs, and take from it what it does not. The role has to exist."""
    named = connection.dialect.identifier_preparer.quote(role)
    for table, rights in _rights():
        connection.exec_driver_sql(f"REVOKE ALL ON {table} FROM {named}")
        connection.exec_driver_sql(f"GRANT {rights} ON {table} TO {named}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {named}")


def _rights() -> Iterator[tuple[str, str]]:
    for name in (*tables.metadata.tables, "alembic_version"):
        yield f'"{name}"', RIGHTS.get(name, WORKED_ON)
