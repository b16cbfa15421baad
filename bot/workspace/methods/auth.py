"""auth.test, api.test and apps.connections.open."""

from typing import Any

from bot.workspace.core import Workspace
from bot.workspace.methods.arguments import Arguments
from bot.workspace.refusals import SlackError


def auth_test(workspace: Workspace, _arguments: Arguments) -> dict[str, Any]:
    """Who the token is."""
    team, app = workspace.config.team, workspace.config.app
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": workspace.config.manifest.bot_name,
        "team_id": team.id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def api_test(_workspace: Workspace, _arguments: Arguments) -> dict[str, Any]:
    """Nothing but ok."""
    return {}


def connections_open(workspace: Workspace, _arguments: Arguments) -> dict[str, Any]:
    """A one-time address for a Socket Mode connection."""
    if workspace.config.delivery is not None:
        raise SlackError("socket_mode_not_enabled")
    address = workspace.address.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={workspace.socket.ticket()}&app_id={workspace.config.app.id}"}
