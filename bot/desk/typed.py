"""What people type: trimmed, bounded, without characters that are none."""

import unicodedata
from typing import Final

from bot.desk.reasons import Problem
from bot.domain.errors import BadInput

_KEPT: Final = frozenset("\n\t")


def typed(text: str, *, field: str, most: int, required: bool = False) -> str:
    """The text without what surrounds it. Raises BadInput, at the input `field`."""
    bare = text.strip()
    if required and not bare:
        raise BadInput(field=field, problem=Problem.EMPTY)
    if len(bare) > most:
        raise BadInput(field=field, problem=Problem.TOO_LONG, most=most)
    if any(unicodedata.category(each) in {"Cc", "Cs"} for each in bare if each not in _KEPT):
        raise BadInput(field=field, problem=Problem.CONTROL_CHARACTERS)
    return bare
