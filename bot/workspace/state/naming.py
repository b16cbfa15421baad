"""Names as Slack makes them: ids with a letter in front, timestamps that are ids."""

import base64
import hashlib

from bot.domain.clock import Clock
from bot.domain.ids import Ids

_LENGTH = 10


def derived_id(prefix: str, *parts: str) -> str:
    """The same id for the same parts, always: `D` and ten letters or digits, for example."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return prefix + base64.b32encode(digest).decode()[:_LENGTH]


class Names:
    """Makes ids and timestamps. A timestamp is `seconds.microseconds` of the clock and is never given twice."""

    def __init__(self, *, clock: Clock, ids: Ids) -> None:
        self._clock, self._ids = clock, ids
        self._last = 0

    def seen(self, ts: str) -> None:
        """Never give this timestamp, or an earlier one, again."""
        whole, _, part = ts.partition(".")
        self._last = max(self._last, int(whole) * 1_000_000 + int(part))

    def ts(self) -> str:
        """A new timestamp, later than every one before."""
        self._last = max(self._last + 1, int(self._clock.now().timestamp() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def id(self, prefix: str) -> str:
        """A new id, such as `V…` for a view."""
        return derived_id(prefix, self._ids.uuid())

    def short(self) -> str:
        """Five characters, as Slack gives blocks that came without an id."""
        return derived_id("", self._ids.uuid())[:5]

    def uuid(self) -> str:
        """A UUID, as envelopes have."""
        return self._ids.uuid()

    def secret(self) -> str:
        """Something that cannot be guessed: tickets, response urls."""
        return self._ids.opaque()

    def hash(self) -> str:
        """A view's hash: it changes with the view."""
        return f"{int(self._clock.now().timestamp())}.{derived_id('', self._ids.uuid())[:8].lower()}"

    def trigger(self) -> str:
        """A trigger id: two numbers and something random."""
        raw = self._ids.uuid().replace("-", "")
        return f"{int(raw[:8], 16)}.{int(raw[8:16], 16)}.{hashlib.sha256(raw.encode()).hexdigest()[:32]}"
