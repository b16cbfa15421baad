"""How long the trail, and names of accounts, are kept, as the settings say it."""

from datetime import timedelta
from typing import Any, Final

from bot.domain.durations import parse_duration

LEAST: Final = timedelta(days=30)
"""What is under way, or could be pressed again, has its entries."""


_NAMES_LEAST: Final = timedelta(days=1)
_NAMES_MOST: Final = timedelta(days=365)


def follow_ups_keep(value: Any) -> Any:
    """`30 d` as a duration: for how long names of accounts are kept. Raises ValueError with a sentence."""
    if not isinstance(value, str):
        return value
    kept = parse_duration(value.strip())
    if not _NAMES_LEAST <= kept <= _NAMES_MOST:
        raise ValueError(f"must be from {_NAMES_LEAST.days} d to {_NAMES_MOST.days} d")
    return kept


def audit_keep(value: Any) -> Any:
    """`730 d` as a duration. Raises ValueError with a sentence."""
    if not isinstance(value, str):
        return value
    kept = parse_duration(value.strip())
    if kept < LEAST:
        raise ValueError(f"must be at least {LEAST.days} d")
    return kept


_REFRESH_LEAST: Final = timedelta(minutes=1)
_REFRESH_MOST: Final = timedelta(days=1)


def directory_refresh(value: Any) -> Any:
    """`30 min` as a duration: how long between two passes over the list of customers. Raises ValueError."""
    if not isinstance(value, str):
        return value
    every = parse_duration(value.strip())
    if not _REFRESH_LEAST <= every <= _REFRESH_MOST:
        raise ValueError("must be from 1 min to 1 d")
    return every
