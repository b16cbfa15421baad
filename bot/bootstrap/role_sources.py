"""The sources of partner roles that the settings name, in any combination (docs/roles.md)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.bootstrap.proxies import proxy_for
from bot.directory.directory import KEEP_SECONDS, RoleSource, SourceUnreachable
from bot.directory.grants import GrantSource
from bot.directory.graph import GraphSource
from bot.directory.graph_client import GraphClient
from bot.directory.graph_people import LinkedUsers, VerifiedMail
from bot.directory.usergroups import open_user_groups
from bot.domain.clock import Clock
from bot.settings import Settings
from storage.database import Database

if TYPE_CHECKING:
    from bot.directory.graph_token import MsalToken

GRAPH_NEEDS: Final = ("graph_tenant_id", "graph_client_id", "graph_client_secret")
_GRAPH_SECONDS: Final = aiohttp.ClientTimeout(total=5.0, connect=2.0)

ClientFor = Callable[[str], Awaitable[AsyncWebClient]]


@contextlib.asynccontextmanager
async def open_role_sources(
    settings: Settings,
    *,
    database: Database,
    client_for: ClientFor,
    home_team_id: str,
    clock: Clock,
    sign_in: Any = None,
) -> AsyncIterator[tuple[RoleSource, ...]]:
    """Grants always; Slack user groups and Microsoft Graph as set. Raises SettingsError for half of Graph.

    `sign_in` replaces the HTTP client that fetches tokens, for a stand-in.
    """
    sources: list[RoleSource] = [GrantSource(database)]
    if settings.usergroups:
        sources.append(
            open_user_groups(
                client_for=client_for,
                groups=settings.usergroups,
                home_team_id=home_team_id,
                clock=clock,
                keep=KEEP_SECONDS,
            )
        )
    async with contextlib.AsyncExitStack() as stack:
        if settings.uses_graph:
            client = await stack.enter_async_context(open_graph(settings, clock=clock, sign_in=sign_in))
            sources.append(
                GraphSource(
                    client=client,
                    groups=settings.graph_groups,
                    home_team_id=home_team_id,
                    exceptions=LinkedUsers(database),
                    mail_of=VerifiedMail(client_for),
                    clock=clock,
                )
            )
        yield tuple(sources)


@contextlib.asynccontextmanager
async def open_graph(settings: Settings, *, clock: Clock, sign_in: Any = None) -> AsyncIterator[GraphClient]:
    """Graph, with a token fetched ahead of the first question. Raises SettingsError naming what is not set."""
    settings.require(*GRAPH_NEEDS)
    token = await asyncio.to_thread(_token, settings, clock=clock, sign_in=sign_in)
    proxy = proxy_for(settings.graph_url)
    async with aiohttp.ClientSession(timeout=_GRAPH_SECONDS, proxy=proxy) as session:
        fetching = asyncio.create_task(_ahead(token), name="graph token")
        try:
            yield GraphClient(session=session, base_url=settings.graph_url, token=token)
        finally:
            fetching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await fetching


def _token(settings: Settings, *, clock: Clock, sign_in: Any) -> "MsalToken":
    # MSAL, with requests and cryptography behind it, takes 0.1 s to import: only who uses Graph waits for it.
    from bot.directory.graph_token import MsalToken  # noqa: PLC0415

    secret = settings.graph_client_secret
    return MsalToken(
        tenant_id=settings.graph_tenant_id or "",
        client_id=settings.graph_client_id or "",
        client_secret=secret.get_secret_value() if secret is not None else "",
        clock=clock,
        http_client=sign_in,
    )


async def _ahead(token: "MsalToken") -> None:
    """A first press has 1.5 s for Graph; two calls to the sign-in service would take most of it."""
    try:
        await token()
    except SourceUnreachable as error:
        structlog.get_logger(__name__).warning("graph_token_refused", error=str(error))
