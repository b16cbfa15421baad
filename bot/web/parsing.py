"""A verified body as a dict: a form's `payload`, a form, or JSON.

Bolt's own parser takes a slash command for an interaction when the word "payload" occurs anywhere in it, as in a
customer called "Payload Logistics" (facts/slack.md, 4.3).
"""

import json
from typing import Any, Final
from urllib.parse import parse_qsl

MOST_FIELDS: Final = 200


class Malformed(ValueError):
    """A body that Slack cannot have sent: answered with 400."""


def parse_body(*, content_type: str, body: bytes) -> dict[str, Any]:
    """The payload of a delivery. Raises Malformed."""
    try:
        if content_type.partition(";")[0].strip().lower() == "application/json":
            return _json_object(body.decode("utf-8"))
        fields = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    form: dict[str, Any] = dict(fields)
    if len(form) != len(fields):
        raise Malformed
    if "command" not in form and "payload" in form:
        return _json_object(form["payload"])
    return form


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
        if "\\ud" in text or "\\uD" in text:
            # Half a surrogate pair is valid JSON and no text: nothing behind us could store or send it.
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(value, dict):
        raise Malformed
    return value
