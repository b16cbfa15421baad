"""How the client speaks HTTP: reads with bounded retries, orders once and never again, bodies of bounded size."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import aiohttp
import stamina
from yarl import URL

from bot.domain.errors import ServiceNonsense, ServiceThrottled, ServiceTimeout, ServiceTrouble, ServiceUnreachable
from bot.domain.ids import Ids
from bot.eligibility.breaker import Breaker, Health, Rules
from bot.eligibility.client_faults import Answer, retry_after_of, trouble_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLimits:
    """Bounds of the client, in seconds, bytes and numbers.

    `read_timeout` is for one try, `read_budget` for all tries of one read with the waits between them. `pages` bounds
    how many pages of `page_size` customers one search reads; `licence_reads` how many users are asked one by one.
    """

    connect_timeout: float = 2.0
    read_timeout: float = 8.0
    read_budget: float = 12.0
    read_tries: int = 3
    wait_initial: float = 0.1
    wait_most: float = 2.0
    concurrency: int = 32
    body_most: int = 16 * 1024 * 1024
    page_size: int = 500
    pages: int = 2
    user_pages: int = 10
    licence_reads: int = 200
    audit_pages: int = 20
    breaker: Rules = field(default_factory=Rules)


class NotSent(Exception):
    """No connection came about: the request did not leave."""


class NoAnswer(Exception):
    """The request may have left, and no answer came. The text is one word for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """One service at one address. `orders` is a session that opens a connection of its own for each order.

    A pooled connection that the service has closed meanwhile would make an order's outcome unknown for nothing.
    """

    session: aiohttp.ClientSession
    orders: aiohttp.ClientSession
    base: URL
    token_source: Callable[[], Awaitable[str]]
    ids: Ids
    limits: ClientLimits
    gate: asyncio.Semaphore
    breaker: Breaker

    async def get(
        self,
        path: str,
        *,
        correlation_id: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """The body of a 200. Raises ServiceTrouble; tried again where that may help, within the budget.

        While the service rests it is not asked: ServiceResting, at once.
        """
        with self.breaker.reading():
            return await self._get(path, correlation_id=correlation_id, query=query or {}, headers=headers or {})

    async def _get(
        self, path: str, *, correlation_id: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> bytes:
        url = self.base.joinpath(path, encoded=True).with_query(query)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.limits.read_budget

        def again(error: Exception) -> bool | float:
            if isinstance(error, ServiceThrottled):
                return error.retry_after if loop.time() + error.retry_after < deadline else False
            return isinstance(error, ServiceUnreachable | ServiceTimeout) or (
                type(error) is ServiceTrouble and (error.status or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR
            )

        async def read() -> bytes:
            return await self._read_once(url, correlation_id=correlation_id, headers=headers)

        try:
            async with asyncio.timeout(self.limits.read_budget):
                try:
                    return await read()
                except ServiceTrouble as trouble:
                    return await self._again(read, trouble, again)
        except TimeoutError as error:
            raise ServiceTimeout(correlation_id=correlation_id) from error

    async def _again(
        self, read: Callable[[], Awaitable[bytes]], trouble: ServiceTrouble, again: Callable[[Exception], bool | float]
    ) -> bytes:
        """The tries after the first. They are set up where one is needed: that takes as long as a read does."""
        async for attempt in stamina.retry_context(
            on=again,
            attempts=self.limits.read_tries,
            timeout=self.limits.read_budget,
            wait_initial=self.limits.wait_initial,
            wait_max=self.limits.wait_most,
            wait_jitter=self.limits.wait_initial,
        ):
            with attempt:
                if attempt.num == 1:
                    raise trouble
                return await read()
        raise trouble

    async def _read_once(self, url: URL, *, correlation_id: str, headers: Mapping[str, str]) -> bytes:
        try:
            async with self.gate, asyncio.timeout(self.limits.read_timeout):
                answer = await self._ask(
                    self.session,
                    "GET",
                    url,
                    headers={**await self._headers(self.ids.uuid(), correlation_id), **headers},
                    body=None,
                    timeout_=self.limits.read_timeout,
                )
        except TimeoutError as error:
            raise ServiceTimeout(correlation_id=correlation_id) from error
        except aiohttp.ClientError as error:
            raise ServiceUnreachable(correlation_id=correlation_id) from error
        if answer.status != HTTPStatus.OK:
            raise trouble_of(answer, correlation_id=correlation_id)
        if answer.body is None:
            raise ServiceNonsense(correlation_id=correlation_id, status=answer.status)
        return answer.body

    async def order(
        self,
        method: str,
        path: str,
        *,
        body: bytes,
        request_id: str,
        correlation_id: str,
        timeout_: float,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send once. Raises NotSent where it cannot have arrived, NoAnswer where nobody knows.

        Nothing is sent to a service that rests: what is asked first, whether it is there again, is a read.
        """
        if self.breaker.health is not Health.ANSWERING:
            raise NotSent
        url = self.base.joinpath(path, encoded=True)
        try:
            sent = {**await self._headers(request_id, correlation_id), "Content-Type": "application/json"}
        except ServiceTrouble as error:
            raise NotSent from error
        try:
            async with asyncio.timeout(timeout_):
                answer = await self._ask(
                    self.orders, method, url, headers={**sent, **(headers or {})}, body=body, timeout_=timeout_
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.breaker.heard(good=False)
            if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
                raise NotSent from error
            raise NoAnswer("timeout" if isinstance(error, TimeoutError) else "cut") from error
        self.breaker.heard(good=answer.status < HTTPStatus.INTERNAL_SERVER_ERROR)
        return answer

    async def _headers(self, request_id: str, correlation_id: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {await self.token_source()}",
            "Accept": "application/json",
            "MS-RequestId": request_id,
            "MS-CorrelationId": correlation_id,
            "X-Locale": "en-US",
        }

    async def _ask(
        self,
        session: aiohttp.ClientSession,
        method: str,
        url: URL,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout_: float,
    ) -> Answer:
        limits = aiohttp.ClientTimeout(total=timeout_, sock_connect=min(timeout_, self.limits.connect_timeout))
        async with session.request(
            method, url, headers=headers, data=body, timeout=limits, allow_redirects=False
        ) as response:
            try:
                read = await _bounded(response, self.limits.body_most)
            except aiohttp.ClientPayloadError:
                read = None  # the status line came whole: what it says stands, its body does not
            return Answer(status=response.status, body=read, retry_after=retry_after_of(response.headers))


def base_of(url: str) -> URL:
    """The address that paths are joined to, given with or without `/v1`."""
    base = URL(url.rstrip("/"))
    return base if base.path.endswith("/v1") else base / "v1"


async def _bounded(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    parts, size = [], 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)
