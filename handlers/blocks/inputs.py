"""Inputs of modals. Block id and action id are constant and the same, so that what was typed survives a new drawing."""

from typing import Any

from handlers.blocks import limits
from handlers.blocks.text import plain_object


def text_input(
    field: str, *, label: str, most: int, multiline: bool = False, optional: bool = True, initial: str = ""
) -> dict[str, Any]:
    """A text of at most `most` characters."""
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": field, "max_length": most}
    if multiline:
        element["multiline"] = True
    return {
        "type": "input",
        "block_id": field,
        "optional": optional,
        "label": plain_object(label, limits.INPUT_LABEL),
        "element": element | ({"initial_value": initial} if initial else {}),
    }


def one_of(field: str, *, label: str, options: dict[str, str]) -> dict[str, Any]:
    """One of a few answers, by value; none is chosen beforehand."""
    offered = [{"text": plain_object(text, limits.OPTION_TEXT), "value": value} for value, text in options.items()]
    return {
        "type": "input",
        "block_id": field,
        "optional": False,
        "label": plain_object(label, limits.INPUT_LABEL),
        "element": {"type": "radio_buttons", "action_id": field, "options": offered},
    }
