"""Chromium for tests: a visitor who opens the workspace's page as a member and works with what can be seen there.

Everything is found by role and name, as a person or a screen reader finds it. Whatever the page complains about on the
way (script errors, refused content, a request to another host) fails the test at the end.
"""

import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    async_playwright,
    expect,
)

NO_BROWSER = (
    "the browser tests need Chromium: install the package `chromium` (or Google Chrome), "
    "or set CHROMIUM to the path of a browser's executable"
)
PATIENCE_MS = 10_000
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The path of a browser: `CHROMIUM`, else the first known name on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A running browser. Without one the test is skipped with the way to get one; in CI it fails."""
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


class Visitor:
    """One browser window on the page. Names are the visible ones, in whatever language the member reads."""

    def __init__(self, page: Page, *, address: str) -> None:
        self.page = page
        self.address = address.rstrip("/")
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("console", self._hear)
        page.on("request", self._watch)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _watch(self, request: Request) -> None:
        if (
            not request.url.startswith(("data:", "blob:"))
            and urlsplit(request.url).netloc != urlsplit(self.address).netloc
        ):
            self.complaints.append(f"request to another host: {request.url}")

    async def open(
        self,
        *,
        member: str | None = None,
        channel: str | None = None,
        thread: str | None = None,
        tab: str | None = None,
    ) -> Self:
        """Open the page at a place (ids) and wait until it is read and connected."""
        place = {"m": member, "c": channel, "t": thread, "tab": tab}
        await self.page.goto(f"{self.address}/#{urlencode({key: value for key, value in place.items() if value})}")
        return await self.settled()

    async def settled(self) -> Self:
        """Wait until the page has read what it shows and hears the stream."""
        await expect(self.page.locator("html")).to_have_attribute("data-ready", "true", timeout=PATIENCE_MS)
        return self

    @property
    def log(self) -> Locator:
        """The messages of the channel (or of the app)."""
        return self.page.get_by_role("main").get_by_role("log")

    @property
    def thread(self) -> Locator:
        """The panel of the thread."""
        return self.page.get_by_role("complementary")

    @property
    def modal(self) -> Locator:
        """The dialog on top."""
        return self.page.get_by_role("dialog").last

    def message(self, text: str) -> Locator:
        """The newest message of the conversation in which this text stands."""
        return self.log.get_by_role("article").filter(has_text=text).last

    async def become(self, name: str) -> None:
        """Be another member, by the name in the list at the top."""
        await self.page.get_by_role("banner").locator("button[aria-haspopup=listbox]").click()
        await self.page.get_by_role("banner").get_by_role("option", name=name).click()
        await expect(self.page.get_by_role("banner").locator("button[aria-haspopup=listbox]")).to_contain_text(name)
        await self.settled()

    async def speak(self, language: str) -> None:
        """Read in "English" or "Deutsch"."""
        await self.page.get_by_text(language, exact=True).click()
        await expect(self.page.locator("html")).to_have_attribute("lang", "de" if language == "Deutsch" else "en")
        await self.settled()

    async def visit(self, name: str) -> None:
        """Go to a channel or to the app, by its name in the sidebar."""
        await self.page.get_by_role("navigation").get_by_role("button", name=name).click()
        await expect(self.page.get_by_role("main").get_by_role("heading", level=2)).to_contain_text(name)
        await self.settled()

    async def say(self, text: str) -> None:
        """Type into the box and press Enter: text or a command."""
        box = self.page.get_by_role("main").get_by_role("textbox").last
        await box.fill(text)
        await box.press("Enter")

    async def wait_for(self, text: str, *, within: Locator | None = None) -> Locator:
        """Wait until this text is to be seen in the conversation (or elsewhere); the newest place."""
        found = (within or self.log).get_by_text(text).last
        await expect(found).to_be_visible(timeout=PATIENCE_MS)
        return found

    async def press(self, name: str, *, within: Locator | None = None, exact: bool = True) -> None:
        """Press a button by its name: in the dialog if there is one, else the newest in the log, or `within`."""
        place = within or (self.modal if await self.page.get_by_role("dialog").count() else self.log)
        await place.get_by_role("button", name=name, exact=exact).last.click()

    async def choose(self, menu: str, option: str, *, within: Locator | None = None) -> None:
        """Choose from a menu by its name; what is typed is the option, so that menus of the app answer too."""
        place = within or (self.modal if await self.page.get_by_role("dialog").count() else self.log)
        field = place.get_by_role("combobox", name=menu).last
        await field.click()
        await field.fill(option)
        await place.get_by_role("option", name=option).first.click()

    async def fill(self, label: str, text: str) -> None:
        """Fill a field of the dialog by its label."""
        await self.modal.get_by_label(label).fill(text)

    async def modal_opens(self, title: str) -> Locator:
        """Wait for a dialog of this title."""
        await expect(self.page.get_by_role("dialog", name=title)).to_be_visible(timeout=PATIENCE_MS)
        return self.modal

    async def modal_closes(self) -> None:
        """Wait until no dialog is left."""
        await expect(self.page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE_MS)

    async def focused(self) -> dict[str, Any]:
        """What has the focus: its tag, id, class and what it says."""
        found: dict[str, Any] = await self.page.evaluate(
            """() => {
              const { tagName, id, className, textContent } = document.activeElement;
              return { tag: tagName, id, class: className, text: textContent.trim().slice(0, 80) };
            }"""
        )
        return found

    async def accessible(self) -> Sequence[dict[str, Any]]:
        """Every node of the accessibility tree that Chromium computes: role, name, and whether it takes the focus."""
        session = await self.page.context.new_cdp_session(self.page)
        nodes = (await session.send("Accessibility.getFullAXTree"))["nodes"]
        await session.detach()
        return [
            {
                "role": node.get("role", {}).get("value"),
                "name": node.get("name", {}).get("value", ""),
                "focusable": any(
                    one["name"] == "focusable" and one["value"].get("value") for one in node.get("properties", ())
                ),
            }
            for node in nodes
            if not node.get("ignored")
        ]


@asynccontextmanager
async def visitor(browser: Browser, *, address: str, **context: Any) -> AsyncIterator[Visitor]:
    """A visitor in a window of their own. `context`: Playwright's (color_scheme, viewport, timezone_id, ...)."""
    window: BrowserContext = await browser.new_context(**{"timezone_id": "Europe/Berlin", **context})
    try:
        found = Visitor(await window.new_page(), address=address)
        yield found
        assert not found.complaints, found.complaints
    finally:
        await window.close()
