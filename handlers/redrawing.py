"""After a decision: the pressed card is locked at once, drawn from the row, and the person's Home follows."""

from typing import Final

import aiohttp
import structlog

from bot.desk.approval_results import ApprovalStatus
from bot.desk.approval_status import approval_status
from bot.desk.redraw import redraw_card
from bot.domain.changes import Change
from handlers.answers import ByResponseUrl, ResponseUrlRefused
from handlers.blocks.card import card
from handlers.blocks.pen import Pen
from handlers.home import refresh_home
from handlers.incoming import Incoming
from handlers.payload import text_of
from handlers.pressed_cards import PressedCard

log = structlog.get_logger(__name__)

_TROUBLE: Final = (ResponseUrlRefused, aiohttp.ClientError, OSError, TimeoutError)


def pressed_card(incoming: Incoming) -> PressedCard | None:
    """The card that this is about: the one that was pressed, or that was pressed to open the submitted modal."""
    if (kept := incoming.runtime.pressed.of(text_of(incoming.body, "view", "id"))) is not None:
        return kept
    if not incoming.pressed.value:
        return None
    return PressedCard(change_id=incoming.pressed.value, address=text_of(incoming.body, "response_url") or None)


def follow_up(incoming: Incoming) -> None:
    """After a decision: lock the card that was pressed, draw the person's Home anew; in work of its own."""
    incoming.runtime.spawn(_follow(incoming), name="follow_up")


def lock(incoming: Incoming) -> None:
    """Draw the card that was pressed anew: for whoever lost it shows who won."""
    incoming.runtime.spawn(_lock_pressed(incoming), name="lock")


async def _follow(incoming: Incoming) -> None:
    await _lock_pressed(incoming)
    await refresh_home(incoming)


async def _lock_pressed(incoming: Incoming) -> None:
    """A courtesy: the outbox draws the card anyway, a moment later."""
    pressed = pressed_card(incoming)
    if pressed is None or pressed.address is None:
        return
    try:
        await _lock(incoming, pressed.change_id, ByResponseUrl(incoming.runtime.http, pressed.address))
    except _TROUBLE as error:
        log.info("card_not_locked_at_once", change_id=pressed.change_id, error=type(error).__name__)


async def _lock(incoming: Incoming, change_id: str, address: ByResponseUrl) -> None:
    found = await _read(incoming, change_id)
    if found is None:
        return
    change, status = found
    pen = Pen(incoming.runtime.channel_texts, incoming.desk.catalogue)
    await address.redraw(card(pen, change, status))
    # The outbox may have drawn a later row meanwhile, and this one over it: then it draws once more (defects.md, 22).
    now = await _read(incoming, change_id)
    if now is not None and now[0].row_version != change.row_version:
        await redraw_card(incoming.desk, change=now[0])


async def _read(incoming: Incoming, change_id: str) -> tuple[Change, ApprovalStatus] | None:
    async with incoming.desk.database.read() as tx:
        change = await tx.changes.get(change_id)
        if change is None or change.team_id != incoming.caller.installed_team_id:
            return None
        return change, await approval_status(tx, incoming.desk, change)
