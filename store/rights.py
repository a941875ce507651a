"""What the bot's own role may do on PostgreSQL; the tables are owned by another.

The log can be added to and nothing else. What is said about it elsewhere can be rebuilt from it
(I5), and changes as things go on. Guards stop mistakes; these rights also stop whoever has taken
over the bot's connection from removing the guards.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text

from store import tables
from store.faults import UnusableDatabase

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
EVERY_RIGHT: Final = (
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "TRUNCATE",
    "REFERENCES",
    "TRIGGER",
)
_PLACE: Final = text(
    "SELECT quote_ident(current_database()) AS database, quote_ident(current_schema()) AS schema"
)
_IS_OWNERS: Final = text(
    "SELECT pg_has_role(role, current_user, 'MEMBER') OR pg_has_role(role, relowner, 'MEMBER') "
    "FROM pg_class, CAST(:role AS name) role WHERE oid = to_regclass('entry')"
)
_IS_OWNER: Final = text(
    "SELECT pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = to_regclass('entry')"
)
_CAN_MAKE: Final = text(
    "SELECT has_database_privilege(current_database(), 'TEMPORARY') "
    "OR has_schema_privilege(current_schema(), 'CREATE')"
)
_HELD: Final = text(
    "SELECT t.name AS table, r.name AS right "
    "FROM unnest(CAST(:tables AS text[])) t(name), unnest(CAST(:rights AS text[])) r(name) "
    "WHERE has_table_privilege(quote_ident(t.name), r.name)"
)


def grant(connection: Connection, role: str) -> None:
    """Give a role what the bot needs, and take from it what it does not. The role has to exist.

    What everybody has been given is taken back too: the role would have it all the same.
    Raises UnusableDatabase for a role that owns the tables, which would lose them.
    """
    _require_no_owner(connection, role)
    named = connection.dialect.identifier_preparer.quote(role)
    from_whom = f"FROM PUBLIC, {named}"
    database, schema = _place(connection)
    # Tables and operators of its own would be found before those that the guards mean.
    connection.exec_driver_sql(f"REVOKE TEMPORARY ON DATABASE {database} {from_whom}")
    connection.exec_driver_sql(f"REVOKE CREATE ON SCHEMA {schema} {from_whom}")
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {named}")
    for table, rights in _rights():
        connection.exec_driver_sql(f'REVOKE ALL ON "{table}" {from_whom}')
        connection.exec_driver_sql(f'GRANT {rights} ON "{table}" TO {named}')
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {named}")


def missing(connection: Connection) -> tuple[str, ...]:
    """Give what whoever is connected may not do though the bot has to, as `INSERT on entry`."""
    return _named(_needed() - _held(connection))


def beyond(connection: Connection) -> tuple[str, ...]:
    """Give what whoever is connected may do though the bot should not be able to."""
    if connection.scalar(_IS_OWNER):
        return ("everything, as the owner of the tables",)
    more = _named(_held(connection) - _needed())
    return (*more, "tables or functions of its own") if connection.scalar(_CAN_MAKE) else more


def _require_no_owner(connection: Connection, role: str) -> None:
    if connection.scalar(_IS_OWNERS, {"role": role}):
        raise UnusableDatabase(
            f"{role} owns the tables, or may act as who does: --grant is for the role that the bot "
            "connects as; make another, and name that"
        )


def _place(connection: Connection) -> tuple[str, str]:
    found = connection.execute(_PLACE).one()
    return found.database, found.schema


def _rights() -> Iterator[tuple[str, str]]:
    for name in (*tables.metadata.tables, "alembic_version"):
        yield name, RIGHTS.get(name, WORKED_ON)


def _needed() -> set[tuple[str, str]]:
    return {(table, right) for table, rights in _rights() for right in rights.split(", ")}


def _held(connection: Connection) -> set[tuple[str, str]]:
    named = {"tables": [table for table, _ in _rights()], "rights": list(EVERY_RIGHT)}
    return {(row.table, row.right) for row in connection.execute(_HELD, named)}


def _named(rights: set[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{right} on {table}" for table, right in sorted(rights))
