"""What is wrong with the settings, a sentence per fault that names the setting and never shows its value."""

from collections.abc import Mapping, Sequence
from typing import Any


class SettingsError(Exception):
    """Settings that make no sense. `faults` has one sentence each; nothing was started."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = tuple(faults)


def sentence_of(fault: Mapping[str, Any]) -> str:
    """The sentence for one of Pydantic's error records."""
    name = str(fault["loc"][0]).upper() if fault["loc"] else "The settings"
    message = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "literal_error":
        message = f"must be one of {fault['ctx']['expected']}"
    return f"{name}: {message}."
