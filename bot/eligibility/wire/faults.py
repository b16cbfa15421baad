"""Bodies of errors on the wire (facts/partner-center.md, 7). Three shapes exist: the usual one, throttling, 600074."""

from typing import Any

from pydantic import Field

from bot.eligibility.wire.base import Many, WireModel


class Fault(WireModel):
    """The body of a 4xx or 5xx. `code` stays a number or a text, as it came; each shape has its words elsewhere."""

    code: int | str | None = None
    description: str | None = None
    data: Many[Any] = Field(default_factory=list)
    source: str | None = None
    status_code: int | None = None
    message: str | None = None
    error_name: str | None = None

    @property
    def number(self) -> int | None:
        """The code as a number, whichever way it was written."""
        code = self.status_code if self.code is None else self.code
        if isinstance(code, str):
            return int(code) if code.strip().isdecimal() else None
        return code

    @property
    def words(self) -> str:
        """What the service says, in its own words; empty where it says nothing."""
        return self.description or self.message or ""
