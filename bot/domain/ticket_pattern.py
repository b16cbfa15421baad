"""The policy's pattern of ticket numbers, searched in time that grows with the text alone (decision 0058).

Python's own search tries one way after the other, and for some patterns there are more ways than anybody can wait for,
without a thread or a task having a say meanwhile. Here all ways are gone at once, one character after the other.
"""

import importlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

MOST_STEPS: Final = 400
"""Steps of a pattern, bounded repetitions counted as often as they may repeat: what a search may cost per character."""

# The parser of `re` itself, so that a pattern means here what it means there; Python has no public door to it.
_parser: Final[Any] = importlib.import_module("re._parser")
_compiler: Final[Any] = importlib.import_module("re._compiler")

_LEAVES: Final = frozenset({"LITERAL", "NOT_LITERAL", "IN", "ANY"})
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT"})
_WORDS: Final = {
    "ASSERT": "a look ahead or behind",
    "ASSERT_NOT": "a look ahead or behind",
    "GROUPREF": "a reference to a group",
    "GROUPREF_EXISTS": "a reference to a group",
}


@dataclass(slots=True, kw_only=True)
class _Step:
    """One step: `test` reads a character (`reads`) or looks at a place; `then` are the steps after it."""

    test: re.Pattern[str] | None = None
    reads: bool = False
    then: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TicketPattern:
    """A pattern that was checked. Build it with `ticket_pattern`."""

    _steps: tuple[_Step, ...]
    _start: int
    _end: int

    def fits(self, text: str) -> bool:
        """Whether the pattern is found somewhere in `text`, as `re.search` finds it."""
        reached: set[int] = set()
        for at in range(len(text) + 1):
            now = self._closed({*reached, self._start}, text, at)
            if self._end in now:
                return True
            seen: dict[re.Pattern[str], bool] = {}
            reached = set()
            for number in now:
                step = self._steps[number]
                if not step.reads or step.test is None:
                    continue
                if step.test not in seen:
                    seen[step.test] = step.test.match(text, at) is not None
                if seen[step.test]:
                    reached.update(step.then)
        return False

    def _closed(self, reached: Iterable[int], text: str, at: int) -> set[int]:
        """What is reached with these without reading on."""
        found: set[int] = set()
        todo = list(reached)
        while todo:
            number = todo.pop()
            if number in found:
                continue
            found.add(number)
            step = self._steps[number]
            if not step.reads and (step.test is None or step.test.match(text, at) is not None):
                todo += step.then
        return found


@lru_cache(maxsize=64)
def ticket_pattern(text: str) -> TicketPattern:
    """The pattern that `text` states. Raises ValueError with the reason why it cannot be used."""
    try:
        parsed = _parser.parse(text)
        made = _Made()
        end = made.step()
        start = made.sequence(list(parsed), flags=parsed.state.flags, then=end)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"not a valid regular expression ({error})") from error
    return TicketPattern(tuple(made.steps), start, end)


class _Made:
    """The steps, made from the end to the beginning: each knows what comes after it."""

    def __init__(self) -> None:
        self.steps: list[_Step] = []
        self._tests: dict[tuple[str, int], re.Pattern[str]] = {}

    def step(self, *then: int, test: re.Pattern[str] | None = None, reads: bool = False) -> int:
        """The number of a new step."""
        if len(self.steps) >= MOST_STEPS:
            raise ValueError(f"too long: at most {MOST_STEPS} steps, repetitions counted as often as they may repeat")
        self.steps.append(_Step(test=test, reads=reads, then=list(then)))
        return len(self.steps) - 1

    def sequence(self, nodes: list[Any], *, flags: int, then: int) -> int:
        """Where a sequence begins that is followed by `then`."""
        for node in reversed(nodes):
            then = self._node(node, flags=flags, then=then)
        return then

    def _node(self, node: Any, *, flags: int, then: int) -> int:
        kind, value = str(node[0]), node[1]
        if kind in _LEAVES or kind == "AT":
            return self.step(then, test=self._test(node, flags), reads=kind != "AT")
        if kind == "SUBPATTERN":
            _, add, remove, inner = value
            return self.sequence(list(inner), flags=(flags | add) & ~remove, then=then)
        if kind == "BRANCH":
            return self.step(*(self.sequence(list(each), flags=flags, then=then) for each in value[1]))
        if kind in _REPEATS:
            least, most, inner = value
            return self._repeat(
                lambda after: self.sequence(list(inner), flags=flags, then=after),
                least=int(least),
                most=None if most == _parser.MAXREPEAT else int(most),
                then=then,
            )
        raise ValueError(f"{_WORDS.get(kind, kind.lower())} cannot be used here")

    def _repeat(self, once: Callable[[int], int], *, least: int, most: int | None, then: int) -> int:
        if most is None:
            loop = self.step(then)
            self.steps[loop].then.append(once(loop))
            then = loop
        else:
            out = then
            for _ in range(most - least):
                then = self.step(out, once(then))
        for _ in range(least):
            then = once(then)
        return then

    def _test(self, node: Any, flags: int) -> re.Pattern[str]:
        """One character, or one place, as a pattern of `re`'s own: letters of either case and classes as there."""
        key = (repr(node), flags)
        if key not in self._tests:
            state = _parser.State()
            state.flags = flags
            self._tests[key] = _compiler.compile(_parser.SubPattern(state, [node]), flags)
        return self._tests[key]
