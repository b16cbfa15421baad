"""A customer was chosen in the modal that asks: it closes, and the answer goes to where the command was typed."""

from bot.desk.directory_search import customer_by_key
from bot.desk.finding.finder import Sought, open_finder
from bot.desk.reasons import Problem
from bot.domain.errors import BadInput
from handlers.blocks.finder import FIELD, SEARCH
from handlers.boundary import spawn
from handlers.found import SHOWN
from handlers.incoming import Incoming
from handlers.payload import chosen_option, text_of
from handlers.where_asked import WhereAsked


async def find_chosen(incoming: Incoming) -> None:
    """Read what the modal is about within two seconds, close it, then answer."""
    sought = await open_finder(
        incoming.desk, caller=incoming.caller, value=text_of(incoming.body, "view", "private_metadata")
    )
    key = chosen_option(incoming.body, block_id=FIELD, action_id=SEARCH)
    if not key:
        raise BadInput(field=FIELD, problem=Problem.EMPTY)
    where = WhereAsked(
        http=incoming.runtime.http,
        client=incoming.client,
        address=sought.address,
        channel_id=sought.channel_id,
        user_id=incoming.caller.actor.user_id,
    )
    incoming.answer = where
    await incoming.ack()
    spawn(incoming, _answer(incoming, sought, key, where), name="find_chosen")


async def _answer(incoming: Incoming, sought: Sought, key: str, where: WhereAsked) -> None:
    opened = await customer_by_key(incoming.desk, caller=incoming.caller, key=key)
    await where.message(await SHOWN[sought.wanted](incoming, opened))
