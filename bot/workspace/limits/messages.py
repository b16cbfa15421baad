"""Messages, however they are posted (facts/slack.md 2.1, 7)."""

import json
from collections.abc import Iterator
from typing import Any

from bot.workspace.limits.blocks import IN_MESSAGES, MARKDOWN
from bot.workspace.limits.rules import Problem, many, record, string, wrong
from bot.workspace.limits.whole import ids_are_unique, message_totals, one_focus

BLOCKS = 50
ATTACHMENTS = 100
METADATA_BYTES = 16_000
_BLOCKS = many(IN_MESSAGES, most=BLOCKS)
_METADATA = record({"event_type": string(least=1, most=255), "event_payload": record({})})


def validate_message(payload: Any, *, text_limit: int | None = None) -> list[Problem]:
    """All that Slack would refuse in a message's `text`, `markdown_text`, `blocks`, `attachments` and `metadata`.

    `text_limit`: characters after which `text` is refused (chat.update: 4,000); without one whoever posts cuts it.
    Each problem's `code` is the error's name; Slack answers with the first. An empty list: Slack would take it.
    """
    if not isinstance(payload, dict):
        return [wrong("must provide an object", "", code="invalid_arguments")]
    return [
        *_content(payload, text_limit),
        *_blocks(payload.get("blocks")),
        *_attachments(payload),
        *_metadata(payload),
    ]


def _content(payload: dict[str, Any], text_limit: int | None) -> Iterator[Problem]:
    text, markdown = payload.get("text"), payload.get("markdown_text")
    if not (text or markdown or payload.get("blocks") or payload.get("attachments")):
        yield wrong("no text", "", code="no_text")
    for name in ("text", "markdown_text"):
        if payload.get(name) is not None and not isinstance(payload[name], str):
            yield wrong("must provide a string", f"/{name}", code="invalid_arguments")
    if isinstance(text, str) and text_limit is not None and len(text) > text_limit:
        yield wrong(f"must be less than {text_limit + 1} characters", "/text", code="msg_too_long")
    if markdown is not None and (text or payload.get("blocks")):
        yield wrong("markdown_text cannot be used with text or blocks", "/markdown_text", code="markdown_text_conflict")
    if isinstance(markdown, str) and len(markdown) > MARKDOWN:
        yield wrong(f"must be less than {MARKDOWN + 1} characters", "/markdown_text", code="msg_too_long")


def _blocks(blocks: Any, at: str = "/blocks") -> Iterator[Problem]:
    if blocks is None:
        return
    if not isinstance(blocks, list):
        yield wrong("must provide an array", at, code="invalid_blocks_format")
        return
    yield from _BLOCKS(blocks, at)
    yield from ids_are_unique(blocks, at)
    yield from one_focus(blocks, at)
    yield from message_totals(blocks, at, markdown=MARKDOWN)


def _attachments(payload: dict[str, Any]) -> Iterator[Problem]:
    attachments = payload.get("attachments")
    if attachments is None:
        return
    if not isinstance(attachments, list):
        yield wrong("must provide an array", "/attachments", code="invalid_attachments")
        return
    if len(attachments) > ATTACHMENTS:
        yield wrong(f"no more than {ATTACHMENTS} items allowed", "/attachments", code="too_many_attachments")
    for number, one in enumerate(attachments):
        if isinstance(one, dict):
            yield from _blocks(one.get("blocks"), f"/attachments/{number}/blocks")
        else:
            yield wrong("must provide an object", f"/attachments/{number}", code="invalid_attachments")


def _metadata(payload: dict[str, Any]) -> Iterator[Problem]:
    metadata = payload.get("metadata")
    if metadata is None or metadata == {}:
        return
    shape = isinstance(metadata, dict) and isinstance(metadata.get("event_payload"), dict)
    outer = {**metadata, "event_payload": {}} if shape else metadata
    for problem in _METADATA(outer, "/metadata"):
        yield wrong(problem.message, problem.pointer, code="invalid_metadata_format")
    if shape and len(json.dumps(metadata).encode()) > METADATA_BYTES:
        yield wrong(f"must be less than {METADATA_BYTES + 1} bytes", "/metadata", code="metadata_too_large")
