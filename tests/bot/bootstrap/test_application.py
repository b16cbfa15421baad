"""Wiring: what is asked at the start, and what is made of the answers."""

from pathlib import Path

import aiohttp
from aiohttp import web

from bot.bootstrap.application import SERVICE_TITLE, is_embedded
from bot.domain.catalogue import load_default
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from bot.eligibility.service.app import create_service
from bot.web.server import bind, serving
from storage.book.book import Book


async def test_our_own_service_is_recognised_with_and_without_v1(tmp_path: Path) -> None:
    book = Book.at(f"sqlite:///{tmp_path / 'book.sqlite3'}")
    service = create_service(book=book, catalogue=load_default(), token="t", clock=SystemClock(), ids=RandomIds())
    assert service.title == SERVICE_TITLE
    listening = bind(host="127.0.0.1", port=0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with serving(service, on=listening), aiohttp.ClientSession() as session:
        assert await is_embedded(session, url)
        assert await is_embedded(session, f"{url}/v1")
    await book.close()


async def test_any_other_service_is_not_ours() -> None:
    async def other(request: web.BaseRequest) -> web.Response:
        if "list" in request.path:
            return web.json_response([1])
        if "html" in request.path:
            return web.Response(text="<html>", content_type="text/html")
        return web.json_response({"info": {"title": "Partner Center"}})

    listening = bind(host="127.0.0.1", port=0)
    runner = web.ServerRunner(web.Server(other))
    await runner.setup()
    await web.SockSite(runner, listening).start()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with aiohttp.ClientSession() as session:
        for path in ("", "/list", "/html"):
            assert not await is_embedded(session, f"{url}{path}")
    await runner.cleanup()


async def test_where_nobody_answers_it_is_not_ours() -> None:
    async with aiohttp.ClientSession() as session:
        assert not await is_embedded(session, "http://127.0.0.1:9", tries=1)
