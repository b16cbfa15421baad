"""What a typed word may have been meant to be: words that the directory knows, one typing error away."""

import json
from collections.abc import Sequence
from typing import Any, Final

from storage.customers.matching import Word
from storage.customers.session import Session
from storage.customers.slips import STEM, gaps, known, stem

_MOST: Final = 96
"""So many words are looked for, at most; those by a letter that is known go first."""

# Bound values alone go in; what is put together here is ours.
_SQLITE: Final = {
    "known": "SELECT p.key FROM json_each(?) p WHERE EXISTS (SELECT 1 FROM word w WHERE w.word >= p.value"
    " AND w.word < p.value || '\U0010ffff')",
    "whole": "SELECT p.key FROM json_each(?) p WHERE EXISTS (SELECT 1 FROM word w WHERE w.word = p.value)",
    "gaps": "SELECT p.key, s.letter FROM segment n CROSS JOIN json_each(?) p CROSS JOIN slip s"
    " ON s.segment = n.segment AND s.rest >= p.value AND s.rest < p.value || '\U0010ffff' GROUP BY 1, 2",
}
_POSTGRES: Final = {
    "known": "SELECT p.key - 1 FROM unnest(%s::text[]) WITH ORDINALITY p(value, key) WHERE EXISTS"
    ' (SELECT 1 FROM word w WHERE w.word >= p.value COLLATE "C"'
    " AND w.word < (p.value || '\U0010ffff') COLLATE \"C\")",
    "whole": "SELECT p.key - 1 FROM unnest(%s::text[]) WITH ORDINALITY p(value, key) WHERE EXISTS"
    ' (SELECT 1 FROM word w WHERE w.word = p.value COLLATE "C")',
    "gaps": "SELECT p.key - 1, s.letter FROM segment n CROSS JOIN unnest(%s::text[]) WITH ORDINALITY p(value, key)"
    " CROSS JOIN LATERAL (SELECT t.letter FROM slip t"
    ' WHERE t.segment = n.segment AND t.rest >= p.value COLLATE "C"'
    " AND t.rest < (p.value || '\U0010ffff') COLLATE \"C\" OFFSET 0) s GROUP BY 1, 2",
}


async def meant_by(session: Session, word: Word) -> list[str]:
    """The beginnings of words (two words, where a space was missing) that it may have been meant to be."""
    found: dict[str, None] = {}
    for spelling in dict.fromkeys((word.spellings[0], word.spellings[-1])):
        found |= dict.fromkeys(await _corrections(session, spelling))
    return list(found)


async def _corrections(session: Session, typed: str) -> list[str]:
    sure = known(typed)
    ends = [each.rpartition(" ")[2] for each in sure]
    fronts = [each.partition(" ")[0] if " " in each else "" for each in sure]
    ends_found = set(await _probe(session, "known", [stem(each) for each in ends]))
    apart = [at for at in ends_found if fronts[at]]
    fronts_found = {apart[at] for at in await _probe(session, "whole", [stem(fronts[at]) for at in apart])}
    found = [each for at, each in enumerate(sure) if at in ends_found and (not fronts[at] or at in fronts_found)]
    places = gaps(typed)
    for at, letter in await _letters(session, [rest for rest, _, _ in places]):
        _, before, behind = places[at]
        found.append(before + letter + behind)
    found.sort(key=lambda each: each not in sure)
    del found[_MOST:]
    if len(typed) > STEM:
        found.append(typed[:STEM])
    return found


async def _probe(session: Session, what: str, values: Sequence[str]) -> list[int]:
    if not values:
        return []
    if session.postgres:
        rows = await session.driven(_POSTGRES[what], (list(values),))
    else:
        rows = await session.driven(_SQLITE[what], (json.dumps(values),))
    return [int(row[0]) for row in rows.all()]


async def _letters(session: Session, values: Sequence[str]) -> list[tuple[int, str]]:
    if session.postgres:
        rows = await session.driven(_POSTGRES["gaps"], (list(values),))
    else:
        rows = await session.driven(_SQLITE["gaps"], (json.dumps(values),))
    found: Sequence[Any] = rows.all()
    return [(int(row[0]), str(row[1])) for row in found]
