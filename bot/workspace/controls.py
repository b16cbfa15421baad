"""What the page may do to the world around the workspace; whoever wires the demo implements it."""

from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import Protocol


class Controls(Protocol):
    """The demo's levers. Both verbs may be plain or coroutines."""

    def advance(self, by: timedelta) -> Awaitable[None] | None:
        """Move every clock of the demo forward by this much."""

    def fail_next_order(self, kind: str) -> Awaitable[None] | None:
        """Make the next order fail in this way, once. `kind` is one of `kinds()`."""

    def kinds(self) -> Sequence[str]:
        """The ways in which an order can be made to fail."""
