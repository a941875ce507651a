"""The index by which it is found whether a request was shown before.

Some databases have it under revision 0002 already: for a day their first tables were made with it.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_outbox_workspace_obligation_state"),
        "outbox",
        ["workspace", "obligation", "state"],
        unique=False,
        if_not_exists=True,
    )
