from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.workspace.config import WorkspaceConfig
from bot.workspace.sample import AUDIT, GENERAL, PEOPLE
from bot.workspace.store import FileStore
from tests.browser.conftest import BOT_TOKEN, OpenPage
from tests.support.browser import visitor
from tests.support.workspace_client import RunningWorkspace, running_workspace

pytestmark = pytest.mark.browser
NOAH = PEOPLE["none"]


async def test_nothing_is_lost_when_the_workspace_goes_and_comes_back(
    chrome: Browser, config: WorkspaceConfig, clock: ShiftedClock, tmp_path: Path
) -> None:
    """What came, changed and went in between is read again."""

    def running(port: int = 0) -> AbstractAsyncContextManager[RunningWorkspace]:
        store = FileStore(tmp_path / "workspace.sqlite3")
        return running_workspace(config=config, clock=clock, ids=RandomIds(), store=store, port=port)

    async with AsyncExitStack() as stack:
        async with running() as desk:
            app = AsyncWebClient(token=BOT_TOKEN, base_url=desk.api_url)
            page = await stack.enter_async_context(visitor(chrome, address=desk.url))
            await page.open(member=NOAH, channel=GENERAL)
            kept = await app.chat_postMessage(channel=GENERAL, text="kept")
            gone = await app.chat_postMessage(channel=GENERAL, text="going")
            await page.wait_for("going")
            await page.page.route("**/ui/stream?**", lambda route: route.abort())
        await expect(page.page.get_by_text("Connection lost")).to_be_visible()
        async with running(desk.server.port):
            await app.chat_postMessage(channel=GENERAL, text="in between")
            await app.chat_update(channel=GENERAL, ts=kept["ts"], text="kept, changed")
            await app.chat_delete(channel=GENERAL, ts=gone["ts"])
            await app.chat_postMessage(channel=AUDIT, text="elsewhere")
            await page.page.unroute("**/ui/stream?**")
            await page.wait_for("in between")
            await page.wait_for("kept, changed")
            await expect(page.log.get_by_text("going")).to_have_count(0)
            await expect(page.page.get_by_role("button", name="audit 1 unread message")).to_be_visible()
            await expect(page.page.get_by_text("Connection lost")).to_have_count(0)
            await app.chat_postMessage(channel=GENERAL, text="and on")
            await page.wait_for("and on")
            page.complaints.clear()


async def test_what_is_written_while_the_workspace_is_away_is_not_lost(
    app: AsyncWebClient, open_page: OpenPage
) -> None:
    page = await open_page(member=NOAH)
    await page.page.route("**/ui/send", lambda route: route.abort())
    await page.say("important words")
    await expect(page.page.get_by_role("alert").get_by_text("The workspace does not answer")).to_be_visible()
    await expect(page.page.get_by_role("textbox", name="Message #general")).to_have_value("important words")
    page.complaints.clear()


async def test_messages_arrive_in_order_and_once_under_a_storm(app: AsyncWebClient, open_page: OpenPage) -> None:
    """Some come while the page is still reading: they are neither lost nor doubled."""
    page = await open_page(member=NOAH)
    for number in range(60):
        await app.chat_postMessage(channel=GENERAL, text=f"number {number:02d}.")
        if number == 30:
            await page.page.reload(wait_until="commit")
    await page.wait_for("number 59.")
    texts = await page.log.get_by_role("article").locator(".text").all_inner_texts()
    assert texts == [f"number {number:02d}." for number in range(60)]


async def test_the_page_says_when_the_app_is_not_connected(desk: RunningWorkspace, open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    await expect(page.page.get_by_role("banner").get_by_role("status")).to_have_text("Sampler is not connected")
