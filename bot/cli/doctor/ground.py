"""What the checks stand on: the settings, the connections, and what Slack said about the bot."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.bootstrap.bolt import Identity
from bot.domain.clock import Clock
from bot.domain.ids import Ids
from bot.settings import Settings


@dataclass(slots=True, kw_only=True)
class Ground:
    """`identity` and `scopes` are None until Slack has taken the bot token; `clocks` collects other machines' clocks.

    `all_in_one`: as `serve --all-in-one` runs it, where the embedded service has no address of its own. `graph_sign_in`
    is for a stand-in.
    """

    settings: Settings
    session: aiohttp.ClientSession
    client: AsyncWebClient
    clock: Clock
    ids: Ids
    all_in_one: bool = False
    graph_sign_in: Any = None
    identity: Identity | None = None
    scopes: frozenset[str] | None = None
    clocks: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def saw_clock(self, whose: str, told: datetime) -> None:
        """Note what another machine's clock says now."""
        self.clocks[whose] = (told, self.clock.now())
