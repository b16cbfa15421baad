"""Where an answer goes: a response_url, the modal that is open, the modal that was submitted, a direct message."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import aiohttp
import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BadInput, UpgradeDeskError
from handlers.blocks.approval import with_again
from handlers.blocks.errors import AT_FIELD, error_message, error_view, home_of_error, plain_problem
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Block, Message
from handlers.slack_code import slack_code

log = structlog.get_logger(__name__)

_POST_TIMEOUT: Final = aiohttp.ClientTimeout(total=10, connect=3)
_OK: Final = 200
_TOO_MANY: Final = 429
_LONGEST_WAIT: Final = 10.0
"""Seconds for which somebody who pressed still waits for an answer."""
_GONE: Final = frozenset({"not_found", "expired_trigger_id"})


class ResponseUrlRefused(Exception):
    """Slack did not take a message at a response_url: too old, or used five times."""


class _TooMany(ResponseUrlRefused):
    """Slack asks to wait so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(_TOO_MANY)
        self.seconds = seconds


class Answer(Protocol):
    """Tells whoever pressed. What it raises is logged by the boundary; there is nobody else to tell."""

    async def trouble(self, pen: Pen, error: UpgradeDeskError, *, nonce: str, url: str | None) -> None:
        """Tell an error."""


@dataclass(frozen=True, slots=True)
class ByResponseUrl:
    """Messages to the response_url of a command or of a press on a message; seen by that person alone."""

    http: aiohttp.ClientSession
    address: str

    async def message(self, message: Message, *, replace: bool) -> None:
        """Post a message, in place of the pressed one or beside it."""
        shape = {"response_type": "ephemeral", "replace_original": replace}
        await _post(self.http, self.address, {**message.payload(), **shape})

    async def redraw(self, message: Message) -> None:
        """Put other content into the pressed message, which stays what it is: of the channel, or one person's."""
        await _post(self.http, self.address, {**message.payload(), "replace_original": True})

    async def trouble(self, pen: Pen, error: UpgradeDeskError, *, nonce: str, url: str | None) -> None:
        """Beside what was pressed, which stays as it is."""
        await self.message(error_message(pen, error, nonce=nonce, url=url), replace=False)


@dataclass(frozen=True, slots=True)
class InModal:
    """The modal that was opened for a press. One that was closed meanwhile is left alone."""

    client: AsyncWebClient
    view_id: str

    async def show(self, view: Block) -> None:
        """Draw the modal anew."""
        try:
            await self.client.views_update(view_id=self.view_id, view=view)
        except SlackApiError as error:
            if slack_code(error) not in _GONE:
                raise
            log.info("modal_closed_meanwhile", view_id=self.view_id)

    async def trouble(self, pen: Pen, error: UpgradeDeskError, *, nonce: str, url: str | None) -> None:
        """In place of what was being loaded."""
        await self.show(error_view(pen, error, nonce=nonce, url=url))


def in_view(client: AsyncWebClient, body: Mapping[str, Any]) -> InModal | None:
    """The modal that was pressed in; None where the press was not in one."""
    view = body.get("view")
    view_id = view.get("id") if isinstance(view, Mapping) else None
    return InModal(client, view_id) if isinstance(view_id, str) and view_id else None


@dataclass(frozen=True, slots=True)
class AtSubmit:
    """The acknowledgement of a submitted modal: the only way to keep it open with a fault at a field."""

    ack: AsyncAck
    field: str | None

    async def show(self, view: Block) -> None:
        """Draw something else in its place."""
        await self.ack(response_action="update", view=view)

    async def trouble(self, pen: Pen, error: UpgradeDeskError, *, nonce: str, url: str | None) -> None:
        """At the field, where trying again may help; else in place of the modal."""
        # A fault of something typed belongs at that input; the others at the one that the modal is about.
        field = error.field if isinstance(error, BadInput) and self.field is not None else self.field
        if isinstance(error, AT_FIELD) and field is not None:
            await self.ack(response_action="errors", errors={field: plain_problem(pen, error)})
            return
        await self.show(error_view(pen, error, nonce=nonce, url=url))


@dataclass(frozen=True, slots=True)
class AtReview:
    """The acknowledgement of a submitted approval, which has no input: what may work again gets its button again."""

    ack: AsyncAck
    review_id: str

    async def trouble(self, pen: Pen, error: UpgradeDeskError, *, nonce: str, url: str | None) -> None:
        """In place of the facts."""
        again = isinstance(error, AT_FIELD) and not isinstance(error, BadInput)
        view = error_view(pen, error, nonce=nonce, url=url)
        await self.ack(response_action="update", view=with_again(pen, view, self.review_id) if again else view)


@dataclass(frozen=True, slots=True)
class InHome:
    """The Home tab of whoever opened it."""

    client: AsyncWebClient
    user_id: str

    async def trouble(self, pen: Pen, error: UpgradeDeskError, *, nonce: str, url: str | None) -> None:
        """In place of what could not be shown."""
        view = home_of_error(pen, error, nonce=nonce, url=url)
        await self.client.views_publish(user_id=self.user_id, view=view)


@dataclass(frozen=True, slots=True)
class ByDirectMessage:
    """A direct message, where nothing nearer is left."""

    client: AsyncWebClient
    user_id: str

    async def trouble(self, pen: Pen, error: UpgradeDeskError, *, nonce: str, url: str | None) -> None:
        """As a message from the app."""
        message = error_message(pen, error, nonce=nonce, url=url)
        await self.client.chat_postMessage(channel=self.user_id, unfurl_links=False, **message.payload())


async def _post(http: aiohttp.ClientSession, address: str, payload: dict[str, Any]) -> None:
    """Post once; again only where it was not taken for sure (no connection, a 429), so that nothing is said twice."""
    try:
        await _post_once(http, address, payload)
    except aiohttp.ClientConnectorError:
        log.warning("response_url_unreachable_once")
        await _post_once(http, address, payload)
    except _TooMany as busy:
        log.warning("response_url_busy_once", seconds=busy.seconds)
        if busy.seconds > _LONGEST_WAIT:
            raise
        await asyncio.sleep(busy.seconds)
        await _post_once(http, address, payload)


async def _post_once(http: aiohttp.ClientSession, address: str, payload: dict[str, Any]) -> None:
    async with http.post(address, json=payload, timeout=_POST_TIMEOUT) as answer:
        if answer.status == _TOO_MANY:
            after = answer.headers.get("Retry-After", "")
            raise _TooMany(float(after) if after.isdecimal() else 1.0)
        if answer.status != _OK:
            raise ResponseUrlRefused(answer.status)
