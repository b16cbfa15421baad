"""Modals and Home views (facts/slack.md 2.1)."""

import json
from collections.abc import Iterator
from typing import Any

from bot.workspace.limits.blocks import IN_VIEWS
from bot.workspace.limits.objects import plain_text
from bot.workspace.limits.rules import Problem, boolean, by_type, many, record, string, wrong
from bot.workspace.limits.whole import ids_are_unique, one_focus

VIEW_BYTES = 250_000
INVALID = "invalid_arguments"
_COMMON = {
    "private_metadata": string(most=3000),
    "callback_id": string(most=255),
    "external_id": string(most=255),
}
_BLOCKS = many(IN_VIEWS, most=100)


def _submit_with_inputs(view: Any, at: str) -> Iterator[Problem]:
    blocks = view.get("blocks")
    inputs = isinstance(blocks, list) and any(isinstance(one, dict) and one.get("type") == "input" for one in blocks)
    if inputs and "submit" not in view:
        yield wrong("missing required field: submit", at)


_MODAL = record(
    {"title": plain_text(24), "blocks": _BLOCKS},
    {
        **_COMMON,
        "submit": plain_text(24),
        "close": plain_text(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
    },
    also=_submit_with_inputs,
)
_HOME = record({"blocks": _BLOCKS}, _COMMON)
_VIEW = by_type({"modal": _MODAL, "home": _HOME})


def validate_view(view: Any, *, kind: str | None = None) -> list[Problem]:
    """All that Slack would refuse in a view; pointers begin with `/view`. `kind`: the type that the method wants.

    The codes are `view_too_large` and `invalid_arguments`; the first problem's is what Slack answers with.
    """
    found: list[Problem] = []
    if isinstance(view, dict) and len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        found.append(wrong(f"must be less than {VIEW_BYTES} bytes", "/view", code="view_too_large"))
    found += [wrong(one.message, one.pointer, code=INVALID) for one in _rest(view, kind)]
    return found


def _rest(view: Any, kind: str | None) -> Iterator[Problem]:
    yield from _VIEW(view, "/view")
    if not isinstance(view, dict):
        return
    if kind is not None and view.get("type") in ("modal", "home") and view["type"] != kind:
        yield wrong(f"unsupported type: {view['type']}", "/view/type")
    yield from ids_are_unique(view.get("blocks"), "/view/blocks")
    yield from one_focus(view.get("blocks"), "/view/blocks")
    if view.get("type") == "home" and _has_file_input(view.get("blocks")):
        yield wrong("unsupported type: file_input", "/view/blocks")


def _has_file_input(blocks: Any) -> bool:
    inputs = [one.get("element") for one in blocks if isinstance(one, dict)] if isinstance(blocks, list) else []
    return any(isinstance(one, dict) and one.get("type") == "file_input" for one in inputs)
