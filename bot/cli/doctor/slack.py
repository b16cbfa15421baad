"""Tokens and scopes, as Slack itself sees them."""

from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.bootstrap.bolt import check_app_token, identify
from bot.bootstrap.manifest import SCOPES
from bot.cli.doctor.finding import Finding, fault, ok, unchecked
from bot.cli.doctor.ground import Ground
from bot.settings_faults import SettingsError

TOKENS: Final = "tokens"
SCOPE: Final = "scopes"
WORKSPACES: Final = "workspaces"
_AGAIN: Final = "Copy it again from the Slack app (OAuth & Permissions, or Basic Information for the app token)."


async def check_bot_token(ground: Ground) -> list[Finding]:
    """Whether Slack takes the bot token, and what it allows. Fills in the ground."""
    if ground.settings.slack_bot_token is None:
        return [unchecked(TOKENS, "The bot token: none is set.")]
    try:
        ground.identity = await identify(ground.client)
        answer = await ground.client.api_call("auth.test")
    except SettingsError as error:
        return [fault(TOKENS, " ".join(error.faults), fix=_AGAIN)]
    except (SlackApiError, aiohttp.ClientError, OSError) as error:
        return [fault(TOKENS, f"Slack did not answer a second time ({type(error).__name__}).", fix="Try again.")]
    headers = {str(name).lower(): str(value) for name, value in dict(answer.headers).items()}
    if "x-oauth-scopes" in headers:
        ground.scopes = frozenset(filter(None, (each.strip() for each in headers["x-oauth-scopes"].split(","))))
    if "date" in headers:
        ground.saw_clock("Slack", parsedate_to_datetime(headers["date"]))
    return [ok(TOKENS, f"Slack takes the bot token: workspace {ground.identity.team_id}.")]


async def check_way_in(ground: Ground) -> list[Finding]:
    """Whether Slack can reach us: Socket Mode is tried, signed HTTP cannot be tried from here."""
    settings, found = ground.settings, []
    if settings.slack_app_token is not None:
        try:
            await check_app_token(ground.client, app_token=settings.slack_app_token.get_secret_value())
        except SettingsError as error:
            found.append(fault(TOKENS, " ".join(error.faults), fix=_AGAIN))
        else:
            found.append(ok(TOKENS, "Slack takes the app token: Socket Mode can be opened."))
    if settings.slack_signing_secret is not None:
        found.append(ok(TOKENS, "A signing secret is set; whether it is the right one shows with the first delivery."))
    if not found:
        says = "Neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is set: Slack cannot reach us."
        found.append(fault(TOKENS, says, fix="Set one of the two."))
    return found


async def check_scopes(ground: Ground) -> list[Finding]:
    """Whether the token has each scope that is needed, by name and by what fails without it."""
    if ground.scopes is None:
        return [unchecked(SCOPE, "Slack did not say which scopes the bot token has.")]
    needed = {name: scope for name, scope in SCOPES.items() if scope.needed(ground.settings)}
    missing = [
        fault(
            SCOPE,
            f"The bot token lacks {name}: {scope.without}.",
            fix=f"Add {name} to the Slack app (OAuth & Permissions; manifest.json has it), then install it again.",
        )
        for name, scope in needed.items()
        if name not in ground.scopes
    ]
    return missing or [ok(SCOPE, f"The bot token has all {len(needed)} scopes that are needed.")]


async def check_workspaces(ground: Ground) -> list[Finding]:
    """Whether the workspace that the bot is installed in is among those that are served."""
    allowed = ground.settings.allowed_teams
    if ground.identity is None:
        return [unchecked(WORKSPACES, "Which workspace the bot is installed in is not known.")]
    team = ground.identity.team_id
    if allowed and team not in allowed:
        says = f"ALLOWED_TEAMS does not name {team}, which the bot is installed in: everybody is refused."
        return [fault(WORKSPACES, says, fix=f"Add {team} to ALLOWED_TEAMS, or remove the setting.")]
    return [ok(WORKSPACES, f"Served: {', '.join(sorted(allowed or {team}))}.")]
