"""What both ways to an app have in common."""

from dataclasses import dataclass
from typing import Any, Protocol

TIMEOUT = "operation_timeout"
FAILED = "dispatch_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: no error means acknowledged, with the body of the answer, if there was one.

    `reason` is Slack's word for why an event is sent again; `final` that the app asked for no retries.
    """

    error: str | None = None
    body: Any = None
    reason: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Something for the app: `slash_commands`, `interactive` or `events_api`; `accepts`: the answer may have a body."""

    kind: str
    payload: dict[str, Any]
    accepts: bool = False
    attempt: int = 0
    reason: str = ""


class Link(Protocol):
    """A way to the app. Waits at most three seconds by the event loop, whatever the clocks of the demo say."""

    @property
    def connected(self) -> bool:
        """Whether somebody is there to be reached."""

    async def start(self) -> None:
        """Get ready, inside the loop."""

    async def deliver(self, parcel: Parcel) -> Answer:
        """Hand this over once and wait for the acknowledgement. Never raises for what the app does."""

    async def aclose(self) -> None:
        """Let go of every connection."""
