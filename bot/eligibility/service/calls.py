"""What every request has: its ids, its path's ids checked, its body read within bounds."""

import asyncio
import re
from dataclasses import dataclass
from typing import Final, TypeVar

from fastapi import Request
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from bot.eligibility.service.errors import InvalidInput, TooSlow
from bot.eligibility.wire import WireModel

CALL_KEY: Final = "upgrade_desk.call"
LARGEST_BODY: Final = 1 << 19
"""Bytes of a request's body, at most."""

BODY_SECONDS: Final = 10.0

Model = TypeVar("Model", bound=WireModel)

UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The ids of one request: as the caller gave them, or made."""

    request_id: str
    correlation_id: str


def call_of(request: Request) -> Call:
    """The ids that the shell put into the scope."""
    call: Call = request.scope[CALL_KEY]
    return call


def known_id(text: str) -> str | None:
    """An id as the book writes it; None for what cannot be one."""
    lowered = text.lower()
    return lowered if UUID.fullmatch(lowered) else None


async def body_of(request: Request) -> bytes:
    """The body; too long a one or one that does not arrive is refused."""
    parts: list[bytes] = []
    length = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                length += len(part)
                if length > LARGEST_BODY:
                    raise InvalidInput("The request's body is too long.")
                parts.append(part)
    except (TimeoutError, ClientDisconnect) as fault:
        raise TooSlow from fault
    return b"".join(parts)


def parsed(model: type[Model], body: bytes) -> Model:
    """The body as a resource of the contract. Raises `InvalidInput` naming the fields at fault."""
    try:
        return model.model_validate_json(body)
    except ValidationError as fault:
        told = [_told(each["loc"], each["msg"]) for each in fault.errors(include_url=False, include_input=False)[:20]]
        raise InvalidInput("The request's body is not a valid resource.", data=told) from fault


def _told(place: tuple[int | str, ...], sentence: str) -> str:
    where = ".".join(str(step) for step in place)
    told = f"{where}: {sentence}" if where else sentence
    # What is quoted back was sent by a stranger and may hold half characters.
    return told.encode("utf-8", "replace").decode()[:300]
