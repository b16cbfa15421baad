"""Messages and views for tests of the workspace."""

from typing import Any

from tests.support.block_samples import plain


def go_button(**more: Any) -> dict[str, Any]:
    """A button `go`."""
    return {
        "type": "button",
        "action_id": "go",
        "text": plain_text("Approve"),
        "style": "primary",
        "value": "req_01H",
        **more,
    }


def plain_text(text: str) -> dict[str, Any]:
    """A plain_text object."""
    return {**plain(), "text": text}


def card(*elements: dict[str, Any]) -> dict[str, Any]:
    """A message with an actions block `b`."""
    return {"text": "card", "blocks": [{"type": "actions", "block_id": "b", "elements": [*elements] or [go_button()]}]}


def field(block_id: str = "why", action_id: str = "reason", **more: Any) -> dict[str, Any]:
    """A text input, labelled by its block id."""
    element = {"type": "plain_text_input", "action_id": action_id, **more.pop("element", {})}
    return {"type": "input", "block_id": block_id, "label": plain_text(block_id), "element": element, **more}


def modal(*blocks: dict[str, Any], title: str = "Modal", **more: Any) -> dict[str, Any]:
    """A modal with these blocks, or one text input."""
    return {
        "type": "modal",
        "callback_id": "m",
        "title": plain_text(title),
        "submit": plain_text("Submit"),
        "close": plain_text("Cancel"),
        "blocks": [*blocks] or [field()],
        **more,
    }


def home(*blocks: dict[str, Any]) -> dict[str, Any]:
    """A Home."""
    return {"type": "home", "blocks": [*blocks] or [{"type": "actions", "block_id": "b", "elements": [go_button()]}]}
