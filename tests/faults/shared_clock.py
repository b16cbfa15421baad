"""One shifted clock for several processes: whoever moves it forward moves it for all of them, at once.

A lease of two minutes is over in a test as soon as the clock says so; a process that is stopped meanwhile finds the
time gone when it wakes up, as it would on a machine.
"""

import mmap
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

_SHIFT: Final = struct.Struct("=d")


class SharedClock:
    """The machine's clock plus a shift in seconds that stands in a file which every process has mapped."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_SHIFT.pack(0.0))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _SHIFT.size)

    @property
    def shift(self) -> timedelta:
        """How far this clock is ahead of the machine's."""
        return timedelta(seconds=self._seconds)

    @property
    def _seconds(self) -> float:
        return float(_SHIFT.unpack_from(self._map)[0])

    def advance(self, by: timedelta) -> None:
        """Move forward; one process does so, the others read."""
        if by < timedelta(0):
            raise ValueError("a clock does not go back")
        _SHIFT.pack_into(self._map, 0, self._seconds + by.total_seconds())

    def now(self) -> datetime:
        """The shifted instant, in UTC."""
        return datetime.now(UTC) + self.shift

    def monotonic(self) -> float:
        """The shifted monotonic reading, in seconds."""
        return time.monotonic() + self._seconds
