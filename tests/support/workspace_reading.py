"""Reading what the workspace shows: texts, elements, and the state that a filled modal sends."""

from collections.abc import Iterator, Mapping
from typing import Any


def texts(value: Any) -> Iterator[str]:
    """Every text in a message or view, in reading order."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in {"text", "alt_text", "accessibility_label"} and isinstance(inner, str):
                yield inner
            else:
                yield from texts(inner)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def reading(value: Any) -> str:
    """All the text of a message or view, one piece a line."""
    return "\n".join(texts(value))


def elements(container: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every element of a message or view with its block."""
    for block in container.get("blocks") or []:
        inner = block.get("elements", []) if block["type"] != "rich_text" else []
        for element in [*inner, block.get("accessory"), block.get("element")]:
            if element and "action_id" in element:
                yield block, element


def buttons(container: dict[str, Any]) -> list[str]:
    """The texts of all buttons of a message or view."""
    return [element["text"]["text"] for _, element in elements(container) if element["type"] == "button"]


def container_of(where: dict[str, Any]) -> dict[str, Any]:
    if "channel" in where:
        return {"type": "message", "channel": where["channel"], "ts": where["ts"]}
    return {"type": "home"} if where["type"] == "home" else {"type": "view", "view_id": where["id"]}


def options_of(element: dict[str, Any]) -> list[dict[str, Any]]:
    groups = [one for group in element.get("option_groups", []) for one in group["options"]]
    return [*element.get("options", []), *groups]


def filled(view: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The `state` for these values; AssertionError for a label that the modal does not have."""
    state: dict[str, Any] = {}
    left = dict(values)
    for block in view["blocks"]:
        element = block.get("element")
        if block["type"] != "input" or element is None:
            continue
        for name in (block["label"]["text"], element["action_id"]):
            if name in left:
                state.setdefault(block["block_id"], {})[element["action_id"]] = _value(element, left.pop(name))
    assert not left, f"no inputs {sorted(left)}"
    return state


def _value(element: dict[str, Any], value: Any) -> dict[str, Any]:
    kind = element["type"]
    if kind.endswith("_input"):
        return {"value": value}
    by_kind = {"datepicker": "selected_date", "timepicker": "selected_time", "datetimepicker": "selected_date_time"}
    if kind in by_kind:
        return {by_kind[kind]: value}
    if kind in {"static_select", "radio_buttons", "external_select"}:
        return {"selected_option": _option(element, value)}
    if kind in {"checkboxes", "multi_static_select", "multi_external_select"}:
        return {"selected_options": [_option(element, one) for one in value]}
    plain = kind.removeprefix("multi_").removesuffix("_select").removesuffix("s")
    return {f"selected_{plain}s" if kind.startswith("multi_") else f"selected_{plain}": value}


def _option(element: dict[str, Any], wanted: str) -> dict[str, Any]:
    return next(
        (one for one in options_of(element) if wanted in {one["text"]["text"], one["value"]}),
        {"value": wanted},
    )
