"""The one place where text of others is cleaned, escaped and clamped (design.md, rule 6; facts/slack.md, 7)."""

import re
import unicodedata
from typing import Any, Final

from handlers.blocks import limits

ELLIPSIS: Final = "…"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_DIRECTION_MARKS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACES: Final = re.compile(r"\s+")
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_FIRST_RIGHT_TO_LEFT: Final = "\u0590"  # what stands before it runs from left to right, or either way
# Characters that mrkdwn reads as formatting where a word begins or ends; their look-alikes are not read so.
_EDGE_MARK: Final = re.compile(r"(?<![^\W_])[*_~`]|[*_~`](?![^\W_])")
_LOOK_ALIKE: Final = {"*": "\u2217", "_": "\uff3f", "~": "\u223c", "`": "\u02cb"}
_MARKS: Final = frozenset("*_~`:")
_SHORTCODE: Final = re.compile(r":(?=[a-z0-9_+'-]+:)")
_TORN: Final = re.compile(r"(?:&[a-z]{0,4}|<[^<>]*)$")


class Md(str):
    """mrkdwn that is ready to be sent: everything in it that others wrote is escaped."""

    __slots__ = ()


def clean(value: object) -> str:
    """One line without control characters, surrogates and marks of direction; right-to-left text is isolated."""
    text = str(value)
    if text.isprintable():  # none of these in it, and no space but the plain one
        return " ".join(text.split())
    kept = "".join(
        " " if char in "\n\r\t\v\f\x85\u2028\u2029" else char
        for char in text
        if char not in _DIRECTION_MARKS and (char.isspace() or unicodedata.category(char) not in {"Cc", "Cs"})
    )
    return _SPACES.sub(" ", kept).strip()


def clamp(text: str, most: int) -> str:
    """At most `most` characters, cut at the end with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS


def plain(value: object, most: int = limits.NAME) -> str:
    """Text of others for `plain_text`, where nothing is markup. Never empty: Slack refuses that."""
    return _isolated(clamp(clean(value), most), most) or ELLIPSIS


def esc(value: object, most: int = limits.NAME) -> Md:
    """Text of others for mrkdwn, shown literally: no mention, link, formatting or emoji can be made of it."""
    if isinstance(value, Md):
        return value
    text = clamp(clean(value), most)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not _MARKS.isdisjoint(text):
        text = _SHORTCODE.sub(":\u2060", _EDGE_MARK.sub(lambda mark: _LOOK_ALIKE[mark[0]], text))
    return Md(_isolated(text, None))


def clamp_md(text: Md, most: int) -> Md:
    """Mrkdwn of at most `most` characters; an entity, a link or a mention is kept whole or left out."""
    if len(text) <= most:
        return text
    cut = _TORN.sub("", text[: most - 3]).rstrip()
    closing = _END_ISOLATE if cut.count(_ISOLATE) > cut.count(_END_ISOLATE) else ""
    if cut.count("*") % 2:
        closing += "*"
    return Md(f"{cut}{ELLIPSIS}{closing}")


def bold(text: Md) -> Md:
    """Bold, for one line of ours."""
    return Md(f"*{text}*")


def joined(parts: list[Md] | tuple[Md, ...], between: str) -> Md:
    """Several pieces of mrkdwn as one; empty ones are left out. `between` is ours."""
    return Md(between.join(part for part in parts if part))


def link(url: str, label: Md) -> Md:
    """A link of ours (never one from data)."""
    target = url.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return Md(f"<{target}|{label}>")


def mention(user_id: str) -> Md:
    """A person by id. What is no id is shown as text."""
    return Md(f"<@{user_id}>") if re.fullmatch(r"[A-Z0-9]{2,32}", user_id) else esc(user_id, limits.ID)


def mention_of(addressee: str) -> Md:
    """A user group (S…) or a person (U…, W…) by id, as a policy names them; anything else is shown as text."""
    if re.fullmatch(r"S[A-Z0-9]{7,31}", addressee):
        return Md(f"<!subteam^{addressee}>")
    return mention(addressee) if re.fullmatch(r"[UW][A-Z0-9]{7,31}", addressee) else esc(addressee, limits.ID)


def plain_object(text: str, most: int) -> dict[str, Any]:
    """A `plain_text` object of our own words, clamped. `emoji` is off: a colon stays a colon."""
    return {"type": "plain_text", "text": clamp(text, most) or ELLIPSIS, "emoji": False}


def mrkdwn_object(text: Md, most: int = limits.SECTION_TEXT) -> dict[str, Any]:
    """A `mrkdwn` object, clamped. `verbatim`: Slack makes no links or mentions of its own out of it."""
    return {"type": "mrkdwn", "text": clamp_md(text, most) or ELLIPSIS, "verbatim": True}


def unescaped(text: str) -> str:
    """What somebody typed after a command, as typed: links and entities that Slack made of it are undone."""
    plain_links = re.sub(r"<(?:https?://|mailto:)([^<>|]*)(?:\|([^<>]*))?>", lambda m: m[2] or m[1], text)
    return plain_links.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _isolated(text: str, most: int | None) -> str:
    """Isolate text that runs from right to left, so that what stands around it keeps its order."""
    if not any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text if char >= _FIRST_RIGHT_TO_LEFT):
        return text
    if most is not None and len(text) + 2 > most:
        text = clamp(text, most - 2)
    return f"{_ISOLATE}{text}{_END_ISOLATE}"
