"""The demo as whoever tries it meets it: a process, a line with an address, a page, Ctrl-C."""

import asyncio
import re
import signal
import socket
import stat
from pathlib import Path

import aiohttp
import pytest

from bot.workspace.sample import GENERAL, PEOPLE
from tests.bot.cli.program import Running, names_in, run, running
from tests.support.workspace_person import Http, Person

pytestmark = pytest.mark.slow
SVEN = PEOPLE["sales_agent"]


def address(demo: Running) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", demo.line)
    assert found is not None
    return found[0]


async def looks(demo: Running, customer: str) -> str:
    """What somebody is told who asks for a customer."""
    async with aiohttp.ClientSession() as web:
        page = Http(address(demo), web)
        listed = await page.get("conversations", member=SVEN)
        direct = next(each["id"] for each in listed["conversations"] if each["kind"] == "im")
        sven = Person(page, SVEN, direct=direct)
        sent = await sven.send(GENERAL, f"/upgrade-options {customer}")
        assert "error" not in sent
        message = await sven.wait_for_message(GENERAL, containing="Zentrale")
        return str(message["text"])


async def test_it_is_ready_within_five_seconds_and_does_the_job_and_ends_cleanly(tmp_path: Path) -> None:
    async with running("demo", "--port", "0", cwd=tmp_path) as demo:
        assert demo.ready_after < 5.0
        assert "Contoso GmbH" in await looks(demo, "Contoso GmbH")
        end = await demo.stop()
    assert (end.code, end.err) == (0, "")
    assert end.out.count("\n") == 1
    assert "Ctrl-C" in end.out


async def test_started_again_it_finds_its_data_and_keys_that_only_the_owner_may_read(tmp_path: Path) -> None:
    async with running("demo", "--port", "0", cwd=tmp_path) as demo:
        await looks(demo, "contoso.de")
        assert (await demo.stop(signal.SIGTERM)).code == 0
    keys = tmp_path / ".demo" / "keys.json"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    before = keys.read_bytes()
    async with running("demo", "--port", "0", cwd=tmp_path) as demo, aiohttp.ClientSession() as web:
        async with web.get(f"{address(demo)}/ui/conversation", params={"member": SVEN, "channel": GENERAL}) as answer:
            assert "Contoso GmbH" in await answer.text()
        assert "Contoso" in await looks(demo, "contoso.de")
        assert (await demo.stop()).code == 0
    assert keys.read_bytes() == before


async def test_the_clock_that_was_moved_does_not_go_back_at_the_next_start(tmp_path: Path) -> None:
    async with running("demo", "--port", "0", cwd=tmp_path) as demo, aiohttp.ClientSession() as web:
        moved = await Http(address(demo), web).post("clock", advance_seconds=86_400)
        await demo.stop()
    async with running("demo", "--port", "0", cwd=tmp_path) as demo, aiohttp.ClientSession() as web:
        boot = await Http(address(demo), web).get("boot")
        assert boot["now"] >= moved["now"]
        assert boot["controls"]["clock"]
        assert "accepted" in boot["controls"]["orders"]
        await demo.stop()


async def test_a_taken_port_is_a_clear_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        end = await run("demo", "--port", str(port), cwd=tmp_path)
    assert end.code == 1
    assert end.err == f"Port {port} on 127.0.0.1 is in use by another program. Stop that one, or choose another port.\n"


async def test_it_works_behind_a_company_proxy(tmp_path: Path) -> None:
    """slack_sdk takes the proxy for loopback addresses too and ignores NO_PROXY."""
    proxy = "http://127.0.0.1:9"
    env = {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "http_proxy": proxy, "https_proxy": proxy, "ALL_PROXY": proxy}
    async with running("demo", "--port", "0", cwd=tmp_path, env=env) as demo:
        assert "Contoso" in await looks(demo, "Contoso GmbH")
        assert (await demo.stop()).err == ""


async def test_what_bolt_would_take_from_the_environment_does_no_harm(tmp_path: Path) -> None:
    env = {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "s",
        "SLACK_BOT_TOKEN": "xoxb-real",
        "SLACK_SIGNING_SECRET": "real",
        "DATABASE_URL": "postgresql://nowhere/real",
    }
    async with running("demo", "--port", "0", cwd=tmp_path, env=env) as demo:
        assert "Contoso" in await looks(demo, "Contoso GmbH")
        assert (await demo.stop()).err == ""
    assert names_in(tmp_path) == [".demo"]


async def test_a_second_ctrl_c_ends_it_at_once(tmp_path: Path) -> None:
    async with running("demo", "--port", "0", cwd=tmp_path) as demo:
        demo.process.send_signal(signal.SIGINT)
        await asyncio.sleep(0.001)
        demo.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(5):
            assert await demo.process.wait() in (0, 130)


async def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    end = await run("demo", "--port", "0", "--folder", str(tmp_path / "file" / "below"), cwd=tmp_path)
    assert end.code == 2
    assert end.err.startswith("The demo cannot keep its data in ")
