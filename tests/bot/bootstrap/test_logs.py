"""No token, no free text, no personal data in logs (design.md, rule 7), whatever libraries say."""

import ast
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from slack_sdk.errors import SlackApiError

from bot.bootstrap import logs

ROOT = Path(__file__).parents[3]
SECRETS = ("xoxb-123", "Contoso", "heidi@contoso.de", "ticket=once")


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    names = ("slack_bolt", "slack_sdk", "aiohttp", "uvicorn", "asyncio", "sqlalchemy", "alembic")
    before = {name: (logging.getLogger(name).level, logging.getLogger(name).propagate) for name in names}
    stream = io.StringIO()
    logs.configure(level="DEBUG", form="json", stream=stream)
    yield stream
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level
    for name, (was, propagate) in before.items():
        logging.getLogger(name).setLevel(was)
        logging.getLogger(name).propagate = propagate


def lines(out: io.StringIO) -> list[dict[str, object]]:
    assert not [secret for secret in SECRETS if secret in out.getvalue()]
    return [json.loads(line) for line in out.getvalue().splitlines()]


def fail(error: Exception) -> None:
    """Raise it, so that it has frames."""
    raise error


def test_fields_that_are_not_allowed_are_dropped_and_named(out: io.StringIO) -> None:
    structlog.get_logger().info("looked", change_id="c1", customer_name="Contoso", note="heidi@contoso.de")
    (line,) = lines(out)
    assert line["change_id"] == "c1"
    assert line["dropped"] == ["customer_name", "note"]


def test_what_libraries_say_is_reduced_to_where_they_said_it(out: io.StringIO) -> None:
    for name in ("slack_bolt.AsyncApp", "slack_sdk.socket_mode", "aiohttp.client", "anything.else"):
        logging.getLogger(name).warning("body %s token xoxb-123 wss://x/?ticket=once", {"text": "Contoso"})
    found = lines(out)
    assert [line["event"] for line in found] == ["library"] * 4
    assert found[0]["logger"] == "slack_bolt.AsyncApp"


def test_debug_does_not_make_slacks_libraries_write_bodies(out: io.StringIO) -> None:
    """Bolt and slack_sdk format whole payloads whenever their logger's own level is DEBUG or not set."""
    for name in ("slack_bolt", "slack_sdk"):
        assert logging.getLogger(name).level >= logging.WARNING
        logging.getLogger(f"{name}.deep").debug("Contoso")
    assert lines(out) == []


def test_an_error_is_its_types_and_frames_and_never_its_message(out: io.StringIO) -> None:
    try:
        try:
            fail(KeyError("Contoso"))
        except KeyError as error:
            raise ValueError("heidi@contoso.de") from error
    except ValueError:
        structlog.get_logger().exception("broke", reference="8F2K3M")
    (line,) = lines(out)
    assert line["error"] == "ValueError < KeyError"
    assert line["reference"] == "8F2K3M"
    assert "test_an_error_is_its_types" in str(line["frames"])


def test_an_error_of_slack_shows_slacks_code(out: io.StringIO) -> None:
    try:
        fail(SlackApiError("xoxb-123", {"ok": False, "error": "channel_not_found"}))
    except SlackApiError as error:
        structlog.get_logger().error("broke", exc_info=error)
    (line,) = lines(out)
    assert line["detail"] == "channel_not_found"


def test_a_library_error_with_a_traceback_is_reduced_as_well(out: io.StringIO) -> None:
    try:
        fail(ConnectionError("wss://x/?ticket=once"))
    except ConnectionError:
        logging.getLogger("slack_sdk.socket_mode").exception("Failed to connect (error: wss://x/?ticket=once)")
    (line,) = lines(out)
    assert line["error"] == "ConnectionError"


def test_every_field_that_our_code_logs_is_an_allowed_one() -> None:
    """A field that is dropped is a line that says less than its author meant."""
    levels = {"debug", "info", "warning", "error", "exception", "critical", "log"}
    asked = set()
    for package in ("bot", "handlers", "storage"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in levels:
                    asked |= {keyword.arg for keyword in node.keywords if "log" in ast.unparse(node.func.value)}
    assert asked - {None, "exc_info"} <= logs.ALLOWED
