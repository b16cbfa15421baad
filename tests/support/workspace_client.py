"""A local workspace for tests, and members who act in it as the page does: through `/ui` alone (docs/workspace.md).

    async with running_workspace(config=config, clock=clock, ids=RandomIds()) as desk:   # starts on a free port
        heidi = desk.member("U0HELPDSK1")
        await heidi.send("C0GENERAL1", "/upgrade-options Contoso GmbH")
        card = await heidi.wait_for_message("C0GENERAL1", containing="Contoso GmbH")
        await heidi.press(card, "Business Standard")
        modal = await heidi.wait_for_modal(title="Confirm the upgrade")
        outcome = await heidi.submit({"Ticket or reason": "4711"})
        await heidi.wait_for_message(heidi.direct, containing="Completed")

The app under test connects to `desk.api_url` (`SLACK_API_URL`) with the config's tokens. `desk.server` is for what only
the process can do (`desk.server.workspace.socket.disconnect("refresh_requested")`, stopping and starting again).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from bot.domain.clock import Clock
from bot.domain.ids import Ids
from bot.workspace.app import create_workspace
from bot.workspace.config import WorkspaceConfig
from bot.workspace.controls import Controls
from bot.workspace.server import WorkspaceServer
from bot.workspace.store import MemoryStore, WorkspaceStore
from tests.support.workspace_person import PATIENCE, Http, Person, UiError, wait_for

__all__ = ["Person", "RunningWorkspace", "UiError", "running_workspace", "wait_for"]


class RunningWorkspace(Http):
    """A workspace that listens. `url` and `api_url` are its addresses, `server` is what runs it."""

    def __init__(self, server: WorkspaceServer, web: aiohttp.ClientSession) -> None:
        super().__init__(server.address, web)
        self.server = server
        self.api_url = f"{server.address}/api/"

    def member(self, member_id: str) -> Person:
        """Be this member."""
        return Person(self, member_id, direct=self.server.workspace.places.direct_id(member_id))

    async def wait_connected(self, within: float = PATIENCE) -> None:
        """Wait until the app is connected."""

        async def look() -> bool:
            return bool((await self.get("boot"))["app"]["connected"])

        await wait_for(look, within=within, wanted="the app to connect")

    async def advance(self, seconds: float) -> None:
        """Move the demo's clocks."""
        await self.post("clock", advance_seconds=seconds)

    async def fail_next_order(self, kind: str) -> None:
        """Make the next order fail."""
        await self.post("orders", kind=kind)


@asynccontextmanager
async def running_workspace(
    *,
    config: WorkspaceConfig,
    clock: Clock,
    ids: Ids,
    store: WorkspaceStore | None = None,
    controls: Controls | None = None,
    port: int = 0,
) -> AsyncIterator[RunningWorkspace]:
    """A workspace on a free port, in the running loop, stopped at the end. No proxy is asked."""
    app = create_workspace(config=config, clock=clock, ids=ids, store=store or MemoryStore(), controls=controls)
    async with WorkspaceServer(app, port=port) as server, aiohttp.ClientSession(trust_env=False) as web:
        yield RunningWorkspace(server, web)
