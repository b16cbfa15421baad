"""What an answer that is no 200 means for a read, and what an id may look like in a path."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from pydantic import ValidationError

from bot.domain.errors import (
    ServiceDenied,
    ServiceNonsense,
    ServiceRejected,
    ServiceThrottled,
    ServiceTimeout,
    ServiceTrouble,
)
from bot.eligibility.wire import Fault

_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{0,99}")
_TEXT_LIMIT: Final = 1024
_RETRY_AFTER_DEFAULT: Final = 30.0
_RETRY_AFTER_MOST: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: a body of at most `body_most` bytes, or None where it was cut or too long."""

    status: int
    body: bytes | None
    retry_after: float


def segment(text: str) -> str:
    """An id as a path segment. Raises ServiceNonsense for what no id looks like, whoever it came from."""
    if _ID.fullmatch(text) is None:
        raise ServiceNonsense
    return quote(text, safe="")


def fault_of(answer: Answer) -> Fault:
    """The error body; an empty one where the body is no error of the service's (a proxy's page, half a body)."""
    try:
        found = json.loads(answer.body or b"null")
        return Fault.model_validate(found) if isinstance(found, dict) else Fault()
    except (ValueError, ValidationError, RecursionError):
        return Fault()


def fault_words(fault: Fault) -> tuple[str, str]:
    """Code and words of a fault, clamped."""
    code = fault.code if fault.code is not None else fault.status_code
    return str("" if code is None else code)[:64], fault.words[:_TEXT_LIMIT]


def trouble_of(answer: Answer, *, correlation_id: str) -> ServiceTrouble:
    """The error that stands for a read's answer other than 200."""
    status = answer.status
    code, text = fault_words(fault_of(answer))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return ServiceThrottled(retry_after=answer.retry_after, correlation_id=correlation_id)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return ServiceDenied(correlation_id=correlation_id, status=status, fault_code=code, fault_text=text)
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return ServiceTimeout(correlation_id=correlation_id, status=status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ServiceTrouble(correlation_id=correlation_id, status=status)
    if status >= HTTPStatus.BAD_REQUEST and code:
        return ServiceRejected(status=status, fault_code=code, fault_text=text, correlation_id=correlation_id)
    return ServiceNonsense(correlation_id=correlation_id, status=status)


def retry_after_of(headers: Mapping[str, str]) -> float:
    """Seconds of a Retry-After header, at most an hour; half a minute where there is none that can be read."""
    text = headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return min(max(float(text), 0.0), _RETRY_AFTER_MOST)
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return _RETRY_AFTER_DEFAULT
    aware = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return min(max((aware - datetime.now(UTC)).total_seconds(), 1.0), _RETRY_AFTER_MOST)
