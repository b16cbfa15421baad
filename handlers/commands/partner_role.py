"""`/partner-role`: who the asker is here, and what they may do."""

from bot.desk.rights import rights_of
from handlers.answers import ByResponseUrl
from handlers.blocks.role import role_message
from handlers.boundary import spawn
from handlers.incoming import Incoming
from handlers.payload import text_of


async def partner_role(incoming: Incoming) -> None:
    """Acknowledge, then read roles and rights."""
    await incoming.ack()
    spawn(incoming, _answer(incoming), name="partner_role")


async def _answer(incoming: Incoming) -> None:
    rights = await rights_of(incoming.desk, caller=incoming.caller)
    message = role_message(await incoming.pen(), rights, policy=incoming.desk.policies(), nonce=incoming.nonce())
    answer = ByResponseUrl(incoming.runtime.http, text_of(incoming.body, "response_url"))
    await answer.message(message, replace=False)
