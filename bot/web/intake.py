"""`/slack/events`: everything Slack sends by HTTP. The signature first, then the parsing, then the dispatch."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog

from bot.domain.clock import Clock
from bot.web.deliveries import Answer
from bot.web.dispatch import Dispatch
from bot.web.metrics import Metrics
from bot.web.parsing import Malformed, parse_body
from bot.web.signature import signed_by_slack

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

MOST_BYTES: Final = 2_000_000
BODY_SECONDS: Final = 5.0
_TEXT: Final = {"content-type": "text/plain; charset=utf-8"}


class Refusal(Exception):
    """A request that is not taken: an HTTP status and a word; nothing of the request is repeated or logged."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.answer = Answer(status=status, body=json.dumps({"error": word}), headers=_JSON)


_JSON: Final = {"content-type": "application/json"}


class Intake:
    """An ASGI application for one path. `dispatch` None (Socket Mode alone) takes nothing."""

    def __init__(
        self, *, secret: str, dispatch: Dispatch, clock: Clock, metrics: Metrics, body_seconds: float = BODY_SECONDS
    ) -> None:
        if not secret:
            raise ValueError("an empty signing secret would take anybody's word")
        self._secret, self._dispatch, self._clock, self._metrics = secret.encode(), dispatch, clock, metrics
        self._body_seconds = body_seconds
        self._log = structlog.get_logger("intake")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            answer = await self._answer(scope, receive)
        except Refusal as refusal:
            answer = refusal.answer
            self._metrics.refused.labels(str(answer.status)).inc()
            self._log.info("delivery_refused", status=answer.status, reason=str(refusal))
        except Exception:  # noqa: BLE001 - whatever it was: Slack gets no 500, and the delivery counts as not received
            answer = Answer(status=503, body='{"error":"not_processed"}', headers=_JSON)
            self._log.exception("delivery_failed")
        await _send(send, answer, close=answer.status in (408, 413))

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if scope["method"] != "POST":
            raise Refusal(405, "method_not_allowed")
        headers: dict[bytes, bytes] = dict(scope["headers"])
        body = await self._read(headers, receive)
        if not signed_by_slack(
            secret=self._secret,
            timestamp=headers.get(b"x-slack-request-timestamp", b""),
            signature=headers.get(b"x-slack-signature", b""),
            body=body,
            now=self._clock.now().timestamp() - self._clock.shift.total_seconds(),
        ):
            raise Refusal(401, "signature_refused")
        try:
            payload = parse_body(content_type=headers.get(b"content-type", b"").decode("latin-1"), body=body)
        except Malformed:
            raise Refusal(400, "malformed") from None
        if payload.get("type") == "url_verification":
            return _challenge(payload)
        if "ssl_check" in payload and "command" not in payload:
            return Answer(status=200)
        if "command" not in payload and not isinstance(payload.get("type"), str):
            raise Refusal(400, "malformed")
        passed = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers.items()}
        return await self._dispatch(body=payload, headers=passed, transport="http")

    async def _read(self, headers: dict[bytes, bytes], receive: Receive) -> bytes:
        declared = headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > MOST_BYTES:
            raise Refusal(413, "too_large")
        parts: list[bytes] = []
        size, more = 0, True
        try:
            async with asyncio.timeout(self._body_seconds):
                while more:
                    message = await receive()
                    if message["type"] != "http.request":
                        raise Refusal(400, "incomplete")
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if size > MOST_BYTES:
                        raise Refusal(413, "too_large")
                    more = message.get("more_body", False)
        except TimeoutError:
            raise Refusal(408, "too_slow") from None
        return b"".join(parts)


def _challenge(payload: dict[str, Any]) -> Answer:
    challenge = payload.get("challenge")
    if not isinstance(challenge, str):
        raise Refusal(400, "malformed")
    return Answer(status=200, body=challenge, headers=_TEXT)


async def _send(send: Send, answer: Answer, *, close: bool) -> None:
    body = answer.body.encode()
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
    headers = [each for each in headers if each[0].lower() != b"content-length"]
    headers.append((b"content-length", b"%d" % len(body)))
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
