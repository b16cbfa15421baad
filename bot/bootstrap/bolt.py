"""The Bolt app, without what Bolt takes from the environment by itself."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.bootstrap.proxies import SlackSession
from bot.settings_faults import SettingsError
from handlers.slack_code import slack_code

_READ_BY_BOLT: Final = (
    *("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_VERIFICATION_TOKEN"),
    # With these two Bolt turns OAuth on by itself and installs a store of files (design.md, traps).
    *("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the bot is in the workspace it is installed in."""

    team_id: str
    bot_id: str
    bot_user_id: str
    enterprise_id: str | None = None


def new_client(*, session: aiohttp.ClientSession, api_url: str, token: str) -> AsyncWebClient:
    """A Web API client on the shared session. No retries: it could repeat a message that did arrive."""
    return AsyncWebClient(
        token=token,
        base_url=f"{api_url.rstrip('/')}/",
        session=SlackSession(session),  # type: ignore[arg-type]  # what slack_sdk uses of a session is all there
        retry_handlers=[],
    )


async def identify(client: AsyncWebClient) -> Identity:
    """Ask Slack once who the bot is. Raises SettingsError with a sentence where it cannot be found out."""
    answer = await _asked(client, "auth.test", setting="SLACK_BOT_TOKEN")
    missing = [name for name in ("team_id", "bot_id", "user_id") if not isinstance(answer.get(name), str)]
    if missing:
        raise SettingsError(["SLACK_BOT_TOKEN: this is not a bot's token; take the one that begins with xoxb-."])
    return Identity(
        team_id=answer["team_id"],
        bot_id=answer["bot_id"],
        bot_user_id=answer["user_id"],
        enterprise_id=answer.get("enterprise_id") or None,
    )


async def check_app_token(client: AsyncWebClient, *, app_token: str) -> None:
    """Make sure that Socket Mode can be opened; with a bad token it would try again for ever without a word."""
    await _asked(client, "apps.connections.open", setting="SLACK_APP_TOKEN", token=app_token)


async def _asked(client: AsyncWebClient, method: str, *, setting: str, token: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else None
    try:
        return (await client.api_call(method, headers=headers)).data
    except SlackApiError as error:
        code = slack_code(error)
        raise SettingsError([_refused(method=method, setting=setting, code=str(code))]) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        sentence = f"Slack could not be reached ({type(error).__name__}). Check SLACK_API_URL and the proxy settings."
        raise SettingsError([sentence]) from None


def _refused(*, method: str, setting: str, code: str) -> str:
    remedy = {
        "missing_scope": "give the token the scope connections:write",
        "not_allowed_token_type": "this is another kind of token",
        "account_inactive": "the app was removed from the workspace; install it again",
        "token_revoked": "the token was revoked; make a new one",
        "ratelimited": "Slack wants fewer requests; wait a minute",
    }.get(code, "make sure that it is complete and belongs to this app")
    return f"{setting}: Slack answered {method} with {code}: {remedy}."


def new_bolt_app(*, client: AsyncWebClient, identity: Identity) -> AsyncApp:
    """An AsyncApp that acks as soon as the listener has run, and asks Slack nothing per request.

    Verification, ssl_check and url_verification are the intake's; work after the ack is the runtime's own tasks.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:  # noqa: ARG001 - Bolt's names
        # Someone of another organisation in a shared channel has another team id: who may do what is the desk's to say.
        return AuthorizeResult(
            enterprise_id=identity.enterprise_id,
            team_id=identity.team_id,
            bot_token=client.token,
            bot_id=identity.bot_id,
            bot_user_id=identity.bot_user_id,
        )

    with _hidden(_READ_BY_BOLT):
        # Bolt calls a token beside `authorize` a mistake and warns; it comes back with the authorisation.
        token, client.token = client.token, None
        try:
            app = AsyncApp(
                name="upgrade-desk",
                client=client,
                authorize=authorize,
                process_before_response=True,
                request_verification_enabled=False,
                ssl_check_enabled=False,
                url_verification_enabled=False,
                attaching_function_token_enabled=False,
            )
        finally:
            client.token = token
    return app


@contextlib.contextmanager
def _hidden(names: tuple[str, ...]) -> Iterator[None]:
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
