"""What Slack's client checks before it sends a modal: required fields, lengths, numbers, addresses."""

import re
from typing import Any

from bot.workspace.slackbot import say
from bot.workspace.state.stateful import KEYS, Values

_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s.]+"
_URL = r"https?://\S+"


def client_errors(blocks: list[Any], values: Values, locale: str) -> dict[str, str]:
    """By block, what Slack's client would say instead of sending; empty when it would send."""
    errors: dict[str, str] = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        state = values[block["block_id"]][element["action_id"]]
        value = state[KEYS[element["type"]]]
        found = _missing(block) if value in (None, "", []) else _fault(element, value)
        if found:
            errors[block["block_id"]] = say(found[0], locale, **found[1])
    return errors


def _missing(block: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    return None if block["optional"] else ("required", {})


def _fault(element: dict[str, Any], value: Any) -> tuple[str, dict[str, Any]] | None:
    kind = element["type"]
    if kind == "plain_text_input":
        return _length_fault(element, value)
    if kind == "email_text_input":
        return None if re.fullmatch(_EMAIL, value) else ("not_email", {})
    if kind == "url_text_input":
        return None if re.fullmatch(_URL, value) else ("not_url", {})
    if kind == "number_input":
        return _number_fault(element, value)
    most = element.get("max_selected_items")
    if most is not None and len(value) > most:
        return ("too_many", {"most": most})
    return None


def _length_fault(element: dict[str, Any], value: str) -> tuple[str, dict[str, Any]] | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return ("too_short", {"least": least})
    return ("too_long", {"most": most}) if len(value) > most else None


def _number_fault(element: dict[str, Any], value: str) -> tuple[str, dict[str, Any]] | None:
    if not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return ("not_number", {})
    if "." in value and not element["is_decimal_allowed"]:
        return ("not_whole", {})
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(value) < float(least):
        return ("too_small", {"least": least})
    return ("too_large", {"most": most}) if most is not None and float(value) > float(most) else None
