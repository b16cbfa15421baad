"""Modals that are drawn anew while somebody types: one drawing after the other, and only for what was typed last."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.blocks.sheet import Block
from handlers.slack_code import slack_code

log = structlog.get_logger(__name__)

_MOST: Final = 1000
_LEFT_ALONE: Final = frozenset({"hash_conflict", "not_found"})


@dataclass(slots=True)
class _Modal:
    gate: asyncio.Lock = field(default_factory=asyncio.Lock)
    last: int = 0
    hash: str = ""


@dataclass(slots=True)
class LiveModals:
    """By the id of the modal, in memory: another process draws from the database what it is told of.

    A drawing is put in place of the one that it is of (`hash`), so that it never covers what a submission has shown.
    """

    _known: OrderedDict[str, _Modal] = field(default_factory=OrderedDict)

    async def redraw(
        self, client: AsyncWebClient, *, view_id: str, seen: str, draw: Callable[[], Awaitable[Block]]
    ) -> None:
        """Draw it anew, unless something was typed after this. `seen` is the hash of what its reader saw."""
        modal = self._modal(view_id)
        modal.last += 1
        mine = modal.last
        async with modal.gate:
            if mine != modal.last:
                return
            view = await draw()
            for known in dict.fromkeys(each for each in (modal.hash, seen) if each):
                try:
                    answer = await client.views_update(view_id=view_id, hash=known, view=view)
                except SlackApiError as error:
                    code = slack_code(error)
                    if code not in _LEFT_ALONE:
                        raise
                    log.info("modal_not_drawn_anew", view_id=view_id, code=code)
                    continue
                drawn = answer.get("view")
                modal.hash = str(drawn.get("hash") or "") if isinstance(drawn, dict) else ""
                return

    def _modal(self, view_id: str) -> _Modal:
        modal = self._known.setdefault(view_id, _Modal())
        self._known.move_to_end(view_id)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        return modal
