"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("delegate", sa.String(length=32), nullable=False),
        sa.Column("begins_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "number", name=op.f("pk_absence")),
    )
    op.create_index(
        op.f("ix_absence_workspace_ends_at"), "absence", ["workspace", "ends_at"], unique=False
    )
    op.create_table(
        "delivery",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_delivery")),
    )
    op.create_table(
        "digest",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_digest")),
    )
    op.create_table(
        "head",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("log", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("board", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_head")),
    )
    op.create_table(
        "home",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "user_id", name=op.f("pk_home")),
    )
    op.create_table(
        "message",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("case", sa.String(length=400), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("to", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("obligation", sa.String(length=120), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("takes", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "case", name=op.f("pk_message")),
    )
    op.create_index(
        op.f("ix_message_workspace_obligation"),
        "message",
        ["workspace", "obligation"],
        unique=False,
    )
    op.create_index(
        op.f("ix_message_workspace_to_ts"), "message", ["workspace", "to", "ts"], unique=False
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("obligation", sa.String(length=120), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("takes", sa.Text(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Integer(), nullable=False),
        sa.Column("available_at", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_outbox_workspace_case_state"),
        "outbox",
        ["workspace", "case", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_outbox_workspace_state_urgency_id"),
        "outbox",
        ["workspace", "state", "urgency", "id"],
        unique=False,
    )
    op.create_table(
        "person",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "user_id", name=op.f("pk_person")),
        sa.UniqueConstraint("workspace", "pseudonym", name=op.f("uq_person_workspace_pseudonym")),
    )
    op.create_table(
        "refusal",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "actor", "rule", "subject", name=op.f("pk_refusal")),
    )
    op.create_table(
        "workflow",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=63), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("backup", sa.String(length=32), nullable=False),
        sa.Column("steward", sa.String(length=32), nullable=False),
        sa.Column("technical_owner", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("policy", sa.Integer(), nullable=False),
        sa.Column("gate", sa.String(length=16), nullable=False),
        sa.Column("gate_since", sa.BigInteger(), nullable=False),
        sa.Column("gate_entry", sa.BigInteger(), nullable=False),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("attest_at", sa.BigInteger(), nullable=True),
        sa.Column("drill_at", sa.BigInteger(), nullable=True),
        sa.Column("board", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_workflow")),
    )
    op.create_index(
        op.f("ix_workflow_workspace_board"), "workflow", ["workspace", "board"], unique=False
    )
    op.create_index(
        op.f("ix_workflow_workspace_state_attest_at"),
        "workflow",
        ["workspace", "state", "attest_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_workflow_workspace_state_drill_at"),
        "workflow",
        ["workspace", "state", "drill_at"],
        unique=False,
    )
    op.create_table(
        "awaited",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow"],
            ["workflow.workspace", "workflow.key"],
            name=op.f("fk_awaited_workflow"),
        ),
        sa.PrimaryKeyConstraint("workspace", "workflow", "name", name=op.f("pk_awaited")),
    )
    op.create_index(
        op.f("ix_awaited_workspace_due_at"), "awaited", ["workspace", "due_at"], unique=False
    )
    op.create_table(
        "breach",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("is_critical", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("measurement", sa.String(length=40), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=32), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow"],
            ["workflow.workspace", "workflow.key"],
            name=op.f("fk_breach_workflow"),
        ),
        sa.PrimaryKeyConstraint("workspace", "workflow", "number", name=op.f("pk_breach")),
    )
    op.create_index(
        op.f("ix_breach_workspace_state"), "breach", ["workspace", "state"], unique=False
    )
    op.create_table(
        "checkpoint",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["head.workspace"], name=op.f("fk_checkpoint_head")),
        sa.PrimaryKeyConstraint("workspace", "size", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "concern",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("breach", sa.Integer(), nullable=False),
        sa.Column("raised_by", sa.String(length=32), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow"],
            ["workflow.workspace", "workflow.key"],
            name=op.f("fk_concern_workflow"),
        ),
        sa.PrimaryKeyConstraint("workspace", "workflow", "breach", name=op.f("pk_concern")),
    )
    op.create_table(
        "drill",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("was", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("gate_entry", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow"],
            ["workflow.workspace", "workflow.key"],
            name=op.f("fk_drill_workflow"),
        ),
        sa.PrimaryKeyConstraint("workspace", "workflow", "number", name=op.f("pk_drill")),
    )
    op.create_index(
        op.f("ix_drill_workspace_state_started_at"),
        "drill",
        ["workspace", "state", "started_at"],
        unique=False,
    )
    op.create_table(
        "entry",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ts", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["head.workspace"], name=op.f("fk_entry_head")),
        sa.PrimaryKeyConstraint("workspace", "seq", name=op.f("pk_entry")),
        sa.UniqueConstraint("workspace", "id", name=op.f("uq_entry_workspace_id")),
    )
    op.create_index(
        op.f("ix_entry_workspace_subject_kind_seq"),
        "entry",
        ["workspace", "subject", "kind", "seq"],
        unique=False,
    )
    op.create_table(
        "handover",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.String(length=32), nullable=False),
        sa.Column("was_owner", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("backup", sa.String(length=32), nullable=False),
        sa.Column("steward", sa.String(length=32), nullable=False),
        sa.Column("technical_owner", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow"],
            ["workflow.workspace", "workflow.key"],
            name=op.f("fk_handover_workflow"),
        ),
        sa.PrimaryKeyConstraint("workspace", "workflow", "number", name=op.f("pk_handover")),
    )
    op.create_table(
        "measurement",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("breach", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow"],
            ["workflow.workspace", "workflow.key"],
            name=op.f("fk_measurement_workflow"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace", "workflow", "name", "observed_at", name=op.f("pk_measurement")
        ),
    )
    op.create_index(
        op.f("ix_measurement_workspace_workflow_breach"),
        "measurement",
        ["workspace", "workflow", "breach"],
        unique=False,
    )
    op.create_table(
        "obligation",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("owed_by", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("climbs_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("is_critical", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow"],
            ["workflow.workspace", "workflow.key"],
            name=op.f("fk_obligation_workflow"),
        ),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_obligation")),
        sa.UniqueConstraint(
            "workspace",
            "kind",
            "workflow",
            "subject",
            name=op.f("uq_obligation_workspace_kind_workflow_subject"),
        ),
    )
    op.create_index(
        op.f("ix_obligation_workspace_state_climbs_at"),
        "obligation",
        ["workspace", "state", "climbs_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_obligation_workspace_state_kind_due_at"),
        "obligation",
        ["workspace", "state", "kind", "due_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_obligation_workspace_workflow_state"),
        "obligation",
        ["workspace", "workflow", "state"],
        unique=False,
    )
    op.create_table(
        "output",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column(
            "output_id",
            sa.String(length=128).with_variant(sa.String(length=128, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("produced_at", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("confidence", sa.String(length=40), nullable=False),
        sa.Column("band", sa.String(length=8), nullable=False),
        sa.Column("model_version", sa.String(length=128), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow"],
            ["workflow.workspace", "workflow.key"],
            name=op.f("fk_output_workflow"),
        ),
        sa.PrimaryKeyConstraint("workspace", "workflow", "output_id", name=op.f("pk_output")),
    )
    op.create_index(
        op.f("ix_output_workspace_workflow_round_category"),
        "output",
        ["workspace", "workflow", "round", "category"],
        unique=False,
    )
    op.create_table(
        "plant",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "output_id",
            sa.String(length=128).with_variant(sa.String(length=128, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow"],
            ["workflow.workspace", "workflow.key"],
            name=op.f("fk_plant_workflow"),
        ),
        sa.PrimaryKeyConstraint("workspace", "workflow", "number", name=op.f("pk_plant")),
        sa.UniqueConstraint(
            "workspace", "workflow", "output_id", name=op.f("uq_plant_workspace_workflow_output_id")
        ),
    )
    op.create_table(
        "policy",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow"],
            ["workflow.workspace", "workflow.key"],
            name=op.f("fk_policy_workflow"),
        ),
        sa.PrimaryKeyConstraint("workspace", "workflow", "number", name=op.f("pk_policy")),
    )
    op.create_table(
        "request",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("requested_by", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("about", sa.BigInteger(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow"],
            ["workflow.workspace", "workflow.key"],
            name=op.f("fk_request_workflow"),
        ),
        sa.PrimaryKeyConstraint("workspace", "workflow", "number", name=op.f("pk_request")),
    )
    op.create_table(
        "round",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("policy", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("period_end", sa.BigInteger(), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("grade", sa.String(length=24), nullable=True),
        sa.Column("sample", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Integer(), nullable=False),
        sa.Column("tightened_by", sa.Integer(), nullable=False),
        sa.Column("points_to", sa.String(length=80), nullable=False),
        sa.Column("baseline_bp", sa.Integer(), nullable=False),
        sa.Column("cut_from", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow"],
            ["workflow.workspace", "workflow.key"],
            name=op.f("fk_round_workflow"),
        ),
        sa.PrimaryKeyConstraint("workspace", "workflow", "number", name=op.f("pk_round")),
    )
    op.create_index(
        op.f("ix_round_workspace_state_period_end"),
        "round",
        ["workspace", "state", "period_end"],
        unique=False,
    )
    op.create_table(
        "series",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("policy", sa.Integer(), nullable=False),
        sa.Column("limit_bp", sa.Integer(), nullable=False),
        sa.Column("strands", sa.Text(), nullable=False),
        sa.Column("drift", sa.Text(), nullable=False),
        sa.Column("doubt", sa.Text(), nullable=False),
        sa.Column("baseline_rounds", sa.Integer(), nullable=False),
        sa.Column("baseline_judged", sa.Integer(), nullable=False),
        sa.Column("baseline_wrong", sa.BigInteger(), nullable=False),
        sa.Column("baseline_bp", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=True),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("breach", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow"],
            ["workflow.workspace", "workflow.key"],
            name=op.f("fk_series_workflow"),
        ),
        sa.PrimaryKeyConstraint("workspace", "workflow", name=op.f("pk_series")),
    )
    op.create_table(
        "token",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow"],
            ["workflow.workspace", "workflow.key"],
            name=op.f("fk_token_workflow"),
        ),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_token_hash")),
    )
    op.create_table(
        "witness",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["head.workspace"], name=op.f("fk_witness_head")),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_witness")),
    )
    op.create_table(
        "drawn",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("look", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("output_id", sa.String(length=128), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.Column("why", sa.String(length=16), nullable=True),
        sa.Column("severity", sa.String(length=16), nullable=True),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("is_verdict", sa.Boolean(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("planted", sa.Boolean(), nullable=False),
        sa.Column("trigger", sa.String(length=16), nullable=False),
        sa.Column("copy_of", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow", "round"],
            ["round.workspace", "round.workflow", "round.number"],
            name=op.f("fk_drawn_round"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace", "workflow", "round", "look", "position", name=op.f("pk_drawn")
        ),
        sa.UniqueConstraint(
            "workspace",
            "workflow",
            "round",
            "look",
            "output_id",
            name=op.f("uq_drawn_workspace_workflow_round_look_output_id"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opening",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "seq"], ["entry.workspace", "entry.seq"], name=op.f("fk_opening_entry")
        ),
        sa.PrimaryKeyConstraint("workspace", "seq", "field", name=op.f("pk_opening")),
    )
    op.create_table(
        "handed_in",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("took", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow", "round"],
            ["round.workspace", "round.workflow", "round.number"],
            name=op.f("fk_handed_in_round"),
        ),
        sa.PrimaryKeyConstraint("workspace", "workflow", "round", "by", name=op.f("pk_handed_in")),
    )
    op.create_index(
        op.f("ix_handed_in_workspace_by_last_at"), "handed_in", ["workspace", "by", "last_at"]
    )
    op.create_index(
        op.f("ix_handed_in_workspace_last_at_workflow_by_answers"),
        "handed_in",
        ["workspace", "last_at", "workflow", "by", "answers"],
    )
    op.create_table(
        "settlement",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("output_id", sa.String(length=128), nullable=False),
        sa.Column("stands", sa.String(length=8), nullable=False),
        sa.Column("settled_by", sa.String(length=32), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow", "round"],
            ["round.workspace", "round.workflow", "round.number"],
            name=op.f("fk_settlement_round"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace", "workflow", "round", "output_id", name=op.f("pk_settlement")
        ),
    )
    op.create_table(
        "share",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow", "round"],
            ["round.workspace", "round.workflow", "round.number"],
            name=op.f("fk_share_round"),
        ),
        sa.PrimaryKeyConstraint("workspace", "workflow", "number", name=op.f("pk_share")),
    )
    op.create_index(
        op.f("ix_share_workspace_reviewer_state"),
        "share",
        ["workspace", "reviewer", "state"],
        unique=False,
    )
    op.create_table(
        "skip",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("workflow", sa.String(length=63), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("look", sa.String(length=8), nullable=False),
        sa.Column("output_id", sa.String(length=128), nullable=False),
        sa.Column("skipped_by", sa.String(length=32), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "workflow", "round"],
            ["round.workspace", "round.workflow", "round.number"],
            name=op.f("fk_skip_round"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace",
            "workflow",
            "round",
            "look",
            "output_id",
            "skipped_by",
            name=op.f("pk_skip"),
        ),
    )
