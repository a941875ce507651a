"""Measurements: the values that came, and by when the next ones are due."""

from sqlalchemy import Column, Index, Integer, String, Table

from store.columns import Instant
from store.tables.schema import belongs_to_workflow, metadata, workspace

measurement = Table(
    "measurement",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("observed_at", Instant, primary_key=True),
    Column("value", String(60), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("breach", Integer),  # the breach that it is past its limit in, if it is
    belongs_to_workflow(),
    Index(None, "workspace", "workflow", "breach"),
)

awaited = Table(
    "awaited",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    belongs_to_workflow(),
    Index(None, "workspace", "due_at"),
)
