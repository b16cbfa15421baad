"""Time comes in from outside: instants by a wall clock, durations by a monotonic one."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What tells the time. Tests and the demo shift it; nothing else of ours asks the system."""

    @property
    def shift(self) -> timedelta:
        """How far this clock is ahead of the machine's; a database clock is shifted by the same."""

    def now(self) -> datetime:
        """The instant, in UTC and aware of it."""

    def monotonic(self) -> float:
        """Seconds since some start; never goes back. For durations and deadlines only."""


class SystemClock:
    """The machine's own clock."""

    shift = timedelta(0)

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since the machine's start."""
        return time.monotonic()


class ShiftedClock:
    """The machine's clock plus a shift that the demo's controls and the tests move forward, both readings together."""

    def __init__(self, shift: timedelta = timedelta(0)) -> None:
        self._shift = shift

    @property
    def shift(self) -> timedelta:
        """How far this clock is ahead of the machine's."""
        return self._shift

    def advance(self, by: timedelta) -> None:
        """Move forward. Time never goes back: a negative step is refused with ValueError."""
        if by < timedelta(0):
            raise ValueError("a clock does not go back")
        self._shift += by

    def now(self) -> datetime:
        """The shifted instant, in UTC."""
        return datetime.now(UTC) + self._shift

    def monotonic(self) -> float:
        """The shifted monotonic reading, in seconds."""
        return time.monotonic() + self._shift.total_seconds()
