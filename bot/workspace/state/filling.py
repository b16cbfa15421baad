"""What Slack adds to blocks that it accepts: ids, and the defaults that apps leave out."""

import copy
from typing import Any

from bot.workspace.limits.whole import elements_of
from bot.workspace.state.naming import Names

_DEFAULTS: dict[str, dict[str, Any]] = {
    "plain_text": {"emoji": True},
    "mrkdwn": {"verbatim": False},
    "input": {"optional": False, "dispatch_action": False},
}
_INTERACTIVE_EXEMPT = {"image", "mrkdwn", "plain_text", "card", "rich_text"}


def fill(value: Any) -> Any:
    """A deep copy with Slack's defaults filled in, at every depth."""
    if isinstance(value, list):
        return [fill(one) for one in value]
    if not isinstance(value, dict):
        return copy.copy(value)
    filled = {name: fill(inner) for name, inner in value.items()}
    return {**filled, **{k: v for k, v in _DEFAULTS.get(str(value.get("type")), {}).items() if k not in filled}}


def fill_blocks(blocks: list[Any], names: Names) -> list[Any]:
    """Blocks as Slack keeps them: each with a `block_id`, each interactive element with an `action_id`."""
    filled: list[Any] = fill(blocks)
    for block in filled:
        block.setdefault("block_id", names.short())
        for element, _ in elements_of(block, ""):
            if element.get("type") not in _INTERACTIVE_EXEMPT:
                element.setdefault("action_id", names.short())
    return filled


def fill_attachments(attachments: list[Any], names: Names) -> list[Any]:
    """Attachments with their blocks filled in."""
    return [{**one, "blocks": fill_blocks(one["blocks"], names)} if one.get("blocks") else one for one in attachments]


def plain_of(blocks: list[Any]) -> str:
    """The text that Slack builds for a message that came with blocks alone: what a screen reader reads."""
    found: list[str] = []
    for block in blocks:
        parts = [block.get("text"), *block.get("fields", []), *block.get("elements", [])]
        texts = [part if isinstance(part, str) else part.get("text") for part in parts if isinstance(part, (str, dict))]
        found += [text for text in texts if isinstance(text, str)]
    return "\n".join(found) or "This content can't be displayed."
