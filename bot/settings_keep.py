"""How long the trail is kept, as the setting says it."""

from datetime import timedelta
from typing import Any, Final

from bot.domain.durations import parse_duration

LEAST: Final = timedelta(days=30)
"""What is under way, or could be pressed again, has its entries."""


def audit_keep(value: Any) -> Any:
    """`730 d` as a duration. Raises ValueError with a sentence."""
    if not isinstance(value, str):
        return value
    kept = parse_duration(value.strip())
    if kept < LEAST:
        raise ValueError(f"must be at least {LEAST.days} d")
    return kept
