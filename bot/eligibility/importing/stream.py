"""A book file read in pieces: one customer at a time, with the line it begins on. The file is never in memory whole."""

import codecs
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from bot.eligibility.importing.faults import BookFault, BookRefused

PIECE: Final = 1 << 20
LARGEST: Final = 64 << 20
"""Characters of one customer, at most: beyond it, a bracket was left open."""

_SPACE = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCustomer:
    """One element of `customers`: its place in the list, the line it begins on, its text and its value.

    `offset` and `length` are its bytes in the file, `checksum` is theirs. `doubled`: some object in it names a field
    twice (JSON would quietly take the last one).
    """

    index: int
    line: int
    text: str
    value: Any
    offset: int
    length: int
    checksum: int
    doubled: bool


class BookStream:
    """Iterates over the customers of a file, once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._decoder = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=self._object)
        self._doubled = False
        self._begin = 0
        self._text = ""
        self._at = 0
        self._line = 1
        self._bytes = 0
        self._ended = False

    def __iter__(self) -> Iterator[RawCustomer]:
        """Each customer in turn. Raises `BookRefused` where the text is no JSON, or has not the shape of a book."""
        try:
            with self._path.open("rb") as file:
                self._pieces = self._read(file)
                yield from self._customers()
        except OSError as fault:
            raise self._refused(f"the file cannot be read ({fault.strerror})", line=1) from fault

    def _customers(self) -> Iterator[RawCustomer]:
        self._expect("{", "a book is an object: it begins with {")
        key = self._next_char()
        if key != '"':
            raise self._refused('"customers" is missing')
        name = self._decode()
        self._bytes += len(self._text[self._begin : self._at].encode())
        if name != "customers":
            raise self._refused(f'"{name}" is not known: a book has "customers" and nothing else')
        self._expect(":", "a : is missing")
        self._expect("[", '"customers" must be a list')
        index = 0
        if self._next_char() == "]":
            self._pass(1)
        else:
            while True:
                self._next_char()
                yield self._customer(index)
                index += 1
                mark = self._next_char()
                if mark not in {",", "]"}:
                    raise self._refused("a comma or ] is missing", path=f"customers[{index - 1}]")
                self._pass(1)
                if mark == "]":
                    break
        if self._next_char() == ",":
            raise self._refused('nothing may stand beside "customers"')
        self._expect("}", "the closing } is missing")
        if self._next_char():
            raise self._refused("there is text behind the end of the book")

    def _customer(self, index: int) -> RawCustomer:
        line, offset = self._line, self._bytes
        value = self._decode()
        text = self._text[self._begin : self._at]
        raw = text.encode()
        self._line += text.count("\n")
        self._bytes += len(raw)
        return RawCustomer(
            index=index,
            line=line,
            text=text,
            value=value,
            offset=offset,
            length=len(raw),
            checksum=zlib.crc32(raw),
            doubled=self._doubled,
        )

    def _pass(self, characters: int) -> None:
        """Pass spaces and marks: one byte each."""
        if characters > 1:
            self._line += self._text.count("\n", self._at, self._at + characters)
        elif characters and self._text[self._at] == "\n":
            self._line += 1
        self._at += characters
        self._bytes += characters

    def _decode(self) -> Any:
        """The value that begins here. Reads on while it is not complete."""
        while True:
            self._doubled = False
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as fault:
                if not self._ended and len(self._text) - self._at < LARGEST:
                    self._more(at_least=len(self._text) - self._at)
                    continue
                self._line += self._text.count("\n", self._at, fault.pos)
                raise self._refused(f"not valid JSON: {fault.msg}") from fault
            except _NotANumber as fault:
                raise self._refused(f"{fault} is not a number of JSON") from fault
            except RecursionError as fault:
                raise self._refused("brackets are nested too deeply") from fault
            except ValueError as fault:
                raise self._refused("a number is too long") from fault
            if end == len(self._text) and not self._ended and not isinstance(value, dict | list | str):
                self._more(at_least=PIECE)
                continue
            self._begin, self._at = self._at, end
            return value

    def _next_char(self) -> str:
        """The next character that is no space, without passing it; empty at the end of the file."""
        while True:
            match = _SPACE.match(self._text, self._at)
            end = self._at if match is None else match.end()
            self._pass(end - self._at)
            if end < len(self._text):
                return self._text[end]
            if self._ended:
                return ""
            self._more(at_least=PIECE)

    def _expect(self, mark: str, sentence: str) -> None:
        if self._next_char() != mark:
            raise self._refused(sentence)
        self._pass(1)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        self._doubled = self._doubled or len(made) != len(pairs)
        return made

    def _more(self, *, at_least: int) -> None:
        """Forget what was passed and read on: as much again as waits, so that a long customer costs no square."""
        parts = [self._text[self._at :]]
        wanted = max(PIECE, at_least)
        while wanted > 0:
            piece = next(self._pieces, None)
            if piece is None:
                self._ended = True
                break
            parts.append(piece)
            wanted -= len(piece)
        self._text = "".join(parts)
        self._at = 0

    def _read(self, file: IO[bytes]) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")()
        first, lines = True, 1
        while True:
            chunk = file.read(PIECE)
            if first and chunk.startswith(codecs.BOM_UTF8):
                chunk = chunk.removeprefix(codecs.BOM_UTF8)
                self._bytes += len(codecs.BOM_UTF8)
            first = False
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as fault:
                line = lines + fault.object[: fault.start].count(b"\n")
                raise self._refused("the file is not UTF-8 text", line=line) from fault
            lines += text.count("\n")
            if text:
                yield text
            if not chunk:
                return

    def _refused(self, sentence: str, *, line: int | None = None, path: str = "") -> BookRefused:
        fault = BookFault(line=self._line if line is None else line, path=path, sentence=sentence)
        return BookRefused(faults=(fault,))


class _NotANumber(Exception):
    pass


def _no_constant(word: str) -> Any:
    raise _NotANumber(word)
