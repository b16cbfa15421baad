"""Writes happen once: the answer of one that acted is remembered in the transaction of its effect (decision 0022)."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request, Response
from sqlalchemy.exc import IntegrityError

from bot.eligibility.service.calls import Call, body_of, call_of
from bot.eligibility.service.errors import RequestIdReused
from bot.eligibility.service.parts import Service, locked_holding_of
from storage.book.book import BookTransaction
from storage.book.records import HoldingRecord, RememberedAnswer

_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a write answers. `acted` is false where nothing was changed: then the answer is not remembered."""

    body: bytes
    acted: bool
    headers: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One write under way: its transaction, what its customer holds (locked), its ids and its body."""

    tx: BookTransaction
    holding: HoldingRecord
    call: Call
    body: bytes


async def once(
    service: Service, request: Request, *, customer_id: str, act: Callable[[Write], Awaitable[Done]]
) -> Response:
    """Carry a write out, unless its `MS-RequestId` already did: then the same answer, and nothing happens.

    Raises `RequestIdReused` where the id carried out a different request. A write that raises has changed nothing.
    """
    body = await body_of(request)
    call = call_of(request)
    fingerprint = _fingerprint(request.method, request.url.path, body)
    now = service.clock.now()
    try:
        async with service.book.write() as tx:
            # The customer's lock comes first: of two requests with one id the second finds the first one's answer.
            holding = await locked_holding_of(tx, customer_id)
            before = await tx.answers.get(call.request_id)
            if before is not None:
                if before.fingerprint != fingerprint:
                    raise RequestIdReused
                return Response(before.body, before.status, headers=dict(before.headers), media_type=_JSON)
            done = await act(Write(tx=tx, holding=holding, call=call, body=body))
            if done.acted:
                await tx.answers.forget_old(now)
                await tx.answers.remember(
                    RememberedAnswer(
                        request_id=call.request_id,
                        fingerprint=fingerprint,
                        status=200,
                        headers=done.headers,
                        body=done.body,
                        at=now,
                    )
                )
    except IntegrityError as fault:
        # The same id, at the same time, at another customer (else the lock would have shown it).
        if "book_answer" in str(fault.orig):
            raise RequestIdReused from fault
        raise
    return Response(done.body, 200, headers=dict(done.headers), media_type=_JSON)


def _fingerprint(method: str, path: str, body: bytes) -> str:
    # Ids in a path may be written in any case; it is the same request.
    head = f"{method}\n{path.rstrip('/').casefold()}\n".encode("utf-8", "replace")
    return hashlib.sha256(head + body).hexdigest()
