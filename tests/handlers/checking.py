"""What every message and view must keep: the validators of the workspace, and no mark-up from data."""

import re
from collections.abc import Iterator
from typing import Any, Final

from bot.workspace.limits import validate_message, validate_view
from handlers.blocks import limits
from handlers.blocks.sheet import Message

_ALLOWED: Final = re.compile(r"<(?:@[A-Z0-9]+|!date\^\d+\^[^|<>]*\|[^<>]*|https://[^|<>]+\|[^<>]+)>")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def check_message(message: Message, *, update: bool = False) -> None:
    """What Slack would refuse, and what must never be in a message."""
    payload = message.payload()
    assert validate_message(payload, text_limit=limits.TEXT_UPDATED if update else None) == []
    assert message.text.strip()
    assert len(message.text) <= limits.TEXT_POSTED
    _check_texts(payload)


def check_view(view: dict[str, Any]) -> None:
    """The same for a modal or Home."""
    assert validate_view(view) == []
    _check_texts(view)


def mrkdwn_of(thing: Any) -> list[str]:
    """Every piece of mrkdwn in a message or view, the top-level text included."""
    found: list[str] = []
    if isinstance(thing, dict):
        if thing.get("type") == "mrkdwn":
            assert thing["verbatim"] is True
            found.append(thing["text"])
        elif "blocks" in thing and isinstance(thing.get("text"), str):
            found.append(thing["text"])
        for value in thing.values():
            found += mrkdwn_of(value)
    elif isinstance(thing, list):
        for value in thing:
            found += mrkdwn_of(value)
    return found


def buttons_of(thing: Any) -> list[dict[str, Any]]:
    """Every button."""
    blocks = thing["blocks"]
    return [each for block in blocks for each in block.get("elements", ()) if each.get("type") == "button"]


def _strings(thing: Any) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict | list):
        for each in thing.values() if isinstance(thing, dict) else thing:
            yield from _strings(each)


def _check_texts(thing: dict[str, Any]) -> None:
    assert not [each for each in _strings(thing) if _CONTROL.search(each) or "\u202e" in each]
    for text in mrkdwn_of(thing):
        left = _ALLOWED.sub("", text)
        assert "<" not in left, text
        assert ">" not in left, text
        assert re.sub(r"&(?:amp|lt|gt);", "", left).count("&") == 0, text
        assert text.count("\u2068") == text.count("\u2069"), text
    names = [button["text"]["text"] for button in buttons_of(thing)]
    # In Home the same button stands at many changes; there its accessible name says which is meant.
    assert len(names) == len(set(names)) or thing.get("type") == "home", names
    assert all(len(name) <= limits.BUTTON_TEXT for name in names)
