"""Who runs a command, and for which workspace."""

import getpass

from bot.bootstrap.bolt import identify, new_client
from bot.bootstrap.proxies import new_session
from bot.settings import Settings
from bot.settings_faults import SettingsError


def login_name() -> str:
    """The operator's login name, for the audit trail."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


async def workspace_of(settings: Settings, given: str | None) -> str:
    """The team id: the one that was given, or the one that SLACK_BOT_TOKEN belongs to. Raises SettingsError."""
    if given is not None:
        return given
    if settings.slack_bot_token is None:
        raise SettingsError(["Name the workspace with --team T..., or set SLACK_BOT_TOKEN so that Slack can be asked."])
    async with new_session() as session:
        token = settings.slack_bot_token.get_secret_value()
        client = new_client(session=session, api_url=settings.slack_api_url, token=token)
        return (await identify(client)).team_id
