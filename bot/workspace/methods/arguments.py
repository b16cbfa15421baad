"""The arguments of a call, however they came: query, form or JSON."""

from typing import Any

from bot.workspace.parsing import parse_json
from bot.workspace.refusals import SlackError

_MOST = 1000


def missing(name: str) -> SlackError:
    """Slack's answer when an argument is not there."""
    return SlackError(
        "invalid_arguments",
        response_metadata={"messages": [f"[ERROR] missing required field: {name}"]},
    )


class Arguments:
    """The arguments of one call. Structured ones may be JSON text, as they are in a form."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = {name: value for name, value in values.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str = "") -> str:
        """A text; numbers are taken as text. Anything else is as good as absent."""
        value = self._values.get(name, default)
        return value if isinstance(value, str) else str(value) if isinstance(value, (int, float)) else default

    def need(self, name: str) -> str:
        """A text that must be there. Raises SlackError `invalid_arguments`."""
        value = self.text(name)
        if not value:
            raise missing(name)
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True for true, "true" and "1"."""
        value = self._values.get(name, default)
        return value is True or str(value).lower() in {"true", "1"}

    def limit(self, default: int = 100) -> int:
        """The size of a page: 1 to 1000. Raises SlackError `invalid_limit`."""
        try:
            limit = int(self._values.get("limit") or default)
        except (TypeError, ValueError):
            raise SlackError("invalid_limit") from None
        if not 1 <= limit <= _MOST:
            raise SlackError("invalid_limit")
        return limit

    def tree(self, name: str, *, error: str) -> Any:
        """A structure, given as it is or as JSON text; None if absent. Raises SlackError `error` for broken JSON."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return parse_json(value)
        except ValueError:
            raise SlackError(error) from None
