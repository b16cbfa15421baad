from typing import Any

import aiohttp
import pytest

from bot.workspace.sample import GENERAL, PEOPLE
from tests.support.plain_app import PlainApp
from tests.support.workspace_client import RunningWorkspace

HEIDI = PEOPLE["helpdesk_agent"]


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({"Host": "evil.example"}, "host_refused"),
        ({"Host": "127.0.0.1:1"}, "host_refused"),
        ({"Host": "127.0.0.1.evil.example"}, "host_refused"),
        ({"Origin": "http://evil.example"}, "origin_refused"),
        ({"Origin": "null"}, "origin_refused"),
        ({"Sec-Fetch-Site": "cross-site"}, "origin_refused"),
    ],
)
async def test_other_hosts_and_origins_are_refused(
    app: PlainApp, desk: RunningWorkspace, headers: dict[str, str], error: str
) -> None:
    for path in ("/", "/ui/boot", "/api/auth.test"):
        async with desk.web.get(desk.url + path, headers=headers) as response:
            assert (response.status, (await response.json())["error"]) == (403, error)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await desk.web.ws_connect(await app.ticket(), headers=headers)
    assert refused.value.status == 403


async def test_our_own_names_and_origin_are_welcome(desk: RunningWorkspace) -> None:
    port = desk.server.port
    for name in (f"127.0.0.1:{port}", f"localhost:{port}"):
        headers = {"Host": name, "Origin": f"http://{name}", "Sec-Fetch-Site": "same-origin"}
        async with desk.web.get(f"{desk.url}/ui/boot", headers=headers) as response:
            assert response.status == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_a_form_of_another_site_cannot_act(desk: RunningWorkspace, kind: str) -> None:
    body = f'{{"member": "{HEIDI}", "channel": "{GENERAL}", "text": "x"}}'
    async with desk.web.post(f"{desk.url}/ui/send", data=body, headers={"Content-Type": kind}) as response:
        assert (response.status, (await response.json())["error"]) == (415, "json_required")


async def test_every_answer_is_kept_to_itself(desk: RunningWorkspace) -> None:
    for path in ("/", "/page/nothing.js", "/ui/boot", "/nowhere"):
        async with desk.web.get(desk.url + path) as response:
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    ["../config.py", "..%2Fconfig.py", "%2e%2e/config.py", "/etc/passwd", ".hidden.js", "app.py", "a/../../config.py"],
)
async def test_no_file_outside_the_page_is_served(desk: RunningWorkspace, name: str) -> None:
    async with desk.web.get(f"{desk.url}/page/{name}") as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("send", {"member": "U0NOBODY", "channel": GENERAL, "text": "x"}, 404, "member_not_found"),
        ("send", {"member": HEIDI, "channel": "C0NOWHERE", "text": "x"}, 404, "channel_not_found"),
        ("send", {"member": PEOPLE["external"], "channel": GENERAL, "text": "x"}, 404, "channel_not_found"),
        ("send", {"member": HEIDI, "channel": GENERAL}, 400, "bad_request"),
        ("send", {"member": HEIDI, "channel": GENERAL, "text": "   "}, 400, "bad_request"),
        ("send", {"member": HEIDI, "channel": GENERAL, "text": "x", "thread_ts": "1.1"}, 404, "message_not_found"),
        ("action", {"member": HEIDI}, 400, "bad_request"),
        ("action", {"member": HEIDI, "container": {"type": "home"}}, 404, "view_not_found"),
        ("view/submit", {"member": HEIDI, "view_id": "V0"}, 404, "view_not_found"),
        ("view/close", {"member": HEIDI}, 404, "view_not_found"),
        ("locale", {"member": HEIDI, "locale": "fr-FR"}, 400, "invalid_value"),
        ("clock", {"advance_seconds": -1}, 400, "invalid_value"),
        ("clock", {"advance_seconds": "1"}, 400, "invalid_value"),
        ("orders", {"kind": "other"}, 400, "invalid_value"),
        ("home", {"member": HEIDI, "tab": "about"}, 400, "invalid_value"),
        ("home", {"member": PEOPLE["external"]}, 404, "channel_not_found"),
        ("shortcut", {"member": HEIDI, "callback_id": "none"}, 404, "element_not_found"),
    ],
)
async def test_a_wrong_request_is_named(
    desk: RunningWorkspace, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    async with desk.web.post(f"{desk.url}/ui/{path}", json=body) as response:
        answer = await response.json()
        assert (response.status, answer["error"]) == (status, code)
        assert answer["message"]


async def test_broken_and_huge_bodies_are_refused(desk: RunningWorkspace) -> None:
    headers = {"Content-Type": "application/json"}
    for body, status in (
        (b"{", 400),
        (b"[]", 400),
        (b"\xff", 400),
        (b'{"member": NaN}', 400),
        (b'{"text": "\\ud800"}', 400),
        (b"[" * 99_999, 400),
        (b" " * 1_000_001, 413),
    ):
        async with desk.web.post(f"{desk.url}/ui/send", data=body, headers=headers) as response:
            assert response.status == status
    auth = {"Authorization": "Bearer xoxb-bot", **headers}
    async with desk.web.post(f"{desk.api_url}auth.test", data=b"{", headers=auth) as response:
        assert (await response.json())["error"] == "invalid_json"
