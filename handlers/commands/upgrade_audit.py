"""`/upgrade-audit <customer or change number>`: the audit trail, to the asker alone, where the policy lets them."""

from typing import Final

from bot.desk.audit_trail import TrailPage, find_trail, more_of_trail, trail_file, trail_of_chosen
from bot.desk.results import CustomerChoice
from handlers.answers import ByResponseUrl
from handlers.blocks.choice import choice_message
from handlers.blocks.sheet import Message
from handlers.blocks.text import esc, joined, unescaped
from handlers.blocks.trail import trail_help, trail_message, trail_sent
from handlers.boundary import spawn
from handlers.commands.upgrade_options import HELP_WORDS
from handlers.files import send_file
from handlers.incoming import Incoming
from handlers.payload import text_of

CHOOSE: Final = "audit.customer"


async def upgrade_audit(incoming: Incoming) -> None:
    """Acknowledge, then read."""
    await incoming.ack()
    spawn(incoming, _answer(incoming, unescaped(text_of(incoming.body, "text"))), name="upgrade_audit")


async def more_of_audit(incoming: Incoming) -> None:
    """The next page, in place of this one."""
    await incoming.ack()
    spawn(incoming, _more(incoming), name="more_of_audit")


async def choose_audit_of(incoming: Incoming) -> None:
    """The trail of the customer that was chosen, in place of the menu."""
    await incoming.ack()
    spawn(incoming, _of_chosen(incoming), name="choose_audit_of")


async def send_audit(incoming: Incoming) -> None:
    """All of it as a file, by direct message; the page stays as it is."""
    await incoming.ack()
    spawn(incoming, _send(incoming), name="send_audit")


async def _answer(incoming: Incoming, text: str) -> None:
    answer = ByResponseUrl(incoming.runtime.http, text_of(incoming.body, "response_url"))
    await answer.message(await _message(incoming, text), replace=False)


async def _message(incoming: Incoming, text: str) -> Message:
    if text.lower() in HELP_WORDS:
        return trail_help(await incoming.pen(), nonce=incoming.nonce())
    found = await find_trail(incoming.desk, caller=incoming.caller, text=text)
    if isinstance(found, CustomerChoice):
        return choice_message(await incoming.pen(), found, nonce=incoming.nonce(), action_id=CHOOSE)
    return trail_message(await incoming.pen(), found, nonce=incoming.nonce())


async def _more(incoming: Incoming) -> None:
    value = incoming.pressed.value
    await _replace(incoming, await more_of_trail(incoming.desk, caller=incoming.caller, handle=value))


async def _of_chosen(incoming: Incoming) -> None:
    value = incoming.pressed.value
    await _replace(incoming, await trail_of_chosen(incoming.desk, caller=incoming.caller, handle=value))


async def _send(incoming: Incoming) -> None:
    desk, caller, pen = incoming.desk, incoming.caller, await incoming.pen()
    subject, pieces = await trail_file(desk, caller=caller, handle=incoming.pressed.value)
    title = joined([pen.t("Audit trail"), esc(subject.name)], ": ")
    await send_file(
        incoming.client,
        incoming.runtime.http,
        user_id=caller.actor.user_id,
        name=f"audit-{desk.clock.now():%Y-%m-%d}.csv",
        title=f"{pen.texts.t('Audit trail')}: {subject.name}",
        comment=title,
        pieces=pieces,
    )
    if (answer := incoming.response_url) is not None:
        await answer.message(trail_sent(pen, nonce=incoming.nonce()), replace=False)


async def _replace(incoming: Incoming, page: TrailPage) -> None:
    if (answer := incoming.response_url) is not None:
        await answer.message(trail_message(await incoming.pen(), page, nonce=incoming.nonce()), replace=True)
