"""What people arrange: when they are away, and who takes a workflow over."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from store.columns import Instant
from store.tables.schema import belongs_to_workflow, metadata, workspace

absence = Table(
    "absence",
    metadata,
    workspace(),
    Column("number", Integer, primary_key=True),
    Column("person", String(32), nullable=False),
    Column("delegate", String(32), nullable=False),
    Column("begins_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("zone", String(60), nullable=False),
    Column("state", String(16), nullable=False),
    Column("entry", BigInteger, nullable=False),
    Index(None, "workspace", "ends_at"),
)

handover = Table(
    "handover",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("proposed_by", String(32), nullable=False),
    Column("was_owner", String(32), nullable=False),
    Column("owner", String(32), nullable=False),
    Column("backup", String(32), nullable=False),
    Column("steward", String(32), nullable=False),
    Column("technical_owner", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("entry", BigInteger, nullable=False),
    belongs_to_workflow(),
)
