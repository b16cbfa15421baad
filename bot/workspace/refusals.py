"""How the workspace says no: to an app in Slack's words, to the page in its own.

It plays another company's service, so neither is an error of our domain.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.workspace.limits import Problem


class SlackError(Exception):
    """Slack refuses what an app asked for: `{"ok": false, "error": …}` plus `extra`, HTTP 200 by default."""

    def __init__(
        self, error: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(error)
        self.error, self.status, self.headers = error, status, dict(headers or {})
        self.body: dict[str, Any] = {"ok": False, "error": error, **extra}


def refuse(problems: Sequence[Problem]) -> None:
    """Raise the first problem under its own name, with a line for each."""
    if not problems:
        return
    extra: dict[str, Any] = {"response_metadata": {"messages": [one.line for one in problems]}}
    if problems[0].code == "invalid_blocks":
        extra["errors"] = [one.message for one in problems]
    raise SlackError(problems[0].code, **extra)


def rate_limited(retry_after: int) -> SlackError:
    """429 with `Retry-After` in seconds."""
    return SlackError("ratelimited", status=429, headers={"Retry-After": str(retry_after)})


class PageError(Exception):
    """The caller of `/ui` asked for something that cannot be: an HTTP status, a code and a sentence for developers."""

    def __init__(self, status: int, code: str, message: str = "", **extra: Any) -> None:
        super().__init__(code)
        self.status, self.code = status, code
        self.body: dict[str, Any] = {"error": code, "message": message or code.replace("_", " "), **extra}
