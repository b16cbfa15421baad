"""Counters for operators, without personal data: no label holds a user, a customer or a text."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.desk.outbox_state import OutboxState
from bot.web.directory_figures import DirectoryFigures, Read
from bot.web.outbox_figures import OutboxFigures

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_KINDS: Final = frozenset(
    {
        *("block_actions", "view_submission", "view_closed", "block_suggestion", "shortcut", "message_action"),
        *("event_callback", "url_verification", "app_rate_limited"),
    }
)


def kind_of(body: Mapping[str, Any]) -> str:
    """The kind of a delivery, out of a closed set."""
    if "command" in body:
        return "command"
    kind = body.get("type")
    return kind if isinstance(kind, str) and kind in _KINDS else "other"


class Metrics:
    """The process's own registry and what is counted in it."""

    def __init__(self) -> None:
        self._directory: DirectoryFigures | None = None
        self._outbox: OutboxFigures | None = None
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.deliveries = Counter(
            "upgrade_desk_deliveries",
            "Deliveries from Slack by transport, kind and result.",
            ("transport", "kind", "result"),
            registry=self.registry,
        )
        self.ack_seconds = Histogram(
            "upgrade_desk_ack_seconds",
            "From the receipt of a delivery to its acknowledgement.",
            buckets=(0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 2.0, 3.0),
            registry=self.registry,
        )
        self.refused = Counter(
            "upgrade_desk_http_refused",
            "Requests to the intake that were not Slack's, by status.",
            ("status",),
            registry=self.registry,
        )
        self.pending = Gauge("upgrade_desk_pending_tasks", "Work that goes on after its ack.", registry=self.registry)

    def service_rests(self, rests: Callable[[], bool], opened: Callable[[], int]) -> None:
        """Show whether the eligibility service is left alone just now, and how often it was."""
        now = Gauge(
            "upgrade_desk_service_rests", "1 while the eligibility service is not asked.", registry=self.registry
        )
        now.set_function(rests)
        ever = Gauge("upgrade_desk_service_rests_begun", "How often it was left alone.", registry=self.registry)
        ever.set_function(opened)

    def outbox(self, read: Callable[[], Awaitable[OutboxState]]) -> None:
        """Show what waits to reach Slack; `read` is asked for each page."""
        self._outbox = OutboxFigures(registry=self.registry, read=read)

    def directory(self, read: Read) -> None:
        """Show how old and how large the directory of customers is; `read` is asked for each page."""
        self._directory = DirectoryFigures(registry=self.registry, read=read)

    async def refresh(self) -> None:
        """Read anew what is not counted as it happens."""
        if self._directory is not None:
            await self._directory.refresh()
        if self._outbox is not None:
            await self._outbox.refresh()

    def page(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self.registry)
