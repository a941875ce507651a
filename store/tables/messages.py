"""What is said: waiting to be sent, where it stands since, and when it is said anew."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from store.columns import Instant
from store.tables.schema import metadata, workspace

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("workspace", String(32), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("place", String(10), nullable=False),
    Column("to", Text, nullable=False),
    Column("entry", BigInteger, nullable=False),
    Column("workflow", String(63), nullable=False),
    Column("subject", Integer, nullable=False),
    Column("obligation", String(120), nullable=False),
    Column("thread", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("takes", Text, nullable=False),  # roles, never people
    Column("case", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("lease", Integer, nullable=False),
    Column("available_at", BigInteger, nullable=False),  # seconds of the database's own clock
    Column("error", Text, nullable=False),
    Column("put_at", BigInteger),  # by the same clock; none for what was settled without it
    Index(None, "workspace", "state", "urgency", "id"),
    Index(None, "workspace", "case", "state"),
    Index(None, "workspace", "obligation", "state"),
    sqlite_autoincrement=True,  # an id is never used again: Slack's metadata event names it
)

message = Table(
    "message",
    metadata,
    workspace(),
    Column("case", String(400), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("place", String(10), nullable=False),
    Column("to", String(64), nullable=False),
    Column("entry", BigInteger, nullable=False),
    Column("workflow", String(63), nullable=False),
    Column("subject", Integer, nullable=False),
    Column("obligation", String(120), nullable=False),
    Column("thread", Text, nullable=False),
    Column("sentence", Text, nullable=False),  # why it is here and not in its channel
    Column("takes", Text, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("ts", String(32), nullable=False),
    Index(None, "workspace", "obligation"),
    Index(None, "workspace", "to", "ts"),
)

home = Table(
    "home",
    metadata,
    workspace(),
    Column("user_id", String(32), primary_key=True),
    Column("opened_at", Instant, nullable=False),
)

digest = Table(
    "digest",
    metadata,
    workspace(),
    Column("channel", String(32), nullable=False),
    Column("cadence", Text, nullable=False),
    Column("zone", String(60), nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("since", BigInteger, nullable=False),
)
