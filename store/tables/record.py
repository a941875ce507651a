"""The record: its entries, what opens and proves them, and who is who in it."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from store.columns import Instant
from store.tables.schema import metadata, workspace

head = Table(
    "head",
    metadata,
    workspace(),
    Column("log", String(100), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("board", BigInteger, nullable=False),  # grows with each change of a gate or token
)

entry = Table(
    "entry",
    metadata,
    workspace(),
    Column("seq", BigInteger, primary_key=True),
    Column("id", String(32), nullable=False),
    Column("ts", Instant, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    ForeignKeyConstraint(["workspace"], ["head.workspace"]),
    UniqueConstraint("workspace", "id"),
    Index(None, "workspace", "subject", "kind", "seq"),
)

opening = Table(
    "opening",
    metadata,
    workspace(),
    Column("seq", BigInteger, primary_key=True),
    Column("field", String(80), primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("value", Text, nullable=False),
    ForeignKeyConstraint(["workspace", "seq"], ["entry.workspace", "entry.seq"]),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    workspace(),
    Column("size", BigInteger, primary_key=True),
    Column("root", String(64), nullable=False),
    Column("note", Text, nullable=False),
    ForeignKeyConstraint(["workspace"], ["head.workspace"]),
)

witness = Table(
    "witness",
    metadata,
    workspace(),
    Column("size", BigInteger, nullable=False),
    Column("root", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    ForeignKeyConstraint(["workspace"], ["head.workspace"]),
)

delivery = Table(
    "delivery",
    metadata,
    workspace(),
    Column("key", String(200), primary_key=True),
    Column("seq", BigInteger, nullable=False),
)

refusal = Table(
    "refusal",
    metadata,
    workspace(),
    Column("actor", String(40), primary_key=True),
    Column("rule", String(80), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("until", Instant, nullable=False),
    Column("repeats", Integer, nullable=False),
    Column("entry", BigInteger, nullable=False),
)

person = Table(
    "person",
    metadata,
    workspace(),
    Column("user_id", String(32), primary_key=True),
    Column("pseudonym", String(40), nullable=False),
    Column("standing", String(16), nullable=False),
    UniqueConstraint("workspace", "pseudonym"),
)
