"""Work that outlives an acknowledgement is owned, watched and drained; answers are posted once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from handlers.answers import ByResponseUrl, ResponseUrlRefused
from handlers.blocks.sheet import Message
from handlers.runtime import Runtime
from tests.handlers.samples import catalogues
from tests.support.counting_ids import CountingIds

MESSAGE = Message(text="t", blocks=())


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield session


@pytest.fixture
def runtime(http: aiohttp.ClientSession) -> Runtime:
    return Runtime(catalogues=catalogues(), language="de-DE", http=http, ids=CountingIds())


async def test_what_fails_in_spawned_work_is_logged_with_its_name(runtime: Runtime) -> None:
    """No task's error is lost."""

    async def work() -> None:
        raise ValueError("x")

    with capture_logs() as logs:
        runtime.spawn(work(), name="failing")
        assert runtime.busy == 1
        assert await runtime.drain(timeout=1) == 0
        await asyncio.sleep(0)
    assert [each["event"] for each in logs] == ["spawned_work_failed"]
    assert logs[0]["task"] == "failing"
    assert runtime.busy == 0


async def test_draining_waits_and_then_cancels(runtime: Runtime) -> None:
    """What is begun is finished, also what it spawns; what hangs is counted."""
    done: list[str] = []

    async def second() -> None:
        await asyncio.sleep(0.01)
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0.01)
        runtime.spawn(second(), name="second")
        done.append("first")

    runtime.spawn(first(), name="first")
    assert await runtime.drain(timeout=2) == 0
    assert done == ["first", "second"]
    runtime.spawn(asyncio.Event().wait(), name="hangs")  # type: ignore[arg-type]
    assert await runtime.drain(timeout=0.05) == 1
    assert runtime.busy == 0


def test_channels_read_the_configured_language(runtime: Runtime) -> None:
    """`LANGUAGE`."""
    assert runtime.channel_texts.language == "de"


@asynccontextmanager
async def hook(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/hook", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        await runner.cleanup()


async def test_an_answer_is_ephemeral_has_its_text_and_says_whether_it_replaces(http: aiohttp.ClientSession) -> None:
    """Bolt's own respond would send an empty text."""
    seen: list[dict[str, Any]] = []

    async def take(request: web.Request) -> web.Response:
        seen.append(await request.json())
        return web.Response(text="ok")

    async with hook(take) as address:
        await ByResponseUrl(http, address).message(MESSAGE, replace=True)
    assert seen == [{"text": "t", "blocks": [], "response_type": "ephemeral", "replace_original": True}]


async def test_a_refused_answer_raises_and_is_not_repeated(http: aiohttp.ClientSession) -> None:
    """A response_url takes five messages in thirty minutes; none is wasted."""
    count = 0

    async def refuse(_request: web.Request) -> web.Response:
        nonlocal count
        count += 1
        return web.Response(status=404, text="expired_url")

    async with hook(refuse) as address:
        with pytest.raises(ResponseUrlRefused):
            await ByResponseUrl(http, address).message(MESSAGE, replace=False)
    assert count == 1


async def test_without_a_connection_it_is_tried_once_more(http: aiohttp.ClientSession) -> None:
    """And then the log is told."""
    with capture_logs() as logs, pytest.raises(aiohttp.ClientConnectorError):
        await ByResponseUrl(http, "http://127.0.0.1:9/hook").message(MESSAGE, replace=False)
    assert [each["event"] for each in logs] == ["response_url_unreachable_once"]
