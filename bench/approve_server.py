"""The bot as bench.approve asks it, no worker in it: `python -m bench.approve_server PORT FILE`.

It notes in FILE what its second decision says to the database, statement by statement with the values.
"""

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
import uvloop
from sqlalchemy import event

from bot.bootstrap import logs
from bot.bootstrap.application import bootstrap
from bot.settings import Settings
from bot.web.server import bind, serving
from storage.database import Database

Words = list[tuple[str, dict[str, Any]]]


class Said:
    """What a database is told. `decisions`: for each, what its task said; a value that is a text is in a list."""

    def __init__(self, database: Database) -> None:
        self.decisions: list[Words] = []
        self._tasks: WeakKeyDictionary[asyncio.Task[Any], Words] = WeakKeyDictionary()
        self._began: dict[int, Words] = {}
        engine = database._open_engines.writer.sync_engine  # noqa: SLF001 - statements are seen nowhere else
        event.listen(engine, "begin", self._begins)
        event.listen(engine, "before_cursor_execute", self._says)
        event.listen(engine, "commit", self._commits)
        event.listen(engine, "rollback", self._rolls_back)

    def _begins(self, connection: Any) -> None:
        level = connection.get_execution_options().get("isolation_level", "")
        task = asyncio.current_task()
        assert task is not None
        said = self._began[id(connection)] = self._tasks.setdefault(task, [])
        said.append(
            ("" if level == "AUTOCOMMIT" else f"BEGIN ISOLATION LEVEL {level} READ ONLY" if level else "BEGIN", {})
        )

    def _says(self, connection: Any, _cursor: Any, text: str, values: Any, *_: Any) -> None:
        known = values if isinstance(values, dict) else {}  # many rows at once: no part of a decision
        self._began[id(connection)].append((text, {name: _plain(value) for name, value in known.items()}))

    def _commits(self, connection: Any) -> None:
        said = self._began.pop(id(connection))
        said.append(("COMMIT", {}))
        if any(text.startswith("INSERT INTO decisions") for text, _ in said):
            self.decisions.append(said)

    def _rolls_back(self, connection: Any) -> None:
        said = self._began.pop(id(connection), None)
        frames = [text for text, _ in said or [] if text.startswith(("BEGIN", "COMMIT", "ROLLBACK"))]
        if said is not None and frames and frames[-1].startswith("BEGIN"):
            said.append(("ROLLBACK", {}))


def _plain(value: Any) -> Any:
    """SQL as it stands, or a list of one text."""
    if isinstance(value, psycopg.Binary):
        value = value.obj
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea"
    if isinstance(value, datetime | str):
        return [value if isinstance(value, str) else value.isoformat()]
    return "NULL" if value is None else str(value).lower()


async def serve(port: int, file: Path) -> None:
    """Serve until stopped."""
    async with (
        bootstrap(Settings.load(), service_is_embedded=True) as app,
        serving(app.web({}), on=bind(host="127.0.0.1", port=port)),
    ):
        said = Said(app.desk.database)
        while len(said.decisions) < 2:  # noqa: ASYNC110 - the first one fills caches
            await asyncio.sleep(0.05)
        file.write_text(json.dumps(said.decisions[1]))  # noqa: ASYNC240 - once, before measuring begins
        event_free(app.desk.database)
        await asyncio.Event().wait()


def event_free(database: Database) -> None:
    """Take the listeners off again: they are not the product's."""
    dispatch: Any = database._open_engines.writer.sync_engine.dispatch  # noqa: SLF001
    for name in ("begin", "before_cursor_execute", "commit", "rollback"):
        getattr(dispatch, name).clear()


if __name__ == "__main__":
    logs.configure(level="WARNING", form="console")
    uvloop.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
