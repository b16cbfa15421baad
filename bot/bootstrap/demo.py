"""The demo: local workspace, eligibility service with a sample book, and the bot, in one process.

The bot meets the workspace as it meets Slack, by Socket Mode and with nothing but SLACK_API_URL changed.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from bot.bootstrap.application import Application, bootstrap
from bot.bootstrap.demo_files import DemoFolder, DemoKeys
from bot.bootstrap.demo_graph import GRANTED, DemoGraph, serving_graph
from bot.bootstrap.embedded import open_book, serving_book
from bot.bootstrap.manifest import MANIFEST
from bot.bootstrap.parts import read_catalogue
from bot.bootstrap.tuning import Tuning
from bot.desk.roles import grant_role
from bot.domain.clock import ShiftedClock
from bot.domain.ids import Ids, RandomIds
from bot.domain.people import Actor
from bot.eligibility.importing import import_book
from bot.eligibility.service.faults import Faults
from bot.settings import Settings
from bot.web.server import bind, port_taken
from bot.workspace.app import create_workspace
from bot.workspace.manifest import load_manifest
from bot.workspace.sample import APPROVALS, AUDIT, PEOPLE, TEAM, sample_config
from bot.workspace.server import HOST, WorkspaceServer
from bot.workspace.store import FileStore
from storage import migrate
from storage.book.book import Book

GRANTED_BY: Final = "demo"
_ORDER_FAULTS: Final = ("throttled", "error", "cut", "accepted", "conflict")
_DRAIN: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A running demo. `address` is the page's."""

    address: str
    app: Application
    faults: Faults
    clock: ShiftedClock


class _Controls:
    """The page's levers on the world around the workspace."""

    def __init__(self, *, clock: ShiftedClock, faults: Faults, folder: DemoFolder) -> None:
        self._clock, self._faults, self._folder = clock, faults, folder
        self.app: Application | None = None

    async def advance(self, by: timedelta) -> None:
        self._clock.advance(by)
        await asyncio.to_thread(self._folder.keep_shift, self._clock.shift)
        if self.app is not None:
            self.app.worker.wake()

    def fail_next_order(self, kind: str) -> None:
        # An order whose answer is cut was carried out: that is what makes its outcome unclear.
        self._faults.arm_next_order(kind, acts=True if kind == "cut" else None, seconds=5.0)

    def kinds(self) -> Sequence[str]:
        return _ORDER_FAULTS


@contextlib.asynccontextmanager
async def running_demo(*, port: int, folder: DemoFolder, ids: Ids | None = None) -> AsyncIterator[Demo]:
    """Start everything, from the workspace to the bot; leaving the context stops it in the other order.

    Raises PortTaken and SettingsError, both with sentences.
    """
    ids = ids or RandomIds()
    await asyncio.to_thread(folder.make)
    keys, shift = await asyncio.to_thread(lambda: (folder.keys(), folder.shift()))
    clock, faults = ShiftedClock(shift), Faults()
    controls = _Controls(clock=clock, faults=faults, folder=folder)
    manifest = await asyncio.to_thread(load_manifest, MANIFEST)
    config = sample_config(manifest=manifest, bot_token=keys.bot_token, app_token=keys.app_token)
    workspace = create_workspace(
        config=config,
        clock=clock,
        ids=ids,
        store=FileStore(folder.file("workspace.sqlite3")),
        controls=controls,
    )
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(_listening(WorkspaceServer(workspace, port=port), port=port))
        graph = await stack.enter_async_context(serving_graph(config))
        settings = _settings(keys=keys, folder=folder, slack=server.address, graph=graph)
        first = await asyncio.to_thread(migrate.current, settings.database_url) is None
        await asyncio.to_thread(migrate.upgrade, settings.database_url)
        book = await stack.enter_async_context(open_book(settings))
        await _fill(book, settings=settings, clock=clock, marker=folder.file("book-imported"))
        address = await stack.enter_async_context(
            serving_book(
                settings,
                book=book,
                token=keys.service_token,
                clock=clock,
                ids=ids,
                on=bind(host="127.0.0.1", port=0),
                faults=faults,
            )
        )
        app = await stack.enter_async_context(
            bootstrap(
                settings.model_copy(update={"eligibility_url": address}),
                clock=clock,
                ids=ids,
                service_is_embedded=True,
                drain=_DRAIN,
                # Whoever switches their language on the page is answered in it by the time they have typed a command.
                tuning=Tuning(people_seconds=1.0),
                graph_sign_in=graph.sign_in,
            )
        )
        if first:
            await _grant(app)
        await stack.enter_async_context(app.worker.running())
        await stack.enter_async_context(app.receiving())
        controls.app = app
        yield Demo(address=server.address, app=app, faults=faults, clock=clock)


@contextlib.asynccontextmanager
async def _listening(server: WorkspaceServer, *, port: int) -> AsyncIterator[WorkspaceServer]:
    try:
        await server.start()
    except OSError as error:
        raise port_taken(host=HOST, port=port) from error
    try:
        yield server
    finally:
        await server.stop()


def _settings(*, keys: DemoKeys, folder: DemoFolder, slack: str, graph: DemoGraph) -> Settings:
    return Settings.load(
        slack_api_url=f"{slack}/api",
        slack_bot_token=keys.bot_token,
        slack_app_token=keys.app_token,
        slack_signing_secret=None,
        database_url=f"sqlite:///{folder.file('desk.sqlite3')}",
        eligibility_database_url=f"sqlite:///{folder.file('book.sqlite3')}",
        eligibility_token=keys.service_token,
        audit_key=keys.audit_key,
        audit_channel=AUDIT,
        approvals_channel=APPROVALS,
        **graph.settings,
    )


async def _fill(book: Book, *, settings: Settings, clock: ShiftedClock, marker: Path) -> None:
    """Import the sample book on the first start; what was ordered since then stays."""
    if await asyncio.to_thread(marker.exists):
        return
    with as_file(files("bot.eligibility") / "sample_book.json") as file:
        await import_book(file=file, book=book, catalogue=read_catalogue(settings), clock=clock)
    await asyncio.to_thread(marker.touch)


async def _grant(app: Application) -> None:
    """Roles for those who have theirs neither from Microsoft nor from a user group."""
    for role in GRANTED:
        actor = Actor(team_id=TEAM.id, user_id=PEOPLE[role])
        await grant_role(app.desk.database, actor=actor, role=role, by=GRANTED_BY)
