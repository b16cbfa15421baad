"""Instants as text of one length, so that they sort as text on both engines."""

from datetime import UTC, datetime


def to_text(instant: datetime) -> str:
    """UTC with microseconds: `2026-11-22T14:05:00.000000Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str) -> datetime:
    """The instant that `to_text` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
