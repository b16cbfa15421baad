"""What `slack run` does: app.py as a program, with the tokens in the environment and asyncio's debug mode on."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.workspace.manifest import load_manifest
from bot.workspace.sample import AUDIT, GENERAL, PEOPLE, sample_config
from tests.bot.cli.program import ended, environment
from tests.support.workspace_client import running_workspace

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]


async def test_app_py_blocks_connects_and_answers_with_the_embedded_service(tmp_path: Path) -> None:
    config = sample_config(manifest=load_manifest(ROOT / "manifest.json"), bot_token="xoxb-1", app_token="xapp-1")
    async with running_workspace(config=config, clock=ShiftedClock(), ids=RandomIds()) as slack:
        env = {
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
            "AUDIT_KEY": "k" * 40,
            "AUDIT_CHANNEL": AUDIT,
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-X", "dev", str(ROOT / "app.py")),
            cwd=tmp_path,
            env=environment(env),
            stdout=PIPE,
            stderr=PIPE,
        )
        try:
            await slack.wait_connected(within=20)
            sven = slack.member(PEOPLE["sales_agent"])
            assert "error" not in await sven.send(GENERAL, "/upgrade-options help")
            await sven.wait_for_message(GENERAL, containing="/upgrade-options")
        finally:
            process.terminate()
            end = await ended(process)
        assert end.code == 0
        assert "Traceback" not in end.err
        assert "Warning" not in end.err
