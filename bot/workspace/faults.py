"""Trouble on demand: this Slack misbehaves as the real one does, for tests and for the page's switch.

Strict: what no Slack answers cannot be armed. Channels, tokens and connections have a state of their own beside it
(`acts.channels`, `state.tokens`, `links.socket`); here is what happens to single calls and deliveries.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

RESPONSE_URL: Final = "response_url"
"""The name by which a fault meets what is posted to response urls; all else goes by the Web API method's name."""

_EVER: Final = 1_000_000


class FaultKind(StrEnum):
    """What happens instead of the answer to a call. A fault that `acts` lets the call take effect first."""

    HTML = "html"  # a proxy's 503 page
    HTML_OK = "html_ok"  # 200 with somebody's sign-in page
    EMPTY = "empty"  # 500 without a body
    FATAL = "fatal"  # `fatal_error`: "some aspect of the operation may have succeeded"
    RATELIMITED = "ratelimited"  # 429 with Retry-After
    REFUSED = "refused"  # `ok: false` with the code in `error`
    CUT = "cut"  # the connection is cut without a byte
    HALF_BODY = "half_body"  # the headers and half of the answer, then the connection is cut
    HANG = "hang"  # nothing for `seconds`, then the connection is cut
    SLOW = "slow"  # the right answer, `seconds` later


class DeliveryKind(StrEnum):
    """What happens to something on its way to the app."""

    TWICE = "twice"  # once more after it was acknowledged, as one that comes late
    AT_ONCE = "at_once"  # twice at the same moment
    UNANSWERED = "unanswered"  # it arrives, its acknowledgement does not: an event comes again, a member sees an error
    OVERTAKEN = "overtaken"  # the next one arrives first


