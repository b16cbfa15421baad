"""The few kinds of rule of which every limit is made: from a value and its JSON pointer to what is wrong with it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

INVALID = "invalid_blocks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that Slack refuses: the error's name, Slack's sentence, and a JSON pointer (`/blocks/1/text`)."""

    message: str
    pointer: str
    code: str = INVALID

    @property
    def line(self) -> str:
        """The line as it stands in `response_metadata.messages`."""
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]" if self.pointer else f"[ERROR] {self.message}"


Rule = Callable[[Any, str], Iterable[Problem]]


def wrong(message: str, at: str, *, code: str = INVALID) -> Problem:
    """A problem in fewer words."""
    return Problem(message=message, pointer=at, code=code)


def string(*, most: int | None = None, least: int = 0, pattern: str | None = None, expected: str = "string") -> Rule:
    """A string of `least` to `most` characters; `pattern` is matched in full and named by `expected`."""

    def rule(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield wrong("must provide a string", at)
            return
        if len(value) < least:
            yield wrong(f"must be more than {least - 1} characters", at)
        if most is not None and len(value) > most:
            yield wrong(f"must be less than {most + 1} characters", at)
        if pattern is not None and not re.fullmatch(pattern, value):
            yield wrong(f"must be a valid {expected}", at)

    return rule


def url(most: int = 3000) -> Rule:
    """An absolute address of at most `most` characters."""
    return string(most=most, least=1, pattern=r"(?s)[a-zA-Z][a-zA-Z0-9+.-]*:\S.*", expected="url")


def integer(*, least: int | None = None, most: int | None = None) -> Rule:
    """A whole number within bounds."""

    def rule(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield wrong("must provide an integer", at)
            return
        if least is not None and value < least:
            yield wrong(f"must be greater than {least - 1}", at)
        if most is not None and value > most:
            yield wrong(f"must be less than {most + 1}", at)

    return rule


def boolean(value: Any, at: str) -> Iterator[Problem]:
    """True or false."""
    if not isinstance(value, bool):
        yield wrong("must provide a boolean", at)


def choice(*allowed: str) -> Rule:
    """One of a few words."""

    def rule(value: Any, at: str) -> Iterator[Problem]:
        if value not in allowed:
            yield wrong("must be a valid enum value", at)

    return rule


def many(each: Rule, *, most: int | None = None, least: int = 0, code: str = INVALID) -> Rule:
    """A list of `least` to `most` items, each by its rule; `code` names the error for too many."""

    def rule(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield wrong("must provide an array", at)
            return
        if most is not None and len(value) > most:
            yield wrong(f"no more than {most} items allowed", at, code=code)
        if len(value) < least:
            yield wrong(f"no fewer than {least} items allowed", at)
        for number, item in enumerate(value):
            yield from each(item, f"{at}/{number}")

    return rule


def record(
    required: Mapping[str, Rule],
    optional: Mapping[str, Rule] | None = None,
    *,
    also: Rule | None = None,
) -> Rule:
    """An object with these fields and no others. `type` is always allowed.

    `also` looks at the object as a whole, once every field of it is right.
    """
    known = {"type": anything, **required, **(optional or {})}

    def fields(value: dict[str, Any], at: str) -> Iterator[Problem]:
        for name in required:
            if name not in value:
                yield wrong(f"missing required field: {name}", at)
        for name, inner in value.items():
            if name in known:
                yield from known[name](inner, f"{at}/{name}")
            else:
                yield wrong(f"invalid additional property: {name}", at)

    def rule(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield wrong("must provide an object", at)
            return
        found = list(fields(value, at))
        yield from found
        if also is not None and not found:
            yield from also(value, at)

    return rule


def by_type(table: Mapping[str, Rule]) -> Rule:
    """An object whose `type` says which rule it obeys."""

    def rule(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield wrong("must provide an object", at)
            return
        kind = value.get("type")
        if kind is None:
            yield wrong("missing required field: type", at)
        elif not isinstance(kind, str) or kind not in table:
            yield wrong(f"unsupported type: {kind}", f"{at}/type")
        else:
            yield from table[kind](value, at)

    return rule


def exactly_one(*names: str) -> Rule:
    """For `also`: one of these fields, not none and not two."""

    def rule(value: Any, at: str) -> Iterator[Problem]:
        if sum(name in value for name in names) != 1:
            yield wrong(f"must provide exactly one of: {', '.join(names)}", at)

    return rule


def at_least_one(*names: str) -> Rule:
    """For `also`: one of these fields or more."""

    def rule(value: Any, at: str) -> Iterator[Problem]:
        if not any(name in value for name in names):
            yield wrong(f"must provide at least one of: {', '.join(names)}", at)

    return rule


def both(*rules: Rule) -> Rule:
    """All of these rules."""

    def rule(value: Any, at: str) -> Iterator[Problem]:
        for one in rules:
            yield from one(value, at)

    return rule


def anything(_value: Any, _at: str) -> Iterator[Problem]:
    """No rule at all."""
    return iter(())
