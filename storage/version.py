"""The version of the schema that this code works with, and the one that a database says it has."""

from typing import Final

from sqlalchemy import Connection, inspect, text

from storage.errors import SchemaMismatch

HEAD: Final = "0009"
VERSION_TABLE: Final = "alembic_version"


def recorded_version(connection: Connection) -> str | None:
    """The database's version; None where it was never migrated."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return None if row is None else str(row[0])


def require_head(connection: Connection) -> None:
    """Raise SchemaMismatch, saying what to run, unless the database is at this code's version."""
    if (found := recorded_version(connection)) != HEAD:
        was = "was never migrated" if found is None else f"is at version {found}"
        raise SchemaMismatch(f"the database {was}, this code needs version {HEAD}: run `upgrade-desk migrate`")
