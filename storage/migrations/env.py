"""Alembic's entry: runs inside the transaction that `storage.migrate` opened, one migration at a time."""

from alembic import context
from sqlalchemy import Connection, text

from storage.tables import metadata

_LOCK = 0x55_50_47_44  # an advisory lock of our own: two processes that start at once migrate one after the other


def run(connection: Connection) -> None:
    """Run what `storage.migrate` asked for."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    # No batch mode: it makes SQLite's tables anew and drops their triggers without a word.
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True, render_as_batch=False)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
