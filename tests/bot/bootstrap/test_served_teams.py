"""The whole way: a payload that names another workspace as the installed one is refused, told and entered."""

from pathlib import Path
from typing import Any

import pytest

from bot.workspace.sample import GENERAL
from tests.support.product import running_product

OTHER = "T0OTHER"


def from_elsewhere(payload: dict[str, Any]) -> None:
    """As Slack would send it from a second workspace that has the app: the same user id, another team."""
    if "command" in payload:
        payload["team_id"] = OTHER
        return
    payload["team"]["id"] = payload["user"]["team_id"] = OTHER


@pytest.mark.parametrize("command", ["/upgrade-options Contoso GmbH", "/upgrade-requests", "/partner-role"])
async def test_a_command_from_another_workspace_is_refused_in_words_and_entered(tmp_path: Path, command: str) -> None:
    async with running_product(tmp_path) as product:
        sven = await product.person("sales_agent", locale="en-US")
        with product.tampering(from_elsewhere):
            await sven.send(GENERAL, command)
            await sven.wait_for_message(GENERAL, containing="Upgrade Desk does not serve this workspace")
        async with product.app.desk.database.read() as tx:
            entries = [row.entry for row in (await tx.audit.page(OTHER, limit=9)).items]
        assert [(each.reason, each.actor.team_id) for each in entries] == [("other_workspace", OTHER)]


async def test_a_button_from_another_workspace_is_refused_too(tmp_path: Path) -> None:
    async with running_product(tmp_path) as product:
        sven = await product.person("sales_agent", locale="en-US")
        await sven.send(GENERAL, "/upgrade-options Contoso GmbH")
        listed = await sven.wait_for_message(GENERAL, containing="Zentrale")
        with product.tampering(from_elsewhere):
            await sven.press(listed, "Refresh")
            await sven.wait_for_message(GENERAL, containing="Upgrade Desk does not serve this workspace")