_NEVER_ACTS: Final = frozenset({FaultKind.RATELIMITED, FaultKind.REFUSED})
_ALWAYS_ACTS: Final = frozenset({FaultKind.SLOW, FaultKind.HALF_BODY})
_TOKEN: Final = frozenset({"token_revoked", "account_inactive", "invalid_auth", "token_expired"})
_CHANNEL: Final = {
    "chat.postMessage": frozenset({"is_archived", "not_in_channel", "channel_not_found", "restricted_action"}),
    "chat.postEphemeral": frozenset({"is_archived", "not_in_channel", "channel_not_found"}),
    "chat.update": frozenset({"is_inactive", "channel_not_found", "edit_window_closed", "cant_update_message"}),
    "chat.delete": frozenset({"channel_not_found", "cant_delete_message"}),
    "conversations.info": frozenset({"channel_not_found"}),
    "conversations.members": frozenset({"channel_not_found"}),
    "conversations.history": frozenset({"channel_not_found", "not_in_channel"}),
    "conversations.replies": frozenset({"channel_not_found", "not_in_channel", "thread_not_found"}),
    "conversations.open": frozenset({"user_not_found", "user_disabled"}),
}
"""What methods refuse besides tokens, as their documentation lists it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One armed fault. `methods` None: every Web API method, but no response url. `channel`: that one's calls only."""

    number: int
    kind: FaultKind
    times: int
    methods: frozenset[str] | None
    channel: str | None
    seconds: float
    error: str
    acts: bool

    def meets(self, *, method: str, channel: str | None) -> bool:
        """Whether a call is one of those chosen."""
        right = method != RESPONSE_URL if self.methods is None else method in self.methods
        return right and self.channel in (None, channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFault:
    """One armed fault on the way to the app. `parcels`: the kind of delivery (`interactive`, ...), None: any."""

    kind: DeliveryKind
    times: int
    parcels: str | None


class Faults:
    """The switches. Several faults are met in the order of arming; `times` None is "until it is switched off"."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []
        self._deliveries: list[DeliveryFault] = []
        self._made = 0
        self._met: list[tuple[FaultKind, str]] = []

    def arm(
        self,
        kind: FaultKind | str,
        *methods: str,
        times: int | None = 1,
        channel: str | None = None,
        seconds: float | None = None,
        error: str = "",
        acts: bool | None = None,
    ) -> Fault:
        """Let the next `times` calls of these methods (none named: any) meet a fault.

        `arm("hang", "chat.postMessage", acts=True)` posts and does not answer; `arm("ratelimited", RESPONSE_URL,
        seconds=600)` is a 429 with `Retry-After: 600`. Raises ValueError for what no Slack answers.
        """
        kind = FaultKind(kind)
        acts = kind in _ALWAYS_ACTS if acts is None else acts
        seconds = {FaultKind.SLOW: 2.0, FaultKind.RATELIMITED: 30.0}.get(kind, 60.0) if seconds is None else seconds
        _check(kind, methods, times=times, seconds=seconds, error=error, acts=acts)
        self._made += 1
        fault = Fault(
            number=self._made,
            kind=kind,
            times=_EVER if times is None else times,
            methods=frozenset(methods) or None,
            channel=channel,
            seconds=seconds,
            error=error,
            acts=acts,
        )
        self._armed.append(fault)
        return fault

    @contextmanager
    def armed(
        self,
        kind: FaultKind | str,
        *methods: str,
        channel: str | None = None,
        seconds: float | None = None,
        error: str = "",
        acts: bool | None = None,
    ) -> Iterator[Fault]:
        """A fault for every such call, for the length of a `with` block."""
        fault = self.arm(kind, *methods, times=None, channel=channel, seconds=seconds, error=error, acts=acts)
        try:
            yield fault
        finally:
            self._armed = [each for each in self._armed if each.number != fault.number]

    def arm_delivery(self, kind: DeliveryKind | str, *, parcels: str | None = None, times: int | None = 1) -> None:
        """Let the next `times` deliveries of this kind (None: any) go wrong on their way to the app."""
        _check_times(times)
        if parcels not in (None, "slash_commands", "interactive", "events_api"):
            raise ValueError(f"{parcels} is nothing that is delivered")
        self._deliveries.append(
            DeliveryFault(kind=DeliveryKind(kind), times=_EVER if times is None else times, parcels=parcels)
        )

    def clear(self) -> None:
        """Switch everything off."""
        self._armed.clear()
        self._deliveries.clear()

    @property
    def waiting(self) -> tuple[Fault, ...]:
        """What is armed and not yet met, in order; `times` is what remains."""
        return tuple(self._armed)

    @property
    def met(self) -> tuple[tuple[FaultKind, str], ...]:
        """Every fault that a call met: kind and method."""
        return tuple(self._met)

    def take(self, *, method: str, channel: object = None) -> Fault | None:
        """The fault that this call meets, counted off; None where it meets none."""
        named = channel if isinstance(channel, str) else None
        for at, fault in enumerate(self._armed):
            if fault.meets(method=method, channel=named):
                self._armed[at : at + 1] = [] if fault.times == 1 else [replace(fault, times=fault.times - 1)]
                self._met.append((fault.kind, method))
                return fault
        return None

    def take_delivery(self, *, parcels: str) -> DeliveryKind | None:
        """What goes wrong with this delivery, counted off; None where nothing does."""
        for at, fault in enumerate(self._deliveries):
            if fault.parcels in (None, parcels):
                self._deliveries[at : at + 1] = [] if fault.times == 1 else [replace(fault, times=fault.times - 1)]
                return fault.kind
        return None


def _check_times(times: int | None) -> None:
    if times is not None and times < 1:
        raise ValueError("a fault is armed for one call or more")


def _check(
    kind: FaultKind, methods: tuple[str, ...], *, times: int | None, seconds: float, error: str, acts: bool
) -> None:
    _check_times(times)
    if acts and kind in _NEVER_ACTS:
        raise ValueError(f"{kind} proves that nothing happened: it cannot act")
    if not acts and kind in _ALWAYS_ACTS:
        raise ValueError(f"{kind} needs the real answer: it always acts")
    if seconds < 0:
        raise ValueError("seconds are counted from 0")
    if kind is FaultKind.FATAL and RESPONSE_URL in methods:
        raise ValueError("a response url answers in plain words")
    if (kind is FaultKind.REFUSED) != bool(error):
        raise ValueError("a refusal, and nothing else, has a code")
    if error and error not in _TOKEN:
        for method in methods or ("a method",):
            if error not in _CHANNEL.get(method, frozenset()):
                raise ValueError(f"{method} never answers {error}")
    if error in _TOKEN and RESPONSE_URL in methods:
        raise ValueError("a response url asks for no token")
