"""Rate limits: buckets that fill by the clock (facts/slack.md 3)."""

import math
from dataclasses import dataclass

from bot.domain.clock import Clock


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rates:
    """Named buckets. A monotonic clock fills them; shifting it forward lets them fill."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, name: str, *, burst: int, per_second: float) -> int:
        """Take one; 0 when there was one, else the whole seconds after which there will be one."""
        now = self._clock.monotonic()
        bucket = self._buckets.setdefault(name, _Bucket(float(burst), now))
        bucket.left = min(float(burst), bucket.left + (now - bucket.at) * per_second)
        bucket.at = now
        if bucket.left >= 1:
            bucket.left -= 1
            return 0
        return max(1, math.ceil((1 - bucket.left) / per_second))
