"""Tables as CSV files that no spreadsheet calculates anything from."""

import csv
import io
from collections.abc import Sequence
from typing import Any, Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell must not begin: spreadsheets would calculate it (OWASP, CSV injection). Full width counts, too."""


def cells(lines: Sequence[Sequence[Any]]) -> bytes:
    """Lines of a file in UTF-8: comma, quotes where needed, CR LF (RFC 4180). None is empty."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([[_cell(each) for each in line] for line in lines])
    return buffer.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
