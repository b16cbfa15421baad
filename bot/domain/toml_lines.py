"""Where something stands in a TOML file. `tomllib` tells the line of a syntax fault only, not of a wrong value."""

import re

Step = str | int
Place = tuple[Step, ...]

_BARE_OR_QUOTED = r"(?:\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|[A-Za-z0-9_-]+)"
_DOTTED = rf"{_BARE_OR_QUOTED}(?:[ \t]*\.[ \t]*{_BARE_OR_QUOTED})*"
_HEADER = re.compile(rf"(\[\[?)[ \t]*({_DOTTED})[ \t]*\]\]?")
_KEY = re.compile(rf"({_DOTTED})[ \t]*=")
_STEP = re.compile(_BARE_OR_QUOTED)
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_SYNTAX_LINE = re.compile(r"line (\d+)")


def line_of(text: str, path: Place) -> int:
    """The line (from 1) where `path` stands in `text`; where it does not, the line of the nearest thing around it.

    Steps are keys, or indices into arrays of tables and arrays of values: `("offer", 2, "families", 0)`.
    """
    lines = lines_of(text)
    for length in range(len(path), 0, -1):
        if (found := lines.get(path[:length])) is not None:
            return found
    return 1


def lines_of(text: str) -> dict[Place, int]:
    """The line (from 1) of every table, key and array element of a TOML text that parses."""
    return _Scan(text).run()


def syntax_fault(fault: Exception) -> tuple[int, str]:
    """Line and words of a `tomllib.TOMLDecodeError`; the last line is told as 1 where it names none."""
    words = str(fault)
    found = _SYNTAX_LINE.search(words)
    return (int(found[1]) if found else 1), words


class _Scan:
    """One pass over the text, statement by statement."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._lines: dict[Place, int] = {}
        self._tables: dict[Place, int] = {}
        self._table: Place = ()

    def run(self) -> dict[Place, int]:
        while self._at < len(self._text):
            if self._text[self._at] == "[" and (header := _HEADER.match(self._text, self._at)):
                self._header(array=header[1] == "[[", steps=_steps(header[2]))
                self._to_line_end()
            elif key := _KEY.match(self._text, self._at):
                place = (*self._table, *_steps(key[1]))
                for length in range(len(self._table) + 1, len(place) + 1):
                    self._lines.setdefault(place[:length], self._line)
                self._move_to(key.end())
                self._value(place)
            elif self._text[self._at] == "#":
                self._to_line_end()
            else:
                self._move_to(self._at + 1)
        return self._lines

    def _header(self, *, array: bool, steps: tuple[str, ...]) -> None:
        place: Place = ()
        for step in steps[:-1]:
            place = (*place, step)
            if place in self._tables:
                place = (*place, self._tables[place])
        place = (*place, steps[-1])
        self._lines.setdefault(place, self._line)
        if array:
            self._tables[place] = self._tables.get(place, -1) + 1
            place = (*place, self._tables[place])
            self._lines[place] = self._line
        self._table = place

    def _value(self, place: Place) -> None:
        """Walk to the end of a value; note the line of each element of an array, and of keys of inline tables."""
        stack: list[Place | None] = []
        counts: list[int] = []
        fresh = False
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == "\n" and not stack:
                return
            if char == "#":
                self._to_line_end()
                continue
            if fresh and not char.isspace() and char != "]":
                self._lines[(*(stack[-1] or ()), counts[-1])] = self._line
                fresh = False
            if string := _STRING.match(self._text, self._at):
                self._move_to(string.end())
                continue
            if char == "[":
                here = place if not stack else _inside(stack[-1], counts[-1])
                stack.append(here)
                counts.append(0)
                fresh = here is not None
            elif char == "{":
                stack.append(None)
                counts.append(0)
            elif char in "]}" and stack:
                stack.pop()
                counts.pop()
                fresh = False
            elif char == "," and stack and stack[-1] is not None:
                counts[-1] += 1
                fresh = True
            self._move_to(self._at + 1)

    def _to_line_end(self) -> None:
        end = self._text.find("\n", self._at)
        self._move_to(len(self._text) if end < 0 else end)

    def _move_to(self, to: int) -> None:
        self._line += self._text.count("\n", self._at, to)
        self._at = to


def _inside(around: Place | None, index: int) -> Place | None:
    """The place of an array inside an array; None inside an inline table, whose parts are not told apart."""
    return None if around is None else (*around, index)


def _steps(dotted: str) -> tuple[str, ...]:
    return tuple(step[1:-1] if step[0] in "\"'" else step for step in _STEP.findall(dotted))
