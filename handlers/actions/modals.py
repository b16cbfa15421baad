"""Presses that open a modal about an order: to confirm it, to ask for it again, to see what is left to do after it."""

from bot.desk.after.customer_text import customer_text
from bot.desk.asked_again import asked_again
from bot.desk.prepare_upgrade import prepare_upgrade
from bot.desk.results import Confirmation
from bot.desk.seats.records import SeatSheet
from bot.domain.errors import OpenChangeExists
from handlers.actions.opening import open_modal
from handlers.actions.seats import seat_sheet
from handlers.answers import in_view
from handlers.blocks.confirmation import confirmation_view
from handlers.blocks.follow_ups import LANGUAGES, customer_text_view
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Block
from handlers.boundary import spawn
from handlers.card_link import card_url
from handlers.incoming import Incoming


async def choose_option(incoming: Incoming) -> None:
    """A target was pressed: read again, then ask for confirmation."""
    await open_modal(incoming, _upgrade, name="choose_option")


async def request_again(incoming: Incoming) -> None:
    """The same once more, prefilled."""
    await open_modal(incoming, _again, name="request_again")


async def show_customer_text(incoming: Incoming) -> None:
    """A text for the customer, for the asker alone."""
    await open_modal(incoming, _customer_text, name="show_customer_text")


async def customer_text_in(incoming: Incoming) -> None:
    """The text in another language, in place."""
    await incoming.ack()
    incoming.answer = in_view(incoming.client, incoming.body) or incoming.answer
    spawn(incoming, _in_other_words(incoming), name="customer_text_in")


async def _upgrade(incoming: Incoming) -> Block:
    asked = await prepare_upgrade(incoming.desk, caller=incoming.caller, handle=incoming.pressed.value)
    return await _confirmation(incoming, asked)


async def _again(incoming: Incoming) -> Block:
    asked = await asked_again(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    if isinstance(asked, SeatSheet):
        return await seat_sheet(incoming, asked)
    return await _confirmation(incoming, asked)


async def _confirmation(incoming: Incoming, asked: Confirmation) -> Block:
    url = None
    if isinstance(asked.hindrance, OpenChangeExists):
        url = await card_url(incoming, asked.hindrance.change_id)
    return confirmation_view(await incoming.pen(), asked, url=url)


async def _customer_text(incoming: Incoming) -> Block:
    told = await customer_text(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    pen = await incoming.pen()
    return customer_text_view(pen, told, words=_in(incoming, told.language or pen.texts.language))


async def _in_other_words(incoming: Incoming) -> None:
    told = await customer_text(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    _, _, number = incoming.pressed.action_id.rpartition(".")
    wanted = next((each for each, known in LANGUAGES.items() if str(known) == number), "en")
    view = customer_text_view(await incoming.pen(), told, words=_in(incoming, wanted))
    if (shown := in_view(incoming.client, incoming.body)) is not None:
        await shown.show(view)


def _in(incoming: Incoming, language: str) -> Pen:
    """The words of a language; English where the text cannot be had in it."""
    texts = incoming.runtime.catalogues.for_locale(language if language in LANGUAGES else "en")
    return Pen(texts, incoming.desk.catalogue)
