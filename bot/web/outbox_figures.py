"""The outbox's figures, read from the database when they are asked for: all processes of one tell the same."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Gauge

from bot.desk.outbox_state import OutboxState

SECONDS: Final = 2.0


class OutboxFigures:
    """Gauges over `read`. Where the database does not answer in 2 s they are NaN, and no trouble is named."""

    def __init__(self, *, registry: CollectorRegistry, read: Callable[[], Awaitable[OutboxState]]) -> None:
        self._read = read
        self._waiting = Gauge(
            "upgrade_desk_outbox_waiting", "Messages to Slack that are not sent yet.", registry=registry
        )
        self._oldest = Gauge(
            "upgrade_desk_outbox_oldest_seconds",
            "How long the oldest unsent message has waited; 0 without one.",
            registry=registry,
        )
        self._given_up = Gauge(
            "upgrade_desk_outbox_given_up", "Messages that were given up and are kept as such.", registry=registry
        )
        self._trouble = Gauge(
            "upgrade_desk_slack_trouble",
            "Unsent messages by the code of what is in their way now; no series: nothing is.",
            ("code",),
            registry=registry,
        )

    async def refresh(self) -> None:
        """Read them anew."""
        self._trouble.clear()
        try:
            async with asyncio.timeout(SECONDS):
                state = await self._read()
        except Exception as error:  # noqa: BLE001 - a page without these figures is better than none
            structlog.get_logger(__name__).warning("outbox_figures_unread", exc_info=error)
            for gauge in (self._waiting, self._oldest, self._given_up):
                gauge.set(float("nan"))
            return
        self._waiting.set(state.waiting)
        self._oldest.set(state.oldest_age.total_seconds())
        self._given_up.set(state.given_up)
        for code, kept in state.troubles.items():
            self._trouble.labels(code).set(kept.waiting)
