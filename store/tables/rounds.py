"""Rounds: the outputs of their periods and what was drawn from them."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from store.columns import Instant
from store.tables.schema import belongs_to_workflow, metadata, workspace

# In the order of their bytes on either engine: draws go through a population by id.
_OUTPUT_ID: Final = String(128).with_variant(String(128, collation="C"), "postgresql")

output = Table(
    "output",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("output_id", _OUTPUT_ID, primary_key=True),
    Column("round", Integer, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("produced_at", Instant, nullable=False),
    Column("category", String(60), nullable=False),
    Column("confidence", String(40), nullable=False),
    Column("band", String(8), nullable=False),  # of that confidence
    Column("model_version", String(128), nullable=False),
    Column("text", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("digest", String(128), nullable=False),
    belongs_to_workflow(),
    Index(None, "workspace", "workflow", "round", "category"),
)

round_ = Table(
    "round",
    metadata,
    workspace(),
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
    Column("grade", String(24)),
    Column("sample", Integer, nullable=False),
    Column("usual", Integer, nullable=False),
    Column("tightened_by", Integer, nullable=False),  # the round that gave cause; 0 is none
    Column("points_to", String(80), nullable=False),
    Column("baseline_bp", Integer, nullable=False),
    Column("cut_from", Integer, nullable=False),  # what was to be drawn; 0 is nothing was cut
    belongs_to_workflow(),
    Index(None, "workspace", "state", "period_end"),
)

drawn = Table(
    "drawn",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("look", String(8), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("output_id", String(128), nullable=False),
    Column("answer", String(16)),
    Column("why", String(16)),
    Column("severity", String(16)),
    Column("by", String(32), nullable=False),
    Column("is_verdict", Boolean, nullable=False),
    Column("is_late", Boolean, nullable=False),
    Column("share", Integer, nullable=False),  # with which share of a reviewer it is; 0 is none
    Column("entry", BigInteger, nullable=False),
    Column("turn", Integer, nullable=False),  # when it is asked; of what was planted no position is
    Column("planted", Boolean, nullable=False),  # in no rate, whoever asks for what was drawn
    Column("trigger", String(16), nullable=False),  # why besides the draw, in no rate; "": drawn
    Column("copy_of", Integer, nullable=False),  # whose answer it gets, by position; -1: its own
    ForeignKeyConstraint(
        ["workspace", "workflow", "round"], ["round.workspace", "round.workflow", "round.number"]
    ),
    UniqueConstraint("workspace", "workflow", "round", "look", "output_id"),
    sqlite_with_rowid=False,  # a round's items lie together: each page that is answered counts them
)

handed_in = Table(
    "handed_in",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("by", String(32), primary_key=True),
    Column("last_at", Instant, nullable=False),
    Column("answers", Integer, nullable=False),
    Column("took", Text, nullable=False),  # JSON: of each when, how long, its sort, changed?
    ForeignKeyConstraint(
        ["workspace", "workflow", "round"], ["round.workspace", "round.workflow", "round.number"]
    ),
    Index(None, "workspace", "by", "last_at"),
    # Who answered most is told from this alone: the rows are long.
    Index(None, "workspace", "last_at", "workflow", "by", "answers"),
)

plant = Table(
    "plant",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("output_id", _OUTPUT_ID, nullable=False),
    Column("salt", String(64), nullable=False),  # on record once its round is closed, not before
    Column("entry", BigInteger, nullable=False),
    Column("round", Integer, nullable=False),  # which it was mixed into; 0 while it waits
    Column("position", Integer, nullable=False),
    belongs_to_workflow(),
    UniqueConstraint("workspace", "workflow", "output_id"),
)

settlement = Table(
    "settlement",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("output_id", String(128), primary_key=True),
    Column("stands", String(8), nullable=False),
    Column("settled_by", String(32), nullable=False),
    Column("entry", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["workspace", "workflow", "round"], ["round.workspace", "round.workflow", "round.number"]
    ),
)

skip = Table(
    "skip",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("look", String(8), primary_key=True),
    Column("output_id", String(128), primary_key=True),
    Column("skipped_by", String(32), primary_key=True),
    Column("entry", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["workspace", "workflow", "round"], ["round.workspace", "round.workflow", "round.number"]
    ),
)

share = Table(
    "share",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("round", Integer, nullable=False),
    Column("reviewer", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("entry", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["workspace", "workflow", "round"], ["round.workspace", "round.workflow", "round.number"]
    ),
    Index(None, "workspace", "reviewer", "state"),
)

series = Table(
    "series",
    metadata,
    workspace(),
    Column("workflow", String(63), primary_key=True),
    Column("policy", Integer, nullable=False),
    Column("limit_bp", Integer, nullable=False),
    # JSON of what each strand came to: Python writes floats so that they come back exact.
    Column("strands", Text, nullable=False),
    Column("drift", Text, nullable=False),
    Column("doubt", Text, nullable=False),
    Column("baseline_rounds", Integer, nullable=False),
    Column("baseline_judged", Integer, nullable=False),
    Column("baseline_wrong", BigInteger, nullable=False),  # millionths of an output
    Column("baseline_bp", Integer, nullable=False),
    Column("began_at", Instant),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("breach", Integer, nullable=False),
    belongs_to_workflow(),
)
