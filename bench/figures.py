"""What a benchmark found, beside what the issue wants of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of the issue. `unit` is empty for a ratio."""

    what: str
    found: float
    target: float
    at_least: bool
    unit: str = ""

    @property
    def holds(self) -> bool:
        """Whether the target is met."""
        return self.found >= self.target if self.at_least else self.found <= self.target

    def __str__(self) -> str:
        bound = "at least" if self.at_least else "at most"
        verdict = "" if self.holds else "   MISSED"
        return f"{self.what:60} {_shown(self.found):>9} {self.unit:9} ({bound} {_shown(self.target)}){verdict}"


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
