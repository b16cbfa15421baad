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
MOST: Final = 10_000


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


RECEIVED: Final = Answer(status=200)
"""Nearly every answer: one object, because ten thousand are remembered."""


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
        self._under_way: dict[str, asyncio.Future[Answer | None]] = {}
        self._answered: OrderedDict[str, tuple[float, Answer]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._under_way) + len(self._answered)

    async def once(self, key: str, work: Callable[[], Awaitable[Answer]]) -> tuple[Answer, bool]:
        """The answer, and whether it is a repetition's. A first delivery that failed does not count as delivered."""
        while (first := self._under_way.get(key)) is not None:
            answer = await asyncio.shield(first)
            if answer is not None:
                return answer, True
        known = self._answered.get(key)
        if known is not None and known[0] > self._clock.monotonic():
            return known[1], True
        outcome = self._under_way[key] = asyncio.get_running_loop().create_future()
        received: Answer | None = None
        try:
            answer = await work()
            if answer.received:
                received = answer
                self._remember(key, answer)
            return answer, False
        finally:
            del self._under_way[key]
            outcome.set_result(received)

    def _remember(self, key: str, answer: Answer) -> None:
        now = self._clock.monotonic()
        self._answered[key] = (now + self._keep, answer)
        self._answered.move_to_end(key)
        while len(self._answered) > self._most or next(iter(self._answered.values()))[0] <= now:
            self._answered.popitem(last=False)
