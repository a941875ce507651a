"""Since when a message waits, however often it was tried: what does not get out is seen by it.

Of what waits already that is not known: it is taken as put when it could be sent, or tried, last.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("put_at", sa.BigInteger()))
    op.execute("UPDATE outbox SET put_at = available_at WHERE state NOT IN ('sent', 'failed')")
