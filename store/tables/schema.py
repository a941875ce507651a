"""The one schema all tables are in, and what they have in common."""

from sqlalchemy import Column, ForeignKeyConstraint, MetaData, String

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def workspace() -> Column[str]:
    return Column("workspace", String(32), primary_key=True)


def belongs_to_workflow() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["workspace", "workflow"], ["workflow.workspace", "workflow.key"])
