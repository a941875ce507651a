"""The tables. Private to the store. The workspace is part of every key.

What a person typed and who a pseudonym is lie in `opening` and `person` only; other tables point
there by the number of an entry, so that forgetting somebody is done in one place.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from store.columns import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _workspace() -> Column[str]:
    return Column("workspace", String(32), primary_key=True)


def _belongs_to_workflow() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["workspace", "workflow"], ["workflow.workspace", "workflow.key"])


# The record.

head = Table(
    "head",
    metadata,
    _workspace(),
    Column("log", String(100), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("board", BigInteger, nullable=False),  # grows with each change of a gate or token
)

entry = Table(
    "entry",
    metadata,
    _workspace(),
    Column("seq", BigInteger, primary_key=True),
    Column("id", String(32), nullable=False),
    Column("ts", Instant, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    ForeignKeyConstraint(["workspace"], ["head.workspace"]),
    UniqueConstraint("workspace", "id"),
    Index(None, "workspace", "subject", "seq"),
)

opening = Table(
    "opening",
    metadata,
    _workspace(),
    Column("seq", BigInteger, primary_key=True),
    Column("field", String(80), primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("value", Text, nullable=False),
    ForeignKeyConstraint(["workspace", "seq"], ["entry.workspace", "entry.seq"]),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    _workspace(),
    Column("size", BigInteger, primary_key=True),
    Column("root", String(64), nullable=False),
    Column("note", Text, nullable=False),
    ForeignKeyConstraint(["workspace"], ["head.workspace"]),
)

delivery = Table(
    "delivery",
    metadata,
    _workspace(),
    Column("key", String(200), primary_key=True),
    Column("seq", BigInteger, nullable=False),
)

refusal = Table(
    "refusal",
    metadata,
    _workspace(),
    Column("actor", String(40), primary_key=True),
    Column("rule", String(80), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("until", Instant, nullable=False),
    Column("repeats", Integer, nullable=False),
)

person = Table(
    "person",
    metadata,
    _workspace(),
    Column("user_id", String(32), primary_key=True),
    Column("pseudonym", String(40), nullable=False),
    Column("standing", String(16), nullable=False),
    UniqueConstraint("workspace", "pseudonym"),
)

# The registry.

workflow = Table(
    "workflow",
    metadata,
    _workspace(),
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
)

policy = Table(
    "policy",
    metadata,
    _workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    _belongs_to_workflow(),
)

token = Table(
    "token",
    metadata,
    _workspace(),
    Column("id", String(40), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("workflow", String(63), nullable=False),
    Column("scopes", String(200), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("last_used_at", Instant),
    Column("revoked_at", Instant),
    _belongs_to_workflow(),
    UniqueConstraint("hash"),
)

# Rounds.

output = Table(
    "output",
    metadata,
    _workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("output_id", String(128), primary_key=True),
    Column("round", Integer, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("produced_at", Instant, nullable=False),
    Column("category", String(60), nullable=False),
    Column("confidence", String(40), nullable=False),
    Column("model_version", String(128), nullable=False),
    Column("text", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("digest", String(128), nullable=False),
    _belongs_to_workflow(),
    Index(None, "workspace", "workflow", "round", "category"),
)

round_ = Table(
    "round",
    metadata,
    _workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("policy", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("period_end", Instant, nullable=False),
    Column("commitment", String(64), nullable=False),
    Column("drawn_at", Instant),
    Column("closed_at", Instant),
    Column("population", Integer, nullable=False),
    Column("seed", String(64), nullable=False),
    _belongs_to_workflow(),
    Index(None, "state", "period_end"),
)

drawn = Table(
    "drawn",
    metadata,
    _workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("output_id", String(128), nullable=False),
    Column("answer", String(16)),
    Column("why", String(16)),
    Column("severity", String(16)),
    Column("by", String(32), nullable=False),
    Column("is_verdict", Boolean, nullable=False),
    Column("is_late", Boolean, nullable=False),
    Column("entry", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["workspace", "workflow", "round"], ["round.workspace", "round.workflow", "round.number"]
    ),
    UniqueConstraint("workspace", "workflow", "round", "output_id"),
)

# What people owe.

breach = Table(
    "breach",
    metadata,
    _workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("cause", String(40), nullable=False),
    Column("is_critical", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("detail", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("round", Integer),
    Column("acknowledged_by", String(32), nullable=False),
    Column("decided_by", String(32), nullable=False),
    Column("decision", String(16)),
    Column("entry", BigInteger, nullable=False),
    _belongs_to_workflow(),
)

obligation = Table(
    "obligation",
    metadata,
    _workspace(),
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
    _belongs_to_workflow(),
    UniqueConstraint("workspace", "kind", "workflow", "subject"),
    Index(None, "state", "climbs_at"),
)

resume_request = Table(
    "resume_request",
    metadata,
    _workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("requested_by", String(32), nullable=False),
    Column("role", String(20), nullable=False),
    Column("gate_entry", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("confirmed_by", String(32), nullable=False),
    Column("entry", BigInteger, nullable=False),
    _belongs_to_workflow(),
)

# What is said.

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
    Column("case", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("lease", Integer, nullable=False),
    Column("available_at", BigInteger, nullable=False),  # seconds of the database's own clock
    Column("error", Text, nullable=False),
    Index(None, "workspace", "state", "urgency", "id"),
    Index(None, "workspace", "case"),
    sqlite_autoincrement=True,  # an id is never used again: Slack's metadata event names it
)

message = Table(
    "message",
    metadata,
    _workspace(),
    Column("case", String(400), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("place", String(10), nullable=False),
    Column("to", String(64), nullable=False),
    Column("entry", BigInteger, nullable=False),
    Column("workflow", String(63), nullable=False),
    Column("subject", Integer, nullable=False),
    Column("obligation", String(120), nullable=False),
    Column("thread", Text, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("ts", String(32), nullable=False),
    Index(None, "workspace", "obligation"),
)
