"""The root of every error that a user may meet."""

from typing import ClassVar


class UpgradeDeskError(Exception):
    """Base. `code` names the sentence; `params` fill it in (already plain values, not yet escaped)."""

    code: ClassVar[str] = "error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params
        self.reference: str | None = None
