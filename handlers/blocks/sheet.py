"""Collects what a message or a view says, so that the blocks and the text for screen readers say the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.blocks import limits
from handlers.blocks.text import Md, clamp_md, joined, mrkdwn_object, plain, plain_object

Block = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message: `text` carries the full content for screen readers and notifications, `blocks` the same laid out."""

    text: str
    blocks: tuple[Block, ...]

    def payload(self) -> dict[str, Any]:
        """As chat.postMessage, chat.update and a response_url take it."""
        return {"text": self.text, "blocks": list(self.blocks)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """The question that Slack asks before a press counts, with its two answers."""

    title: str
    text: str
    confirm: str
    deny: str
    style: str | None = None

    def object(self) -> Block:
        """As Block Kit wants it."""
        made: Block = {
            "title": plain_object(self.title, limits.CONFIRM_TITLE),
            "text": plain_object(self.text, limits.CONFIRM_TEXT),
            "confirm": plain_object(self.confirm, limits.CONFIRM_BUTTON),
            "deny": plain_object(self.deny, limits.CONFIRM_BUTTON),
        }
        return made if self.style is None else made | {"style": self.style}


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button. `value` is an opaque id (design.md, rule 1); `label` is its full name for screen readers."""

    text: str
    action_id: str
    value: str | None = None
    url: str | None = None
    label: str | None = None
    style: str | None = None
    confirm: Confirm | None = None

    def element(self) -> Block:
        """As Block Kit wants it."""
        element: Block = {
            "type": "button",
            "text": plain_object(self.text, limits.BUTTON_TEXT),
            "action_id": self.action_id,
            "accessibility_label": plain(self.label or self.text, limits.ACCESSIBILITY_LABEL),
        }
        asked = self.confirm.object() if self.confirm is not None else None
        extra = {"value": self.value, "url": self.url, "style": self.style, "confirm": asked}
        return element | {name: value for name, value in extra.items() if value is not None}


@dataclass(slots=True)
class Sheet:
    """Grows from top to bottom: the customer first, because what is too much is cut at the end.

    Block ids are `<language>.<nonce>.<number>`, unique in the message and new with each drawing; a listener
    reads from it in which language the pressed message was written.
    """

    language: str
    nonce: str
    blocks: list[Block] = field(default_factory=list)
    said: list[Md] = field(default_factory=list)

    def section(self, *lines: Md) -> None:
        """Lines of text, over as many blocks as they need."""
        for text in _packed([line for line in lines if line]):
            self.said.append(text)
            self._add({"type": "section", "text": mrkdwn_object(text)})

    def context(self, *lines: Md) -> None:
        """Small print."""
        text = clamp_md(joined(lines, "\n"), limits.CONTEXT_TEXT)
        if text:
            self.said.append(text)
            self._add({"type": "context", "elements": [mrkdwn_object(text, limits.CONTEXT_TEXT)]})

    def divider(self) -> None:
        """A line between parts."""
        self._add({"type": "divider"})

    def buttons(self, buttons: Iterable[Button]) -> None:
        """Buttons, in as many rows as Slack needs."""
        elements = [each.element() for each in buttons]
        for start in range(0, len(elements), limits.ACTIONS_ELEMENTS):
            self._add({"type": "actions", "elements": elements[start : start + limits.ACTIONS_ELEMENTS]})

    def element(self, block: Mapping[str, Any]) -> None:
        """Any other block; what it says is not in the text."""
        self._add(dict(block))

    def message(self, *, text_limit: int = limits.TEXT_UPDATED) -> Message:
        """As a message, within Slack's limits."""
        text = clamp_md(joined(self.said, "\n"), text_limit)
        return Message(text=text, blocks=tuple(self._cut(limits.BLOCKS_PER_MESSAGE)))

    def view_blocks(self) -> list[Block]:
        """As the blocks of a view, within Slack's limits."""
        return self._cut(limits.BLOCKS_PER_VIEW)

    def room(self, *, blocks: int, characters: int, total: int) -> bool:
        """Whether a message of at most `total` characters has room left for this much more."""
        used = sum(len(each) for each in self.said)
        return len(self.blocks) + blocks <= limits.BLOCKS_PER_MESSAGE and used + characters <= total

    def _add(self, block: Block) -> None:
        block.setdefault("block_id", f"{self.language}.{self.nonce}.{len(self.blocks)}"[: limits.BLOCK_ID])
        self.blocks.append(block)

    def _cut(self, most: int) -> list[Block]:
        return self.blocks[:most]


def language_of(block_id: str) -> str | None:
    """The language that a pressed message was written in, by its block id."""
    language, dot, _ = block_id.partition(".")
    return language if dot and language in {"de", "en"} else None


def _packed(lines: list[Md]) -> list[Md]:
    """Lines put together into texts that each fit a section."""
    texts: list[Md] = []
    for line in lines:
        piece = clamp_md(line, limits.SECTION_TEXT)
        together = Md(f"{texts[-1]}\n{piece}") if texts else piece
        if texts and len(together) <= limits.SECTION_TEXT:
            texts[-1] = together
        else:
            texts.append(piece)
    return texts
