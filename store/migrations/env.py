"""How alembic reaches the database: through the connection it is handed, in its transaction."""

from alembic import context

from store.tables import metadata


def run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        transaction_per_migration=False,
    )
    context.run_migrations()


run()
