"""Slack through a company's proxy, and what stands beside us without it (facts/slack.md, 4.6)."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.bootstrap.bolt import new_client
from bot.bootstrap.proxies import SlackSession, new_session, proxy_for
from bot.web.server import bind

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _no_proxy_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://slack.com/api/auth.test", "http://proxy:3128"),
        ("wss://wss-primary.slack.com/link/?ticket=1", "http://proxy:3128"),
        ("http://example.com/", "http://plain:8080"),
        ("http://127.0.0.1:3999/api/", None),
        ("http://127.8.9.1:3999/api/", None),
        ("http://localhost:3999/api/", None),
        ("ws://localhost:3999/link", None),
        ("http://[::1]:3999/api/", None),
        ("https://slack.intern.example/api/", None),
        ("https://other.example:8443/", None),
        ("https://other.example/", "http://proxy:3128"),
    ],
)
def test_the_proxy_is_chosen_by_the_address(monkeypatch: pytest.MonkeyPatch, url: str, expected: str | None) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setenv("HTTP_PROXY", "plain:8080")
    monkeypatch.setenv("NO_PROXY", ".intern.example,other.example:8443")
    assert proxy_for(url) == expected


def test_without_a_proxy_in_the_environment_there_is_none() -> None:
    assert proxy_for("https://slack.com/api/") is None


def test_no_proxy_may_name_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setenv("NO_PROXY", "*")
    assert proxy_for("https://slack.com/api/") is None


class Counting:
    """A server that notes for which host it was asked what; a proxy is asked for other hosts than its own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.lines: list[str] = []

    async def handle(self, request: web.BaseRequest) -> web.Response:
        self.lines.append(f"{request.host} {request.path}")
        return web.json_response({"ok": True, "url": f"{self.url}/link"})


async def _server() -> tuple[Counting, web.ServerRunner]:
    listening = bind(host="127.0.0.1", port=0)
    counting = Counting(f"http://127.0.0.1:{listening.getsockname()[1]}")
    runner = web.ServerRunner(web.Server(counting.handle))
    await runner.setup()
    await web.SockSite(runner, listening).start()
    return counting, runner


@pytest.fixture
async def servers() -> AsyncIterator[tuple[Counting, Counting]]:
    (first, one), (second, two) = await _server(), await _server()
    yield first, second
    await one.cleanup()
    await two.cleanup()


async def test_a_stand_in_on_this_machine_is_reached_directly_behind_a_proxy(
    servers: tuple[Counting, Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    slack, proxy = servers
    for name in NAMES[:3]:
        monkeypatch.setenv(name, proxy.url)
    async with new_session() as session:
        client = new_client(session=session, api_url=slack.url, token="xoxb-1")
        await client.auth_test()
        # What Bolt does for every request: a new client, which reads the proxy from the environment again.
        copy = AsyncWebClient(token="xoxb-1", base_url=client.base_url, session=client.session, retry_handlers=[])
        await copy.chat_postMessage(channel="C1", text="x")
        async with SlackSession(session).post(f"{slack.url}/response", json={}) as answer:
            assert answer.status == 200
    assert proxy.lines == []
    assert [line.split()[1] for line in slack.lines] == ["/auth.test", "/chat.postMessage", "/response"]


async def test_real_slack_is_reached_through_the_proxy(
    servers: tuple[Counting, Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    slack, proxy = servers
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    async with new_session() as session:
        await new_client(session=session, api_url="http://slack.example/api", token="xoxb-1").auth_test()
    assert proxy.lines == ["slack.example /api/auth.test"]
    assert slack.lines == []


async def test_a_call_is_sent_once_even_when_the_connection_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """slack_sdk's default would send a chat.postMessage again that did reach Slack."""
    calls = 0

    async def cut(request: web.BaseRequest) -> web.Response:
        nonlocal calls
        calls += 1
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    listening = bind(host="127.0.0.1", port=0)
    runner = web.ServerRunner(web.Server(cut))
    await runner.setup()
    await web.SockSite(runner, listening).start()
    async with new_session() as session:
        client = new_client(session=session, api_url=f"http://127.0.0.1:{listening.getsockname()[1]}", token="xoxb-1")
        with pytest.raises(aiohttp.ClientError):
            await client.chat_postMessage(channel="C1", text="x")
    await runner.cleanup()
    assert calls == 1
