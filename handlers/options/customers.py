"""The field that searches customers as one types: answered within Slack's three seconds, whatever is slow."""

from bot.desk.directory_search import suggest_customers
from bot.desk.finding.finder import suggest_candidates
from handlers.at_menu import AtMenu
from handlers.blocks.finder import suggestions
from handlers.incoming import Incoming
from handlers.payload import text_of


async def suggest(incoming: Incoming) -> None:
    """Who fits; before anything is typed, who may be meant by the message that the modal is about."""
    desk, caller, text = incoming.desk, incoming.caller, text_of(incoming.body, "value")
    if text.strip():
        found = await suggest_customers(desk, caller=caller, text=text)
    else:
        value = text_of(incoming.body, "view", "private_metadata")
        found = await suggest_candidates(desk, caller=caller, value=value)
    await incoming.ack(**suggestions(incoming.near_pen(), found, from_message=not text.strip()))
    if isinstance(incoming.answer, AtMenu):
        incoming.answer.well()
