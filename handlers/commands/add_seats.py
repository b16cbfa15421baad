"""`/add-seats <customer> [number]`: which subscriptions can take seats; with a number straight to the confirmation."""

from bot.desk.finding.finder import Wanted
from bot.desk.results import CustomerChoice
from bot.desk.seats.list_seats import list_seats
from bot.desk.seats.seats_command import SeatsTyped, find_for_seats, seats_typed
from handlers.actions.opening import open_modal
from handlers.actions.seats import CHOOSE_CUSTOMER, draw_typed
from handlers.answers import ByResponseUrl
from handlers.blocks.choice import choice_message
from handlers.blocks.seats import seats_help, seats_message
from handlers.blocks.sheet import Block, Message
from handlers.blocks.text import unescaped
from handlers.boundary import spawn
from handlers.commands.upgrade_options import HELP_WORDS
from handlers.finding import without_customer
from handlers.incoming import Incoming
from handlers.payload import text_of


async def add_seats(incoming: Incoming) -> None:
    """Acknowledge; with a number, open the modal at once (a trigger lives three seconds), else answer with the list."""
    typed = seats_typed(unescaped(text_of(incoming.body, "text")))
    if not typed.text:
        await without_customer(incoming, Wanted.SEATS)
        return
    if typed.number:

        async def draw(incoming: Incoming) -> Block:
            return await draw_typed(incoming, typed)

        await open_modal(incoming, draw, name="add_seats")
        return
    await incoming.ack()
    spawn(incoming, _answer(incoming, typed), name="add_seats")


async def _answer(incoming: Incoming, typed: SeatsTyped) -> None:
    answer = ByResponseUrl(incoming.runtime.http, text_of(incoming.body, "response_url"))
    await answer.message(await _message(incoming, typed), replace=False)


async def _message(incoming: Incoming, typed: SeatsTyped) -> Message:
    if typed.text.lower() in HELP_WORDS:
        return seats_help(await incoming.pen(), nonce=incoming.nonce())
    found = (await find_for_seats(incoming.desk, caller=incoming.caller, typed=typed)).found
    if isinstance(found, CustomerChoice):
        return choice_message(await incoming.pen(), found, nonce=incoming.nonce(), action_id=CHOOSE_CUSTOMER)
    listed = await list_seats(incoming.desk, caller=incoming.caller, customer_id=found.customer.id, opened=found)
    return seats_message(await incoming.pen(), listed, nonce=incoming.nonce())
