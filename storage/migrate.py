"""Migrations, without a configuration file: for the command line and for starting up, never on the event loop.

Every function takes the same URL as `Database` and opens a connection of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from storage.engines import begin_to_write, database_url
from storage.faults import as_storage_errors
from storage.schema_check import differences
from storage.version import recorded_version

_MIGRATIONS: Final = Path(__file__).with_name("migrations")


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to a version, all or nothing; makes SQLite's file. Two at once wait for each other."""
    with _connected(url, make=True) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str) -> None:
    """Go back to a version (`base`: nothing is left), all or nothing."""
    with _connected(url) as connection:
        command.downgrade(_config(connection), revision)


def current(url: str) -> str | None:
    """The database's version; None where it was never migrated, or where SQLite's file is missing."""
    parsed = database_url(url)
    if parsed.drivername == "sqlite" and not Path(parsed.database or "").is_file():
        return None
    with _connected(url) as connection:
        return recorded_version(connection)


def check(url: str) -> list[str]:
    """How the database differs from the code, a sentence each; empty when it does not. Leaves nothing behind.

    Tables, columns, constraints, indexes with their conditions, triggers and functions are compared.
    """
    with _connected(url) as connection:
        return differences(connection)


@contextmanager
def _connected(url: str, *, make: bool = False) -> Iterator[Connection]:
    parsed = database_url(url)
    if parsed.drivername == "sqlite":
        if make:
            Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, poolclass=NullPool, hide_parameters=True)
        begin_to_write(engine)
    else:
        target = parsed.set(drivername="postgresql+psycopg")
        engine = create_engine(target, poolclass=NullPool, hide_parameters=True, connect_args={"connect_timeout": 5})
    with as_storage_errors(), engine.connect() as connection, connection.begin():
        yield connection


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
