"""From a delivery to its acknowledgement: the same way for both transports."""

import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.domain.clock import Clock
from bot.web.deliveries import RECEIVED, Answer, Deliveries, delivery_key
from bot.web.metrics import Metrics, kind_of

# Bolt trusts x-slack-bolt-lazy-* headers to run a function directly, so headers are let in by name.
_PASSED_ON: Final = ("x-slack-retry-num", "x-slack-retry-reason")


class Dispatch:
    """Hands deliveries to Bolt, each once."""

    def __init__(self, *, app: AsyncApp, clock: Clock, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics
        self._deliveries = Deliveries(clock=clock)

    async def __call__(self, *, body: dict[str, Any], headers: Mapping[str, str], transport: str) -> Answer:
        """The answer to a delivery that is known to be Slack's."""
        started = time.perf_counter()
        key = delivery_key(body)
        if key is None:
            answer, repeated = await self._handle(body, headers), False
        else:
            answer, repeated = await self._deliveries.once(key, lambda: self._handle(body, headers))
        result = "repeated" if repeated else "received" if answer.received else "failed"
        self._metrics.deliveries.labels(transport, kind_of(body), result).inc()
        self._metrics.ack_seconds.observe(time.perf_counter() - started)
        return answer

    async def _handle(self, body: dict[str, Any], headers: Mapping[str, str]) -> Answer:
        passed: dict[str, Any] = {name: headers[name] for name in _PASSED_ON if name in headers}
        # This mode takes a dict as it is; Bolt's HTTP mode would parse and verify again, wrongly (facts/slack.md, 4.3).
        response = await self._app.async_dispatch(AsyncBoltRequest(body=body, headers=passed, mode="socket_mode"))
        if response.status == HTTPStatus.OK and not response.body:
            return RECEIVED
        return Answer(
            status=response.status, body=response.body or "", headers=dict(response.first_headers_without_set_cookie())
        )
