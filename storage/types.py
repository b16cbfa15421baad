"""Column types that behave the same on both engines."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Dialect, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_SURROGATE: Final = r"\ud"


def to_micros(instant: datetime) -> int:
    """Microseconds since 1970, exact. ValueError for an instant without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return (instant - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The instant, in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


class Instant(TypeDecorator[datetime]):
    """An aware instant: TIMESTAMPTZ on PostgreSQL, whole microseconds since 1970 on SQLite. UTC comes out."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The engine's own type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse what has no zone, on both engines."""
        if value is None:
            return None
        micros = to_micros(value)
        return value if dialect.name == "postgresql" else micros

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's name
        """UTC, whatever zone the session has."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return from_micros(value)


def storable(text: str) -> str:
    """The text as both engines take it: NUL and half of a surrogate pair become U+FFFD."""
    whole = text if text.isprintable() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "\ufffd")


class Words(TypeDecorator[str]):
    """Text that people or services wrote. What cannot be stored (NUL, half of a pair) becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's name
        """PostgreSQL refuses NUL, and neither engine takes a lone surrogate."""
        return None if value is None else storable(value)


def to_json(value: Mapping[str, Any] | Sequence[Any]) -> str:
    """Compact JSON in ASCII, keys in the order given: any text is safe in it on both engines."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def to_strict_json(value: Mapping[str, Any] | Sequence[Any]) -> str:
    """As `to_json`, for what Pydantic reads again: it refuses half of a surrogate pair, which becomes U+FFFD."""
    text = to_json(value)
    if _SURROGATE not in text:
        return text
    return to_json(json.loads(storable(json.dumps(value, ensure_ascii=False, allow_nan=False))))
