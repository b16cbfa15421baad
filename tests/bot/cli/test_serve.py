"""`serve`, `worker` and `eligibility` as processes, in both ways to be reached; each ends cleanly."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.web.server import bind
from bot.web.signature import sign
from bot.workspace.config import SignedHttp
from bot.workspace.manifest import load_manifest
from bot.workspace.sample import AUDIT, GENERAL, PEOPLE, TEAM, sample_config
from tests.bot.cli.program import Running, ended, run, running, start
from tests.support.workspace_client import RunningWorkspace, running_workspace, wait_for

pytestmark = pytest.mark.slow
MANIFEST = Path(__file__).parents[3] / "manifest.json"
SVEN, SECRET = PEOPLE["sales_agent"], "signing-secret"


def free_port() -> int:
    with bind(host="127.0.0.1", port=0) as found:
        return int(found.getsockname()[1])


@dataclass
class World:
    """A workspace and the settings with which programs reach it."""

    slack: RunningWorkspace
    folder: Path
    port: int
    env: dict[str, str]

    async def ready(self) -> dict[str, object]:
        """What `/readyz` says once it answers."""

        async def look() -> bool:
            try:
                async with aiohttp.ClientSession() as web, web.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                    self.found = await answer.json()
                    return answer.status == 200
            except aiohttp.ClientError:
                return False

        await wait_for(look, within=15, wanted="serve to be ready")
        return dict(self.found)


@asynccontextmanager
async def world(folder: Path, *, http: bool) -> AsyncIterator[World]:
    port, service = free_port(), free_port()
    delivery = SignedHttp(request_url=f"http://127.0.0.1:{port}/slack/events", signing_secret=SECRET) if http else None
    config = sample_config(manifest=load_manifest(MANIFEST), bot_token="xoxb-1", app_token="xapp-1", delivery=delivery)
    async with (
        running_workspace(config=config, clock=ShiftedClock(), ids=RandomIds()) as slack,
        AsyncExitStack() as stack,
    ):
        env = {
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": "xoxb-1",
            **({"SLACK_SIGNING_SECRET": SECRET} if http else {"SLACK_APP_TOKEN": "xapp-1"}),
            "DATABASE_URL": f"sqlite:///{folder / 'desk.sqlite3'}",
            "ELIGIBILITY_URL": f"http://127.0.0.1:{service}",
            "ELIGIBILITY_TOKEN": "service-token",
            "AUDIT_KEY": "k" * 40,
            "AUDIT_CHANNEL": AUDIT,
        }
        sample = str(files("bot.eligibility") / "sample_book.json")
        for command in (
            ("migrate",),
            ("book", "import", sample),
            ("roles", "grant", SVEN, "sales_agent", "--team", TEAM.id),
        ):
            assert (await run(*command, cwd=folder, env=env)).code == 0
        eligibility: Running = await stack.enter_async_context(
            running("eligibility", "--port", str(service), cwd=folder, env=env)
        )
        yield World(slack, folder, port, env)
        assert (await eligibility.stop()).code == 0


@pytest.mark.parametrize("http", [True, False], ids=["http", "socket"])
async def test_serve_and_worker_do_the_whole_job_in_both_ways(tmp_path: Path, *, http: bool) -> None:
    async with world(tmp_path, http=http) as here:
        serve = await start("serve", "--port", str(here.port), cwd=tmp_path, env=here.env)
        worker = await start("worker", cwd=tmp_path, env=here.env)
        try:
            checks = (await here.ready())["checks"]
            assert checks == {"database": "ok", "taking_in": "ok"} | ({} if http else {"socket": "ok"})
            sven = here.slack.member(SVEN)
            assert "error" not in await sven.send(GENERAL, "/upgrade-options Contoso GmbH")
            listed = await sven.wait_for_message(GENERAL, containing="Zentrale")
            await sven.press(listed, "Business Standard")
            await sven.wait_for_modal(title="Upgrade bestätigen")
            await sven.submit({"Ticket oder Grund": "4711"})
            await sven.wait_for_message(AUDIT, containing="COMPLETED", within=15)
            await sven.wait_for_message(sven.direct, containing="ABGESCHLOSSEN", within=15)
        finally:
            begun = time.monotonic()
            serve.terminate()
            worker.terminate()
            ends = await asyncio.gather(ended(serve), ended(worker))
        assert [end.code for end in ends] == [0, 0]
        assert time.monotonic() - begun < 10
        for end in ends:
            assert "Traceback" not in end.err
            for secret in ("xoxb-1", "xapp-1", SECRET, "Contoso", "contoso.de", "4711", "ticket="):
                assert secret not in end.err
            for line in end.err.splitlines():
                assert "dropped" not in json.loads(line)


async def test_a_signed_replay_of_a_command_is_one_command(tmp_path: Path) -> None:
    async with world(tmp_path, http=True) as here:
        serve = await start("serve", "--port", str(here.port), cwd=tmp_path, env=here.env)
        await here.ready()
        arrived: list[str] = []
        fields = {
            "command": "/upgrade-options",
            "text": "help",
            "team_id": TEAM.id,
            "user_id": SVEN,
            "channel_id": GENERAL,
            "trigger_id": "1.2.same",
            "response_url": "http://127.0.0.1:9/none",
        }
        body, now = urlencode(fields).encode(), int(time.time())
        headers = {
            "X-Slack-Request-Timestamp": str(now),
            "X-Slack-Signature": sign(secret=SECRET.encode(), timestamp=now, body=body),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        async with aiohttp.ClientSession() as web:
            for _ in range(2):
                url = f"http://127.0.0.1:{here.port}/slack/events"
                async with web.post(url, data=body, headers=headers) as answer:
                    arrived.append(f"{answer.status} {await answer.text()}")
            async with web.get(f"http://127.0.0.1:{here.port}/metrics") as answer:
                figures = await answer.text()
        serve.terminate()
        assert (await ended(serve)).code == 0
        assert arrived[0].startswith("200")
        assert arrived[0] == arrived[1]
        assert 'result="repeated",transport="http"} 1.0' in figures


async def test_a_bad_token_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    async with world(tmp_path, http=False) as here:
        end = await run("serve", "--port", "0", cwd=tmp_path, env={**here.env, "SLACK_APP_TOKEN": "xapp-wrong"})
        assert end.code == 2
        assert "SLACK_APP_TOKEN: Slack answered apps.connections.open with " in end.err
        end = await run("worker", cwd=tmp_path, env={**here.env, "SLACK_BOT_TOKEN": "xoxb-wrong"})
        assert end.code == 2
        assert end.err.startswith("SLACK_BOT_TOKEN: Slack answered auth.test with invalid_auth")
