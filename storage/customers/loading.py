"""Many rows in one statement, out of JSON that the engine itself takes apart: by engine, SQLite's and PostgreSQL's.

Row by row, SQLite's driver asks for Python's lock each time, which whoever reads the next page holds; and PostgreSQL's
would translate every value by itself.
"""

from typing import Final

from storage.customers.slips import STEM

_PLACES: Final = ", ".join(f"({at})" for at in range(1, STEM + 1))

Both = dict[bool, str]
"""By whether it is PostgreSQL."""

CUSTOMERS: Final[Both] = {
    False: "INSERT INTO customer (num, id, key, name, domain) SELECT value->>0, value->>1, value->>2, value->>3,"
    " value->>4 FROM json_each(?)",
    True: "INSERT INTO customer (num, id, key, name, domain) SELECT (value->>0)::bigint, value->>1, value->>2,"
    " value->>3, value->>4 FROM json_array_elements(%s::json)",
}
"""Bound: rows."""

GRAMS: Final[Both] = {
    False: "INSERT INTO gram (segment, gram, docs) SELECT ?1, value->>0, substr(?2, value->>1, value->>2)"
    " FROM json_each(?3)",
    True: "INSERT INTO gram (segment, gram, docs) SELECT p.segment, value->>0,"
    " substr(p.docs, (value->>1)::int, (value->>2)::int)"
    " FROM (SELECT %s::int AS segment, %b::bytea AS docs OFFSET 0) p, json_array_elements(%s::json)",
}
"""Bound: the segment, all places, the grams with which of these are theirs."""

# What is left of a word without one letter, behind that letter's place: `slips.gaps` looks for it.
SLIPS: Final[Both] = {
    False: "INSERT INTO slip (segment, rest, letter) SELECT DISTINCT ?1,"  # noqa: S608 our own numbers
    " (n.column1 - 1) || substr(value, 1, n.column1 - 1) || substr(value, n.column1 + 1), substr(value, n.column1, 1)"
    f" FROM json_each(?2) CROSS JOIN (VALUES {_PLACES}) n WHERE n.column1 <= length(value)"
    " AND NOT EXISTS (SELECT 1 FROM word w WHERE w.word = value) ORDER BY 2, 3",
    True: "INSERT INTO slip (segment, rest, letter) SELECT p.segment, s.rest, s.letter FROM"  # noqa: S608 our own numbers
    " (SELECT %s::int AS segment, %s::json AS words OFFSET 0) p CROSS JOIN LATERAL (SELECT DISTINCT"
    ' (n.at - 1) || substr(value, 1, n.at - 1) || substr(value, n.at + 1) COLLATE "C" AS rest,'
    ' substr(value, n.at, 1) COLLATE "C" AS letter'
    f" FROM json_array_elements_text(p.words) CROSS JOIN (VALUES {_PLACES}) n(at) WHERE n.at <= length(value)"
    ' AND NOT EXISTS (SELECT 1 FROM word w WHERE w.word = value COLLATE "C") ORDER BY 1, 2) s',
}
"""Bound: the segment, words."""

WORDS: Final[Both] = {
    False: "INSERT INTO word (word) SELECT value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING",
    True: "INSERT INTO word (word) SELECT value FROM json_array_elements_text(%s::json) ON CONFLICT DO NOTHING",
}
"""Bound: words."""

SLIPS_GONE: Final[Both] = {
    False: "DELETE FROM slip WHERE (segment, rest, letter) IN"
    " (SELECT s.segment, p.value->>0, p.value->>1 FROM segment s CROSS JOIN json_each(?) p)",
    True: "DELETE FROM slip t USING segment s, json_array_elements(%s::json) p WHERE t.segment = s.segment"
    ' AND t.rest = (p.value->>0) COLLATE "C" AND t.letter = (p.value->>1) COLLATE "C"',
}
"""Bound: what is left, and the letter."""
