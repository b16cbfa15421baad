"""A number in a modal, and what follows from it, told beneath the field while somebody types.

What is told carries its number in its block id, so that a submission can be compared with what was shown: nothing is
ordered that was not on the screen (screens.md: one touch on a phone must not order anything).
"""

from collections.abc import Mapping
from typing import Any, Final

from handlers.blocks import limits
from handlers.blocks.sheet import Sheet
from handlers.blocks.text import Md, clamp, clean, mrkdwn_object, plain_object

SEATS_FIELD: Final = "seats"
"""Block id of the number; also the `field` of the desk's BadInput."""
_TOLD: Final = "told"
_DIGITS: Final = 9
_LONGEST: Final = 20
"""Characters of the field; longer than any number, so that what is too large can be said."""


def number_input(action_id: str, *, label: str, hint: str, initial: str = "", optional: bool = False) -> dict[str, Any]:
    """A field for a number. It is a text, so that what is no number can be said in our own words, at the field."""
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": action_id,
        "max_length": _LONGEST,
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    first = clamp(clean(initial), _LONGEST)
    return {
        "type": "input",
        "block_id": SEATS_FIELD,
        "optional": optional,
        "dispatch_action": True,
        "label": plain_object(label, limits.INPUT_LABEL),
        "hint": plain_object(hint, limits.INPUT_LABEL),
        "element": element | ({"initial_value": first} if first else {}),
    }


def tell_number(sheet: Sheet, number: int | None, *lines: Md) -> None:
    """What follows from `number`; None where what was typed is none."""
    text = Md("\n".join(line for line in lines if line))
    sheet.said.append(text)
    block_id = f"{sheet.language}.{sheet.nonce}.{_TOLD}.{'' if number is None else number}"
    sheet.element({"type": "section", "block_id": block_id, "text": mrkdwn_object(text)})


def told_number(body: Mapping[str, Any]) -> int | None:
    """The number whose consequences stood on the screen when the modal was submitted; None where none did."""
    view = body.get("view")
    blocks = view.get("blocks") if isinstance(view, dict) else None
    for block in blocks if isinstance(blocks, list) else ():
        block_id = block.get("block_id") if isinstance(block, dict) else None
        before, told, number = str(block_id).rpartition(f".{_TOLD}.")
        if before and told and number.isdecimal() and len(number) <= _DIGITS:
            return int(number)
    return None
