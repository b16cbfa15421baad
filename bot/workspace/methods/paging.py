"""Pages and cursors."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.workspace.methods.arguments import Arguments
from bot.workspace.refusals import SlackError

Item = TypeVar("Item")


def page(items: Sequence[Item], arguments: Arguments, *, default: int = 100) -> tuple[list[Item], str]:
    """One page of items and the cursor of the next, empty at the end. Raises SlackError `invalid_cursor`."""
    cursor, limit = arguments.text("cursor"), arguments.limit(default)
    start = _offset(cursor) if cursor else 0
    if start > len(items):
        raise SlackError("invalid_cursor")
    end = start + limit
    return list(items[start:end]), _cursor(end) if end < len(items) else ""


def _cursor(offset: int) -> str:
    return base64.b64encode(f"next:{offset}".encode()).decode()


def _offset(cursor: str) -> int:
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word == "next":
            return max(int(number), 0)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        pass
    raise SlackError("invalid_cursor")
