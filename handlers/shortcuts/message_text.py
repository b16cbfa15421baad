"""All that can be read in a message: what a person wrote, and what apps put into blocks and attachments."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

_TEXTS: Final = ("pretext", "title", "text", "value", "fallback", "url")
_MOST: Final = 400
_DEEPEST: Final = 12


def message_text(message: Mapping[str, Any]) -> str:
    """One piece a line, the message's own text first. Blocks are read where they say more than the text."""
    found = [text for text in [message.get("text")] if isinstance(text, str)]
    parts: list[Any] = [message.get("attachments")]
    if not found or not found[0].strip() or message.get("bot_id"):
        parts.append(message.get("blocks"))
    for text, _ in zip(_texts(parts, 0), range(_MOST), strict=False):
        found.append(text)
    return "\n".join(found)


def _texts(thing: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(thing, list):
        for each in thing:
            yield from _texts(each, depth + 1)
    elif isinstance(thing, Mapping):
        for name, value in thing.items():
            if isinstance(value, str):
                if name in _TEXTS:
                    yield value
            else:
                yield from _texts(value, depth + 1)
