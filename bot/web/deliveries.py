"""Deliveries that come twice, recognised by Slack's own ids (facts/slack.md, 4.10).

Kept in memory, which is enough for what is only read; whatever is written is guarded in the database by its draft, its
handle or its state, so that a repetition after a restart or in another process does nothing twice either.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.domain.clock import Clock

# A signature lives five minutes and Slack's retries of an event span about six.
KEEP_SECONDS: Final = 900.0
MOST: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Slack is answered. `body` is text; empty with 200 means that the delivery was received."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def received(self) -> bool:
        """Whether Slack takes the delivery for received; it sends it again otherwise."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own range


def delivery_key(body: Mapping[str, Any]) -> str | None:
    """Slack's id of this delivery, or None where it has none (typing in a menu) and a repetition does no harm."""
    for name in ("event_id", "trigger_id"):
        value = body.get(name)
        if isinstance(value, str) and value:
            return f"{name}:{value}"
    return None


class Deliveries:
    """Runs each delivery once; a repetition gets the first one's answer, also while that is still being made."""

    def __init__(self, *, clock: Clock, keep: float = KEEP_SECONDS, most: int = MOST) -> None:
        self._clock, self._keep, self._most = clock, keep, most
        self._seen: OrderedDict[str, tuple[float, asyncio.Future[Answer | None]]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._seen)

    async def once(self, key: str, work: Callable[[], Awaitable[Answer]]) -> tuple[Answer, bool]:
        """The answer, and whether it is a repetition's. A first delivery that failed does not count as delivered."""
        while (known := self._seen.get(key)) is not None and known[0] > self._clock.monotonic():
            answer = await asyncio.shield(known[1])
            if answer is not None:
                return answer, True
        outcome: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self._remember(key, outcome)
        received: Answer | None = None
        try:
            answer = await work()
            received = answer if answer.received else None
            return answer, False
        finally:
            if received is None and self._seen.get(key, (0, None))[1] is outcome:
                del self._seen[key]
            outcome.set_result(received)

    def _remember(self, key: str, outcome: asyncio.Future[Answer | None]) -> None:
        now = self._clock.monotonic()
        self._seen[key] = (now + self._keep, outcome)
        self._seen.move_to_end(key)
        while self._seen and (len(self._seen) > self._most or next(iter(self._seen.values()))[0] <= now):
            self._seen.popitem(last=False)
