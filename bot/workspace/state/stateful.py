"""What people type and choose: the state of each element, in the shapes of Slack's `state.values`."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from bot.workspace.limits.objects import offered
from bot.workspace.limits.whole import elements_of
from bot.workspace.refusals import PageError

_SINGLE, _SEVERAL = "selected_option", "selected_options"
KEYS: dict[str, str] = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": _SINGLE,
    "external_select": _SINGLE,
    "radio_buttons": _SINGLE,
    "multi_static_select": _SEVERAL,
    "multi_external_select": _SEVERAL,
    "checkboxes": _SEVERAL,
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
}
_PATTERNS = {"datepicker": r"\d{4}-\d{2}-\d{2}", "timepicker": r"([01]\d|2[0-3]):[0-5]\d"}
Values = dict[str, dict[str, dict[str, Any]]]
Known = Callable[[str, str], bool]
"""Whether an id (second) is one that an element type (first) offers: users, channels, conversations."""


def placed(blocks: list[Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every element with its block."""
    for block in blocks:
        for element, _ in elements_of(block, ""):
            yield block, element


def stateful(blocks: list[Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every element that has state, with its block."""
    yield from ((block, element) for block, element in placed(blocks) if element.get("type") in KEYS)


def initial(element: dict[str, Any]) -> dict[str, Any]:
    """An element's state before anybody touched it."""
    key = KEYS[element["type"]]
    name = "initial_value" if key in {"value", "rich_text_value"} else key.replace("selected_", "initial_")
    empty: Any = [] if key.endswith("s") else None
    return {"type": element["type"], key: element.get(name, empty)}


def values_of(blocks: list[Any], sent: Values) -> Values:
    """The whole state: what was sent for each element, else its initial value."""
    values: Values = {}
    for block, element in stateful(blocks):
        before = sent.get(block["block_id"], {}).get(element["action_id"])
        same = before is not None and before["type"] == element["type"]
        values.setdefault(block["block_id"], {})[element["action_id"]] = before if same and before else initial(element)
    return values


def read(element: dict[str, Any], given: Any, *, handed: list[Any], known: Known) -> dict[str, Any]:
    """What a member gave for an element, checked against what it offers. Raises PageError 400 `invalid_value`."""
    kind = element["type"]
    key = KEYS[kind]
    if not isinstance(given, dict) or key not in given:
        raise PageError(400, "invalid_value", f"a {kind} wants {key}")
    value = given[key]
    if key == _SEVERAL or (key.endswith("s") and key != "files"):
        if not isinstance(value, list):
            raise PageError(400, "invalid_value", f"{key} is a list")
        return {"type": kind, key: [_one(element, one, handed=handed, known=known) for one in value]}
    return {"type": kind, key: None if value in (None, "") else _one(element, value, handed=handed, known=known)}


def _one(element: dict[str, Any], value: Any, *, handed: list[Any], known: Known) -> Any:
    kind, key = element["type"], KEYS[element["type"]]
    if key in {_SINGLE, _SEVERAL}:
        wanted = value.get("value") if isinstance(value, dict) else None
        choices = [*offered(element), *handed, *_initial_options(element)]
        found = next((one for one in choices if one["value"] == wanted), None)
        if found is None:
            raise PageError(400, "invalid_value", f"{wanted!r} is not offered")
        return found
    fits = {
        "selected_date_time": isinstance(value, int),
        "rich_text_value": isinstance(value, dict),
        "files": isinstance(value, list),
    }.get(key, isinstance(value, str))
    if fits and kind in _PATTERNS:
        fits = re.fullmatch(_PATTERNS[kind], value) is not None
    if fits and any(word in kind for word in ("users", "conversations", "channels")):
        fits = known(kind.removeprefix("multi_"), value)
    if not fits:
        raise PageError(400, "invalid_value", f"not a value for a {kind}")
    return value


def _initial_options(element: dict[str, Any]) -> list[Any]:
    single = element.get("initial_option")
    return [*([single] if single else []), *element.get("initial_options", [])]


def merge(blocks: list[Any], sent: Values, given: Any, *, handed: dict[str, list[Any]], known: Known) -> Values:
    """What was sent before plus what is sent now. Raises PageError 400 for elements and values that are not there."""
    if given is None:
        return sent
    elements = {(block["block_id"], element["action_id"]): element for block, element in stateful(blocks)}
    if not isinstance(given, dict) or not all(isinstance(one, dict) for one in given.values()):
        raise PageError(400, "bad_request", "state is {block_id: {action_id: {...}}}")
    merged = {block_id: dict(inner) for block_id, inner in sent.items()}
    for block_id, inner in given.items():
        for action_id, value in inner.items():
            element = elements.get((block_id, action_id))
            if element is None:
                raise PageError(400, "invalid_value", f"no input {block_id}/{action_id}")
            options = handed.get(f"{block_id}/{action_id}", [])
            merged.setdefault(block_id, {})[action_id] = read(element, value, handed=options, known=known)
    return merged
