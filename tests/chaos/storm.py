"""A service in a storm: each request meets fair weather or a fault, by chance. Around the real service, as a proxy is.

Chance is drawn from the seed, the path and how often it was asked: the order in which requests arrive changes nothing.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.eligibility.service.faults import Fault, FaultKind
from bot.eligibility.service.misbehaving import misbehave

K = FaultKind
World = Callable[[str, str, str], Awaitable[None]]
"""Changes the world: (what, customer id, subscription id)."""

LONG: Final = 1.4
"""Seconds of silence: longer than the sender under test waits."""

_FAIR: Final = "fair"
_LATE: Final = "acts after the sender gave up"
_LATER: Final = "202, acts later"
_TWICE: Final = "delivered twice"
_COPIES: Final = {"a copy acts, then 429": K.THROTTLED, "a copy acts, then 409 pending": K.CONFLICT}
MOVES: Final = ("seats moved", "bought elsewhere", "cancelled")

_Draw = tuple[int, str | FaultKind, bool]
_ORDERS: Final[tuple[_Draw, ...]] = (
    (60, _FAIR, True),
    (5, K.HANG, False),
    (5, K.HANG, True),
    (5, _LATE, True),
    (5, K.CUT, False),
    (5, K.CUT, True),
    (5, K.HALF_BODY, True),
    (20, K.THROTTLED, False),
    (4, K.ERROR, False),
    (4, K.ERROR, True),
    (2, K.UNAVAILABLE, False),
    (3, K.HTML, True),
    (3, K.HTML, False),
    (3, K.HTML_OK, True),
    (3, K.HTML_OK, False),
    (3, K.NONSENSE, True),
    (3, K.NONSENSE, False),
    (5, K.ACCEPTED, True),
    (5, _LATER, True),
    (5, _TWICE, True),
    *((4, copy, True) for copy in _COPIES),
    (3, K.SLOW, True),
    (3, K.CONFLICT, False),
    (2, K.FORBIDDEN, False),
    *((4, move, False) for move in MOVES),
)
_READS: Final[tuple[_Draw, ...]] = (
    (180, _FAIR, True),
    (4, K.ERROR, False),
    (2, K.UNAVAILABLE, False),
    (4, K.THROTTLED, False),
    (2, K.HTML, False),
    (2, K.HTML_OK, False),
    (2, K.NONSENSE, False),
    (2, K.HALF_BODY, True),
    (2, K.CUT, False),
    (2, K.HANG, False),
    (2, K.SLOW, True),
)


@dataclass(slots=True, kw_only=True)
class Storm:
    """The ASGI application. `blowing` False: fair weather. `met` counts what orders met, `sent` their request ids."""

    app: ASGIApp
    seed: str
    world: World
    blowing: bool = True
    met: Counter[str] = field(default_factory=Counter)
    reads_met: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    _asked: Counter[str] = field(default_factory=Counter)
    _later: set[asyncio.Task[None]] = field(default_factory=set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        order = scope["method"] == "POST"
        if order:
            self.sent[dict(scope["headers"])[b"ms-requestid"].decode()] += 1
        what, acts, luck = self._draw(order=order, path=scope["path"])
        acted = ", acted" if acts and isinstance(what, FaultKind) else ""
        (self.met if order else self.reads_met)[f"{what}{acted}"] += 1
        if isinstance(what, FaultKind):
            seconds = {K.HANG: LONG, K.SLOW: 0.1, K.ACCEPTED: 0.0}.get(
                what, float(luck.choice((0, 1, 20))) if order else 0.0
            )
            fault = Fault(number=0, kind=what, times=1, methods=None, path=None, seconds=seconds, acts=acts)
            return await misbehave(fault, app=self.app, scope=scope, receive=receive, send=send, raw=send)
        if what in {_LATE, _LATER}:
            return await self._act_later(scope, await _body(receive), receive, send, accepted=what == _LATER)
        if what == _TWICE:
            body = await _body(receive)
            await self.app(dict(scope), _again(body), _nobody)
            return await self.app(scope, _again(body), send)
        if what in _COPIES:
            await self.app(dict(scope), _again(await _body(receive)), _nobody)
            said = Fault(number=0, kind=_COPIES[what], times=1, methods=None, path=None, seconds=1.0, acts=False)
            return await misbehave(said, app=self.app, scope=scope, receive=receive, send=send, raw=send)
        if what in MOVES:
            _, _, _, customer_id, _, subscription_id, *_ = scope["path"].split("/")
            await self.world(what, customer_id, subscription_id)
        return await self.app(scope, receive, send)

    async def calm(self) -> None:
        """Fair weather from now on; what was to act later has acted."""
        self.blowing = False
        await asyncio.gather(*self._later)

    def _draw(self, *, order: bool, path: str) -> tuple[str | FaultKind, bool, random.Random]:
        self._asked[path] += 1
        luck = random.Random(f"{self.seed} {path} {order} {self._asked[path]}")  # noqa: S311 - weather, no secret
        draws = _ORDERS if order else _READS
        chosen = luck.choices(draws, weights=[each[0] for each in draws])[0] if self.blowing else (1, _FAIR, True)
        return chosen[1], chosen[2], luck

    async def _act_later(self, scope: Scope, body: bytes, receive: Receive, send: Send, *, accepted: bool) -> None:
        """The order is carried out when nobody listens any more: after a 202, or after the sender's patience."""

        async def act() -> None:
            await asyncio.sleep(0.3 if accepted else LONG)
            await self.app(dict(scope), _again(body), _nobody)

        task = asyncio.create_task(act(), name="act later")
        self._later.add(task)
        task.add_done_callback(self._later.discard)
        if accepted:
            await send({"type": "http.response.start", "status": 202, "headers": [(b"content-length", b"2")]})
            return await send({"type": "http.response.body", "body": b"{}"})
        fault = Fault(number=0, kind=K.HANG, times=1, methods=None, path=None, seconds=LONG, acts=False)
        return await misbehave(fault, app=self.app, scope=scope, receive=receive, send=send, raw=send)


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


def _again(body: bytes) -> Receive:
    """The same request once more, from a sender who stays until it is answered."""
    told = False

    async def receive() -> Message:
        nonlocal told
        if told:
            await asyncio.Event().wait()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _nobody(message: Message) -> None:
    """The answer reaches nobody."""
