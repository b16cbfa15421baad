"""JSON from outside: only what can be written down again."""

import json
from typing import Any


def parse_json(raw: bytes | str) -> Any:
    """Parse JSON. Raises ValueError, also for NaN, for half a surrogate pair and for what is nested too deeply."""
    try:
        value = json.loads(raw, parse_constant=_no_constants)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    text = raw.decode() if isinstance(raw, bytes) else raw
    if "\\ud" in text.lower():
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _no_constants(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
