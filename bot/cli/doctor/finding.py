"""What a check found: pure data, for people and for machines."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check came out. NOT_CHECKED: something that it rests on is missing."""

    OK = "ok"
    FAULT = "fault"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding. `group` is what was looked at; `says` a sentence; `fix` what to do, for a fault."""

    group: str
    state: State
    says: str
    fix: str = ""


def ok(group: str, says: str) -> Finding:
    """All is well."""
    return Finding(group=group, state=State.OK, says=says)


def fault(group: str, says: str, *, fix: str) -> Finding:
    """A gap, with what to do about it."""
    return Finding(group=group, state=State.FAULT, says=says, fix=fix)


def unchecked(group: str, says: str) -> Finding:
    """What could not be looked at; the fault that it rests on has the fix."""
    return Finding(group=group, state=State.NOT_CHECKED, says=says)
