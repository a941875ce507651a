"""What people owe, and what they owe it for."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from store.columns import Instant
from store.tables.schema import belongs_to_workflow, metadata, workspace

breach = Table(
    "breach",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("cause", String(40), nullable=False),
    Column("is_critical", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("detail", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("round", Integer),
    Column("measurement", String(40), nullable=False),
    Column("acknowledged_by", String(32), nullable=False),
    Column("decided_by", String(32), nullable=False),
    Column("decision", String(16)),
    Column("entry", BigInteger, nullable=False),
    belongs_to_workflow(),
    Index(None, "workspace", "state"),
)

concern = Table(
    "concern",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("breach", Integer, primary_key=True),
    Column("raised_by", String(32), nullable=False),
    Column("is_named", Boolean, nullable=False),
    Column("severity", String(16), nullable=False),
    Column("entry", BigInteger, nullable=False),
    belongs_to_workflow(),
)

obligation = Table(
    "obligation",
    metadata,
    workspace(),
    Column("id", String(120), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("workflow", String(63), nullable=False),
    Column("subject", Integer, nullable=False),
    Column("owed_by", String(32), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("climbs_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("rung", Integer, nullable=False),
    Column("repeats", Integer, nullable=False),
    Column("is_critical", Boolean, nullable=False),
    belongs_to_workflow(),
    UniqueConstraint("workspace", "kind", "workflow", "subject"),
    Index(None, "workspace", "workflow", "state"),
    Index(None, "workspace", "state", "climbs_at"),
    Index(None, "workspace", "state", "kind", "due_at"),
)

request = Table(
    "request",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("requested_by", String(32), nullable=False),
    Column("role", String(20), nullable=False),
    Column("about", BigInteger, nullable=False),
    Column("proposal", Text, nullable=False),  # a policy in JSON, empty if none is proposed
    Column("state", String(16), nullable=False),
    Column("confirmed_by", String(32), nullable=False),
    Column("entry", BigInteger, nullable=False),
    belongs_to_workflow(),
)
