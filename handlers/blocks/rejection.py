"""The modal in which somebody rejects a change: it wants a reason, which its asker will read."""

from typing import Final

from bot.domain.changes import Change
from bot.domain.policy import Mode
from handlers.blocks import limits
from handlers.blocks.card import asker_line
from handlers.blocks.frames import modal
from handlers.blocks.inputs import text_input
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Block, Sheet
from handlers.blocks.subject import rehearsal_line, subject_line, upgrade_line

REJECT: Final = "change.reject"
REASON_FIELD: Final = "reason"
"""Block id and action id; also the `field` of the desk's BadInput."""


def rejection_view(pen: Pen, change: Change) -> Block:
    """What is rejected, and why."""
    texts = pen.texts
    sheet = Sheet(language=texts.language, nonce=f"{change.id}.reject")
    sheet.section(rehearsal_line(pen, Mode.REHEARSAL if change.rehearsal else None), subject_line(pen, change.facts))
    sheet.section(upgrade_line(pen, change.facts))
    sheet.context(asker_line(pen, change))
    sheet.section(pen.t("Nothing will be ordered. Whoever asked for it reads your reason; so does the channel."))
    sheet.element(text_input(REASON_FIELD, label=texts.t("Reason"), most=limits.NOTE, multiline=True, optional=False))
    return modal(
        texts,
        title=texts.t("Reject the change"),
        blocks=sheet.view_blocks(),
        callback_id=REJECT,
        submit=texts.t("Reject"),
        close=texts.t("Cancel"),
        draft_id=change.id,
    )
