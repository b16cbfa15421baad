"""What listeners need beside the desk: words, the outgoing session, and work that outlives an acknowledgement."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import structlog

from bot.domain.ids import Ids
from bot.domain.people import Actor
from bot.locales import Catalogues, Texts
from handlers.live import LiveModals
from handlers.pressed_cards import PressedCards

_HOMES_AT_ONCE: Final = 2
"""How many Homes are read at once after actions: whoever decides just then finds the database free."""

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Runtime:
    """Owned by whoever wires the app. `language` is the configured locale of channels (`LANGUAGE`).

    `homes`: whose Home is being drawn, and whether it is to be drawn once more (`refresh_home`), in `home_turn`.
    `http` is the shared session for response_urls. Work given to `spawn` is kept, its errors are logged, and `drain`
    waits for it. Listeners put the error boundary into the work itself (handlers/boundary.py), so that the user hears.
    """

    catalogues: Catalogues
    language: str
    http: aiohttp.ClientSession
    ids: Ids
    card_urls: dict[tuple[str, str], str] = field(default_factory=dict)
    pressed: PressedCards = field(default_factory=PressedCards)
    live: LiveModals = field(default_factory=LiveModals)
    homes: dict[Actor, bool] = field(default_factory=dict)
    home_turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_HOMES_AT_ONCE))
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def channel_texts(self) -> Texts:
        """The words for messages that everybody in a channel reads."""
        return self.catalogues.for_locale(self.language)

    @property
    def busy(self) -> int:
        """How many pieces of work are under way."""
        return len(self._tasks)

    def spawn(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        """Run `work` by itself, owned and watched."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def drain(self, *, timeout: float) -> int:  # noqa: ASYNC109 - the deadline of shutting down is the caller's
        """Wait up to `timeout` seconds for what is under way, then cancel the rest. Returns how many were cancelled."""
        deadline = asyncio.get_running_loop().time() + timeout
        while self._tasks and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(tuple(self._tasks), timeout=left)
        late = tuple(self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("spawned_work_failed", task=task.get_name(), exc_info=error)
