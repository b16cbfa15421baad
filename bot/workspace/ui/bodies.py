"""Bodies of requests: small, JSON where JSON is wanted."""

from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.workspace.parsing import parse_json
from bot.workspace.refusals import PageError

MOST = 1_000_000


async def read_body(request: Request, *, most: int = MOST) -> bytes:
    """The body. Raises PageError 413 above `most` bytes, by default 1 MB."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise PageError(413, "too_large")
    return bytes(body)


def is_json(request: Request) -> bool:
    """Whether the body says that it is JSON."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


async def page_body(request: Request) -> dict[str, Any]:
    """The JSON object that the page sent. Raises PageError 415 or 400; a plain form can never get here (CSRF)."""
    if not is_json(request):
        raise PageError(415, "json_required", "Content-Type: application/json")
    try:
        body = parse_json(await read_body(request))
    except ValueError:
        raise PageError(400, "bad_request", "not JSON") from None
    if not isinstance(body, dict):
        raise PageError(400, "bad_request", "not an object")
    return body


async def call_values(request: Request) -> dict[str, Any]:
    """The arguments of a Web API call, from the query, a form or JSON. Raises PageError 400."""
    values: dict[str, Any] = dict(request.query_params)
    raw = await read_body(request)
    if not raw:
        return values
    try:
        text = raw.decode()
        given = parse_json(text) if is_json(request) else dict(parse_qsl(text, keep_blank_values=True))
    except ValueError:
        raise PageError(400, "invalid_json") from None
    if not isinstance(given, dict):
        raise PageError(400, "json_not_object")
    return {**values, **given}


def field(body: dict[str, Any], name: str) -> str:
    """A text of the body that must be there. Raises PageError 400."""
    value = body.get(name)
    if not isinstance(value, str):
        raise PageError(400, "bad_request", f"{name} is missing or no text")
    return value
