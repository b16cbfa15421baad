"""Faults on demand: the service misbehaves as real services do, for tests and for the demo's control.

Reachable only by whoever holds the object that was given to `create_service(faults=...)`; never over HTTP.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum


class FaultKind(StrEnum):
    """What happens instead of the answer. A fault that `acts` lets the request take effect first."""

    ERROR = "error"  # 500 in Partner Center's shape
    UNAVAILABLE = "unavailable"  # 503 without a body
    THROTTLED = "throttled"  # 429 in its own shape, with Retry-After
    UNAUTHORIZED = "unauthorized"  # 401
    FORBIDDEN = "forbidden"  # 403
    NOT_FOUND = "not_found"  # 404
    CONFLICT = "conflict"  # 409, "operation pending"
    HTML = "html"  # a proxy's 502 page
    HTML_OK = "html_ok"  # 200 with a sign-in page
    NONSENSE = "nonsense"  # 200 with JSON of another shape
    HALF_BODY = "half_body"  # the headers and the first half of the answer, then the connection is cut
    CUT = "cut"  # the connection is cut without a byte
    HANG = "hang"  # nothing for `seconds`, then the connection is cut
    SLOW = "slow"  # the right answer, `seconds` later
    ACCEPTED = "accepted"  # 202: it is carried out, `seconds` later (Location names the subscription)


_NEVER_ACTS = frozenset(
    {
        FaultKind.THROTTLED,
        FaultKind.UNAUTHORIZED,
        FaultKind.FORBIDDEN,
        FaultKind.NOT_FOUND,
        FaultKind.CONFLICT,
    }
)
_SECONDS = {FaultKind.SLOW: 2.0, FaultKind.ACCEPTED: 0.0}
_ALWAYS_ACTS = frozenset({FaultKind.SLOW, FaultKind.HALF_BODY, FaultKind.ACCEPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One armed fault. `methods` (None: any) and `path` (a regular expression, searched) choose the requests it meets.

    `seconds` is the delay of `slow`, `hang` and `accepted` and the Retry-After of `throttled`. `acts`: the request
    takes effect before the answer is spoilt, or after it (`accepted` with `seconds`).
    """

    number: int
    kind: FaultKind
    times: int
    methods: frozenset[str] | None
    path: str | None
    seconds: float
    acts: bool

    def meets(self, *, method: str, path: str) -> bool:
        """Whether a request is one of those chosen."""
        right_method = self.methods is None or method.upper() in self.methods
        return right_method and (self.path is None or re.search(self.path, path) is not None)


ORDERS = r"/subscriptions/[^/]+(/upgrades)?$"
"""`path` of what is ordered: an upgrade (POST) or a change of seats (PATCH); GETs have these paths too."""


class Faults:
    """The switches. Strict: a combination that no real service shows is refused with ValueError."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []
        self._made = 0
        self._met: list[tuple[FaultKind, str, str]] = []

    def arm(
        self,
        kind: FaultKind | str,
        *,
        times: int = 1,
        method: str | tuple[str, ...] | None = None,
        path: str | None = None,
        seconds: float | None = None,
        acts: bool | None = None,
    ) -> Fault:
        """Let the next `times` requests that match meet a fault; several faults are met in the order of arming.

        `arm("error", method="POST")` is a 500 before anything happened, `arm("cut", acts=True, method="POST")` an
        order that was carried out and whose answer never came.
        """
        kind = FaultKind(kind)
        if times < 1:
            raise ValueError("a fault is armed for one request or more")
        if acts is None:
            acts = kind in _ALWAYS_ACTS
        if acts and kind in _NEVER_ACTS:
            raise ValueError(f"{kind} proves that nothing happened: it cannot act")
        if not acts and kind in _ALWAYS_ACTS:
            raise ValueError(f"{kind} needs the real answer: it always acts")
        if seconds is None:
            seconds = _SECONDS.get(kind, 60.0)
        if seconds < 0:
            raise ValueError("seconds are counted from 0")
        if path is not None:
            re.compile(path)
        methods = (
            None if method is None else frozenset(m.upper() for m in ([method] if isinstance(method, str) else method))
        )
        self._made += 1
        fault = Fault(number=self._made, kind=kind, times=times, methods=methods, path=path, seconds=seconds, acts=acts)
        self._armed.append(fault)
        return fault

    def arm_next_order(self, kind: FaultKind | str, *, acts: bool | None = None, seconds: float | None = None) -> Fault:
        """The demo's "make the next order fail": the next upgrade or change of seats, whichever comes first."""
        return self.arm(kind, method=("POST", "PATCH"), path=ORDERS, acts=acts, seconds=seconds)

    @contextmanager
    def armed(self, kind: FaultKind | str, *, path: str | None = None, seconds: float | None = None) -> Iterator[Fault]:
        """A fault for every matching request, for the length of a `with` block."""
        fault = self.arm(kind, times=1_000_000, path=path, seconds=seconds)
        try:
            yield fault
        finally:
            self._armed = [each for each in self._armed if each.number != fault.number]

    def clear(self) -> None:
        """Disarm everything."""
        self._armed.clear()

    @property
    def waiting(self) -> tuple[Fault, ...]:
        """What is armed and not yet met, in order; `times` is what remains."""
        return tuple(self._armed)

    @property
    def met(self) -> tuple[tuple[FaultKind, str, str], ...]:
        """Every fault that a request met: kind, method, path."""
        return tuple(self._met)

    def take(self, *, method: str, path: str) -> Fault | None:
        """The fault that this request meets, counted off; None where it meets none."""
        for at, fault in enumerate(self._armed):
            if fault.meets(method=method, path=path):
                if fault.times == 1:
                    del self._armed[at]
                else:
                    self._armed[at] = replace(fault, times=fault.times - 1)
                self._met.append((fault.kind, method, path))
                return fault
        return None
