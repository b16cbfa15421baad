"""Where a workspace keeps what must survive a restart: records of JSON by kind and key."""

import asyncio
import json
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import structlog

Records = dict[str, dict[str, Any]]
_log = structlog.get_logger(__name__)


class WorkspaceStore(Protocol):
    """Keeps records. `put` returns at once; what it was given is on disk after `flush`."""

    async def load(self) -> Records:
        """Everything, by kind and key, in the order in which the keys first came."""

    def put(self, kind: str, key: str, body: Any) -> None:
        """Keep this body; None forgets the record."""

    async def flush(self) -> None:
        """Wait until everything is kept. Raises what went wrong in keeping it."""

    async def aclose(self) -> None:
        """Flush and let go."""


class MemoryStore:
    """Keeps nothing beyond the process; for tests."""

    async def load(self) -> Records:
        """Nothing."""
        return {}

    def put(self, kind: str, key: str, body: Any) -> None:
        """Nothing happens."""

    async def flush(self) -> None:
        """Nothing happens."""

    async def aclose(self) -> None:
        """Nothing happens."""


class FileStore:
    """One SQLite file, written behind by one thread, so that the event loop never waits for the disk.

    Writes are gathered while the thread is busy and go in one transaction; the last body of a record wins.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="workspace-store")
        self._waiting: dict[tuple[str, str], str | None] = {}
        self._writer: asyncio.Task[None] | None = None
        self._database: sqlite3.Connection | None = None

    async def load(self) -> Records:
        """Everything that the file holds; makes the file if there is none."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._load)

    def _load(self) -> Records:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(self._path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS records "
            "(number INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, "
            "UNIQUE (kind, key))",
        )
        records: Records = {}
        for kind, key, body in self._database.execute("SELECT kind, key, body FROM records ORDER BY number"):
            records.setdefault(kind, {})[key] = json.loads(body)
        return records

    def put(self, kind: str, key: str, body: Any) -> None:
        """Keep this body, soon. The body is copied now."""
        self._waiting[kind, key] = None if body is None else json.dumps(body, ensure_ascii=False)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.get_running_loop().create_task(self._write_all())

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, {}
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._write, list(batch.items()))
            except sqlite3.Error:
                _log.exception("workspace_store_failed", records=len(batch))
                self._waiting = {**batch, **self._waiting}
                return

    def _write(self, batch: Sequence[tuple[tuple[str, str], str | None]]) -> None:
        if self._database is None:
            raise sqlite3.ProgrammingError("load() comes before put()")
        self._database.execute("BEGIN IMMEDIATE")
        try:
            for (kind, key), body in batch:
                if body is None:
                    self._database.execute("DELETE FROM records WHERE kind = ? AND key = ?", (kind, key))
                else:
                    self._database.execute(
                        "INSERT INTO records (kind, key, body) VALUES (?, ?, ?) "
                        "ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
                        (kind, key, body),
                    )
            self._database.execute("COMMIT")
        except sqlite3.Error:
            self._database.execute("ROLLBACK")
            raise

    async def flush(self) -> None:
        """Wait for the thread; what it could not write is tried once more, and its error raised."""
        if self._writer is not None:
            await self._writer
        if self._waiting:
            batch, self._waiting = self._waiting, {}
            await asyncio.get_running_loop().run_in_executor(self._thread, self._write, list(batch.items()))

    async def aclose(self) -> None:
        """Flush, close the file, end the thread."""
        try:
            await self.flush()
        finally:
            if self._database is not None:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._database.close)
            self._thread.shutdown()
