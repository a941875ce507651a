"""The guards of the record.

They stand in a revision of their own because 0001 is made from the tables, which cannot say them.
"""

from alembic import op

from store.guards import make_lost_guards

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_lost_guards(op.get_bind())
