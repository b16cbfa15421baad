"""One delivery from Slack on its way through a listener: who, what, and where the answer goes."""

import asyncio
from dataclasses import dataclass
from typing import Final

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk.after.hand_over import FIELD as COLLEAGUE_FIELD
from bot.desk.desk import Desk
from bot.domain.errors import Undetermined
from bot.domain.people import Caller
from bot.locales import Texts
from handlers.answers import Answer, AtSubmit, ByDirectMessage, ByResponseUrl
from handlers.at_menu import AtMenu
from handlers.blocks.confirmation import CONFIRM
from handlers.blocks.finder import FIELD as CUSTOMER_FIELD
from handlers.blocks.finder import FIND
from handlers.blocks.note import NOTE_FIELD
from handlers.blocks.pen import Pen
from handlers.blocks.rejection import REASON_FIELD, REJECT
from handlers.blocks.seat_sheet import CONFIRM_SEATS
from handlers.blocks.settling import SEEN_FIELD, SETTLE
from handlers.blocks.sheet import language_of
from handlers.blocks.work_list import HAND_OVER
from handlers.payload import Body, Kind, Pressed, caller_of, first_block_id, pressed_of, text_of, view_of
from handlers.runtime import Runtime

_FIELDS: Final = {
    CONFIRM: NOTE_FIELD,
    CONFIRM_SEATS: NOTE_FIELD,
    REJECT: REASON_FIELD,
    SETTLE: SEEN_FIELD,
    HAND_OVER: COLLEAGUE_FIELD,
    FIND: CUSTOMER_FIELD,
}
"""The input at which a modal tells what went wrong."""

_WORDS_WITHIN: Final = 2.4
"""Seconds after arrival: what is asked for before takes at most two (design.md), the answer's way the rest of three."""


@dataclass(slots=True, kw_only=True)
class Incoming:
    """What a listener gets. `arrived` is the desk's monotonic reading at arrival.

    `answer` is where errors are told; a listener that opens a modal sets it to that modal.
    """

    kind: Kind
    body: Body
    desk: Desk
    runtime: Runtime
    client: AsyncWebClient
    ack: AsyncAck
    caller: Caller
    arrived: float
    answer: Answer

    @property
    def pressed(self) -> Pressed:
        """The element that was used."""
        return pressed_of(self.body)

    @property
    def response_url(self) -> ByResponseUrl | None:
        """The response_url; None where the payload has none (Home, modals)."""
        address = text_of(self.body, "response_url")
        return ByResponseUrl(self.runtime.http, address) if address else None

    def nonce(self) -> str:
        """What makes block ids new with each drawing."""
        return self.desk.ids.opaque()

    async def pen(self) -> Pen:
        """The words of whoever reads the answer, by their Slack locale; of the channel where Slack cannot tell."""
        try:
            async with asyncio.timeout(self._time_for_words()):
                locale = (await self.desk.directory.person(self.caller)).locale
        except (Undetermined, TimeoutError):
            locale = ""
        return self._pen(self.runtime.catalogues.for_locale(locale) if locale else self._near_texts())

    def near_pen(self) -> Pen:
        """The words of the pressed message: known at once, for what cannot wait."""
        return self._pen(self._near_texts())

    def _time_for_words(self) -> float | None:
        """A submitted modal is answered within three seconds: its own language rather than no answer."""
        if self.kind not in {Kind.VIEW, Kind.OPTIONS}:
            return None
        return max(0.05, self.arrived + _WORDS_WITHIN - self.desk.clock.monotonic())

    def _near_texts(self) -> Texts:
        block_id = first_block_id(self.body) if self.kind in {Kind.VIEW, Kind.OPTIONS} else self.pressed.block_id
        language = language_of(block_id)
        return self.runtime.catalogues.for_locale(language) if language else self.runtime.channel_texts

    def _pen(self, texts: Texts) -> Pen:
        return Pen(texts, self.desk.catalogue)


def incoming(
    *,
    kind: Kind,
    body: Body,
    desk: Desk,
    runtime: Runtime,
    client: AsyncWebClient,
    ack: AsyncAck,
    installed: str | None,
) -> Incoming:
    """A delivery, with the nearest place to answer at."""
    caller = caller_of(kind, body, installed=installed)
    address = text_of(body, "response_url")
    answer: Answer = ByDirectMessage(client, caller.actor.user_id)
    if kind is Kind.VIEW:
        answer = AtSubmit(ack, field=_FIELDS.get(text_of(body, "view", "callback_id")))
    elif kind is Kind.OPTIONS:
        answer = AtMenu(ack=ack, client=client, runtime=runtime, view=view_of(body))
    elif address:
        answer = ByResponseUrl(runtime.http, address)
    return Incoming(
        kind=kind,
        body=body,
        desk=desk,
        runtime=runtime,
        client=client,
        ack=ack,
        caller=caller,
        arrived=desk.clock.monotonic(),
        answer=answer,
    )
