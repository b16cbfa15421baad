"""The directory's figures, read from it when they are asked for: its age and its size, nobody's name."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Gauge

SECONDS: Final = 2.0

Read = Callable[[], Awaitable[tuple[float, int]]]
"""Seconds since the last whole pass began (NaN before the first one ended), and how many customers there are."""


class DirectoryFigures:
    """Gauges over `read`. Where the directory does not answer in 2 s they are NaN."""

    def __init__(self, *, registry: CollectorRegistry, read: Read) -> None:
        self._read = read
        self._age = Gauge(
            "upgrade_desk_directory_age_seconds",
            "How long ago the last whole reading of the service's customers began.",
            registry=registry,
        )
        self._size = Gauge("upgrade_desk_directory_customers", "Customers in the directory.", registry=registry)

    async def refresh(self) -> None:
        """Read them anew."""
        age, size = float("nan"), float("nan")
        try:
            async with asyncio.timeout(SECONDS):
                age, size = await self._read()
        except Exception as error:  # noqa: BLE001 - a page without these figures is better than none
            structlog.get_logger(__name__).warning("directory_figures_unread", exc_info=error)
        self._age.set(age)
        self._size.set(size)
