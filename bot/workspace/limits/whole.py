"""What can only be seen by looking at all the blocks of a message or view together."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.limits.rules import Problem, wrong


def elements_of(block: Any, at: str) -> Iterator[tuple[Any, str]]:
    """The elements of one block, each with its pointer."""
    if not isinstance(block, dict):
        return
    for name in ("accessory", "element"):
        if isinstance(block.get(name), dict):
            yield block[name], f"{at}/{name}"
    for name in ("elements", "actions"):
        inner = block.get(name)
        if isinstance(inner, list) and block.get("type") != "rich_text":
            yield from ((one, f"{at}/{name}/{number}") for number, one in enumerate(inner) if isinstance(one, dict))


def _walk(blocks: list[Any], at: str) -> Iterator[tuple[Any, str]]:
    for number, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        yield block, f"{at}/{number}"
        for name in ("child_blocks", "elements", "tasks"):
            inner = block.get(name)
            nested = block.get("type") in ("container", "carousel", "plan")
            if nested and isinstance(inner, list):
                yield from _walk(inner, f"{at}/{number}/{name}")


def ids_are_unique(blocks: Any, at: str) -> Iterator[Problem]:
    """`block_id` once in a message or view, `action_id` once in a block."""
    if not isinstance(blocks, list):
        return
    seen: set[str] = set()
    for block, here in _walk(blocks, at):
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id in seen:
            yield wrong(f"block_id `{block_id}` already exists", f"{here}/block_id")
        elif isinstance(block_id, str):
            seen.add(block_id)
        yield from _actions_are_unique(block, here)


def _actions_are_unique(block: Any, at: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for element, here in elements_of(block, at):
        action_id = element.get("action_id")
        if isinstance(action_id, str) and action_id in seen:
            yield wrong(f"`action_id` {action_id} already exists for block", f"{here}/action_id")
        elif isinstance(action_id, str):
            seen.add(action_id)


def one_focus(blocks: Any, at: str) -> Iterator[Problem]:
    """At most one element asks for the focus."""
    if not isinstance(blocks, list):
        return
    placed = (pair for block, place in _walk(blocks, at) for pair in elements_of(block, place))
    asked = [here for one, here in placed if one.get("focus_on_load") is True]
    for here in asked[1:]:
        yield wrong("focus_on_load may be set on one element only", f"{here}/focus_on_load")


def _of_type(blocks: Any, kind: str) -> list[tuple[int, Any]]:
    return [(number, one) for number, one in enumerate(blocks) if isinstance(one, dict) and one.get("type") == kind]


def message_totals(blocks: Any, at: str, *, markdown: int) -> Iterator[Problem]:
    """One table in a message, and `markdown` characters over all its markdown blocks."""
    if not isinstance(blocks, list):
        return
    for number, _ in _of_type(blocks, "table")[1:]:
        yield wrong("only one table allowed", f"{at}/{number}", code="only_one_table_allowed")
    texts = [one.get("text") for _, one in _of_type(blocks, "markdown")]
    if len(texts) > 1 and sum(len(text) for text in texts if isinstance(text, str)) > markdown:
        yield wrong(f"markdown blocks must be less than {markdown + 1} characters together", at)
    for block, here in _walk(blocks, at):
        for one, place in elements_of(block, here):
            if one.get("type") == "file_input":
                yield wrong("unsupported type: file_input", f"{place}/type")
