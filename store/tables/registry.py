"""The registry: workflows, their policies, their drills, the tokens of their pipelines."""

from sqlalchemy import (
    BigInteger,
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

workflow = Table(
    "workflow",
    metadata,
    workspace(),
    Column("key", String(63), primary_key=True),
    Column("owner", String(32), nullable=False),
    Column("backup", String(32), nullable=False),
    Column("steward", String(32), nullable=False),
    Column("technical_owner", String(32), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("policy", Integer, nullable=False),
    Column("gate", String(16), nullable=False),
    Column("gate_since", Instant, nullable=False),
    Column("gate_entry", BigInteger, nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("entry", BigInteger, nullable=False),
    Column("attest_at", Instant),
    Column("drill_at", Instant),
    # The head's number of when a pipeline was last to be told something else of it.
    Column("board", BigInteger, nullable=False),
    Index(None, "workspace", "state", "attest_at"),
    Index(None, "workspace", "state", "drill_at"),
    Index(None, "workspace", "board"),
)

policy = Table(
    "policy",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    belongs_to_workflow(),
)

drill = Table(
    "drill",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("asked", Integer, nullable=False),
    Column("was", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("heard_at", Instant),
    Column("ended_at", Instant),
    Column("entry", BigInteger, nullable=False),
    Column("gate_entry", BigInteger, nullable=False),
    belongs_to_workflow(),
    Index(None, "workspace", "state", "started_at"),
)

token = Table(
    "token",
    metadata,
    workspace(),
    Column("id", String(40), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("workflow", String(63), nullable=False),
    Column("scopes", String(200), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("last_used_at", Instant),
    Column("revoked_at", Instant),
    belongs_to_workflow(),
    UniqueConstraint("hash"),
)
