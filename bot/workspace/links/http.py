"""Signed HTTP (facts/slack.md 1.1, 1.2, 1.5, 1.6): the same payloads, posted to one address."""

import asyncio
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.domain.clock import Clock
from bot.workspace.config import SignedHttp
from bot.workspace.links.link import FAILED, TIMEOUT, Answer, Parcel
from bot.workspace.parsing import parse_json

_FORM = "application/x-www-form-urlencoded"
_OK, _REDIRECTS = 200, 2


class HttpLink:
    """Delivers by POST. What is not answered 200 within three seconds has failed; an event is content with any 2xx."""

    def __init__(self, *, delivery: SignedHttp, clock: Clock, ack_within: float) -> None:
        self._delivery, self._clock, self._ack_within = delivery, clock, ack_within
        self._session: aiohttp.ClientSession | None = None

    @property
    def connected(self) -> bool:
        """Always: only a delivery tells."""
        return True

    async def start(self) -> None:
        """Open the client session."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))

    async def deliver(self, parcel: Parcel) -> Answer:
        """Post once."""
        if self._session is None:
            raise RuntimeError("start() comes before deliver()")
        body, kind = _encode(parcel)
        try:
            async with (
                asyncio.timeout(self._ack_within),
                self._session.post(
                    self._delivery.request_url,
                    data=body,
                    headers=self.headers(body, kind, parcel),
                    max_redirects=_REDIRECTS,
                ) as response,
            ):
                return _judge(parcel, response, await response.read())
        except TimeoutError:
            return Answer(error=TIMEOUT, reason="http_timeout")
        except aiohttp.TooManyRedirects:
            return Answer(error=FAILED, reason="too_many_redirects")
        except aiohttp.ClientError:
            return Answer(error=FAILED, reason="connection_failed")

    def headers(self, body: bytes, kind: str, parcel: Parcel) -> dict[str, str]:
        """Slack's headers for a body, signature included."""
        # The machine's own time: an app judges freshness by its own clock, which nobody shifts.
        stamp = str(int((self._clock.now() - self._clock.shift).timestamp()))
        key = self._delivery.signing_secret.encode()
        signature = hmac.new(key, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        headers = {
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signature}",
        }
        if parcel.attempt:
            headers |= {"X-Slack-Retry-Num": str(parcel.attempt), "X-Slack-Retry-Reason": parcel.reason}
        return headers

    async def aclose(self) -> None:
        """Close the client session."""
        if self._session is not None:
            await self._session.close()


def _encode(parcel: Parcel) -> tuple[bytes, str]:
    if parcel.kind == "slash_commands":
        return urlencode(parcel.payload).encode(), _FORM
    document = json.dumps(parcel.payload)
    if parcel.kind == "interactive":
        return urlencode({"payload": document}).encode(), _FORM
    return document.encode(), "application/json"


def _judge(parcel: Parcel, response: aiohttp.ClientResponse, body: bytes) -> Answer:
    event = parcel.kind == "events_api"
    if not (response.ok if event else response.status == _OK):
        final = response.headers.get("x-slack-no-retry") == "1"
        return Answer(error=FAILED, reason="http_error", final=final)
    return Answer(body=_decode(parcel, body) if parcel.accepts else None)


def _decode(parcel: Parcel, body: bytes) -> Any:
    text = body.decode(errors="replace").strip()
    if not text:
        return None
    try:
        return parse_json(text)
    except ValueError:
        return {"text": text} if parcel.kind == "slash_commands" else None
