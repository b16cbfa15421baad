"""`Check the outcome` on a card: reads only, and says what came of it."""

from bot.desk.check_status import check_status
from bot.desk.results import Checked
from handlers.blocks.card import state_line
from handlers.blocks.help import notice_message
from handlers.blocks.pen import Pen
from handlers.blocks.text import Md, joined
from handlers.boundary import spawn
from handlers.incoming import Incoming


async def check(incoming: Incoming) -> None:
    """Look for the outcome now. The card follows by itself."""
    await incoming.ack()
    spawn(incoming, _check(incoming), name="check")


async def _check(incoming: Incoming) -> None:
    checked = await check_status(incoming.desk, change_id=incoming.pressed.value, by=incoming.caller)
    pen = await incoming.pen()
    words = joined([_found(pen, checked), state_line(pen, checked.change)], "\n")
    if (answer := incoming.response_url) is not None:
        message = notice_message(words, language=pen.texts.language, nonce=incoming.nonce())
        await answer.message(message, replace=False)


def _found(pen: Pen, checked: Checked) -> Md:
    if checked.settled:
        return pen.t("The outcome is known now.")
    if checked.unread:
        return pen.t(
            "The eligibility service could not be asked, so nothing new is known. Please try again in a minute."
        )
    return pen.t("Checked: nothing new is known.")
