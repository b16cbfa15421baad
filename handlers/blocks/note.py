"""The input for a ticket or reason, the same in every modal that asks for a change."""

from typing import Any, Final

from handlers.blocks import limits
from handlers.blocks.pen import Pen
from handlers.blocks.text import clamp, clean, plain_object

NOTE_FIELD: Final = "note"
"""Block id and action id of the reason or ticket: constant, so that what was typed survives a new drawing."""


def note_input(pen: Pen, *, prefill: str, wanted: bool) -> dict[str, Any]:
    """The input. `wanted`: the policy asks for a ticket number."""
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": NOTE_FIELD, "max_length": limits.NOTE}
    initial = clamp(clean(prefill), limits.NOTE)
    return {
        "type": "input",
        "block_id": NOTE_FIELD,
        "optional": not wanted,
        "label": plain_object(pen.texts.t("Ticket or reason"), limits.INPUT_LABEL),
        "element": element | ({"initial_value": initial} if initial else {}),
    }
