"""Logging: one line per event with allowed fields only (design.md, rule 7).

Our own events are structlog's. What libraries log is reduced to where it was said: their messages hold bodies, tokens
and addresses (Bolt and slack_sdk log whole payloads at DEBUG, aiohttp's errors name the socket's one-time ticket).
"""

import json
import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, Literal, TextIO

import structlog
from slack_sdk.errors import SlackApiError

from handlers.slack_code import slack_code

Event = MutableMapping[str, Any]

ALLOWED: Final = frozenset(
    {
        *("event", "level", "timestamp", "logger", "where", "error", "detail", "frames", "reference", "dropped"),
        *("team_id", "user_id", "channel_id", "view_id", "delivery_id", "action_id", "callback_id", "command", "kind"),
        *("change_id", "change", "number", "draft_id", "item", "item_id", "audit_number", "attempt_id", "request_id"),
        *("correlation_id", "customer_id", "subscription_id", "state", "verdict", "reason", "rule", "code", "status"),
        *("name", "task", "seconds", "milliseconds", "count", "attempts", "retry_after", "port", "mode", "source"),
        *(
            "answer",
            "records",
            "method",
            "path",
            "version",
            "pending",
            "line",
            "file",
            "transport",
            "owner",
            "locale",
            "handler",
            "result",
        ),
    }
)
_LONGEST: Final = 200


def configure(*, level: str, form: Literal["json", "console"], stream: TextIO | None = None) -> None:
    """Set logging up, once per process. Nothing before this call is lost; it goes to Python's default handler."""
    out = stream if stream is not None else sys.stderr
    number = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            reduce_error,
            allowed_only,
            _render_json if form == "json" else _render_console,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers = [_LibraryHandler()]
    root.setLevel(max(number, logging.WARNING))
    for name in ("slack_bolt", "slack_sdk", "aiohttp", "uvicorn", "asyncio", "sqlalchemy", "alembic"):
        library = logging.getLogger(name)
        library.handlers, library.propagate = [], True
        # Bolt and slack_sdk look at `logger.level` itself, and format whole bodies when it is not set.
        library.setLevel(max(number, logging.WARNING))


def allowed_only(_logger: Any, _method: str, event: Event) -> Event:
    """Keep allowed fields, name the others, and bound what is kept to plain short values."""
    dropped = sorted(set(event) - ALLOWED)
    kept: Event = {key: _plain(value) for key, value in event.items() if key in ALLOWED}
    if dropped:
        kept["dropped"] = dropped
    return kept


def reduce_error(_logger: Any, _method: str, event: Event) -> Event:
    """Turn `exc_info` into the error's type, a code that is safe to show, and the frames; never its message."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if error is None and isinstance(given, tuple):
        error = given[1]
    if error is not None:
        event.update(describe(error))
    return event


def describe(error: BaseException) -> Mapping[str, Any]:
    """An error as fields: the types along its chain, the code of the outermost that has one, and where it happened."""
    chain: list[BaseException] = []
    while error not in chain:
        chain.append(error)
        error = error.__cause__ or (error.__context__ if not error.__suppress_context__ else None) or error
    frames = [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for each in reversed(chain)
        for frame in traceback.extract_tb(each.__traceback__)
    ]
    fields: dict[str, Any] = {"error": " < ".join(type(each).__qualname__ for each in chain), "frames": frames}
    details = [detail for each in chain if (detail := _safe_code(each))]
    return fields | ({"detail": details[0]} if details else {})


def _safe_code(error: BaseException) -> str | None:
    if isinstance(error, SlackApiError):
        return slack_code(error)[:_LONGEST]
    if isinstance(error, OSError) and error.errno is not None:
        return f"errno {error.errno}"
    code = getattr(error, "code", None)
    return code[:_LONGEST] if isinstance(code, str) else None


def _short(filename: str) -> str:
    for mark in ("site-packages/", "/bot/", "/handlers/", "/storage/"):
        before, found, after = filename.rpartition(mark)
        if found and before:
            return after if mark == "site-packages/" else f"{mark[1:]}{after}"
    return filename.rsplit("/", 1)[-1]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return str(value)[:_LONGEST]


def _render_json(_logger: Any, _method: str, event: Event) -> str:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


def _render_console(_logger: Any, _method: str, event: Event) -> str:
    frames = event.pop("frames", ())
    head = f"{event.pop('timestamp', '')[11:19]} {event.pop('level', ''):7} {event.pop('event', '')}"
    return "\n    ".join([" ".join([head, *(f"{key}={value}" for key, value in event.items())]), *frames])


class _LibraryHandler(logging.Handler):
    """Passes on that a library said something, where and how loud, without what it said."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger()
        fields: dict[str, Any] = {"logger": record.name, "where": f"{record.module}:{record.lineno}"}
        if record.exc_info and record.exc_info[1] is not None:
            fields |= describe(record.exc_info[1])
        log.log(record.levelno if record.levelno in (10, 20, 30, 40, 50) else logging.WARNING, "library", **fields)
