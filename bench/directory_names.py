"""Names of companies as a European partner has them, the same ones for the same seed: people, places, trades, forms."""

import random
import unicodedata
import uuid
from collections.abc import Iterator

from bot.domain.customers import Customer

_SURNAMES = (
    *(
        "Müller",
        "Schmidt",
        "Schneider",
        "Fischer",
        "Weber",
        "Meyer",
        "Wagner",
        "Becker",
        "Schulz",
        "Hoffmann",
        "Schäfer",
    ),
    *("Koch", "Bauer", "Richter", "Klein", "Wolf", "Schröder", "Neumann", "Schwarz", "Zimmermann", "Braun", "Krüger"),
    *("Hofmann", "Hartmann", "Lange", "Schmitt", "Werner", "Krause", "Lehmann", "Köhler", "Maier", "König", "Mayer"),
    *("Walter", "Kaiser", "Fuchs", "Peters", "Lang", "Scholz", "Möller", "Weiß", "Jung", "Hahn", "Keller", "Vogel"),
    *("Jäger", "Grün", "Groß", "Böhm", "Krämer", "Götz", "Dubois", "Lefèvre", "Moreau", "Nowak", "Kowalski", "Wójcik"),
    *("Jensen", "Sørensen", "Lindström", "Åberg", "Novák", "Dvořák", "Horváth", "Nagy", "García", "Muñoz", "Rossi"),
)
_ENDS = (
    "mann",
    "er",
    "inger",
    "berg",
    "hauer",
    "meier",
    "bach",
    "feld",
    "ner",
    "ke",
    "ling",
    "stein",
    "hof",
    "sen",
    "ski",
)
_ONSETS = (
    "B",
    "Br",
    "D",
    "Dr",
    "F",
    "Fl",
    "G",
    "Gr",
    "H",
    "K",
    "Kl",
    "Kr",
    "L",
    "M",
    "N",
    "P",
    "Pf",
    "R",
    "S",
    "Sch",
    "St",
    "T",
    "W",
    "Z",
)
_MIDDLES = (
    "a",
    "e",
    "i",
    "o",
    "u",
    "ä",
    "ö",
    "ü",
    "ei",
    "au",
    "ie",
    "eu",
    "aß",
    "all",
    "enn",
    "itt",
    "olz",
    "und",
    "art",
    "ems",
)
_TRADES = (
    *(
        "bau",
        "technik",
        "handel",
        "logistik",
        "druck",
        "medien",
        "energie",
        "pharma",
        "metall",
        "holz",
        "glas",
        "möbel",
    ),
    *(
        "elektro",
        "sanitär",
        "dach",
        "garten",
        "reisen",
        "immobilien",
        "versicherung",
        "beratung",
        "software",
        "systeme",
    ),
    *("maschinenbau", "fahrzeugbau", "werkzeuge", "verpackung", "kunststoff", "textil", "optik", "dental", "catering"),
    *("getränke", "bäckerei", "fleischerei", "apotheke", "spedition", "reinigung", "sicherheit", "akustik", "labor"),
)
_FIRST_PARTS = (
    "Nord",
    "Süd",
    "Ost",
    "West",
    "Alpen",
    "Rhein",
    "Elbe",
    "Hansa",
    "Euro",
    "Inter",
    "Bio",
    "Öko",
    "Neo",
    "Pro",
    "Stahl",
    "Wasser",
    "Licht",
    "Berg",
    "Stadt",
    "Kreis",
)
_PLACES = (
    *("Berlin", "München", "Hamburg", "Köln", "Nürnberg", "Lübeck", "Würzburg", "Göttingen", "Zürich", "Wien", "Graz"),
    *(
        "Basel",
        "Linz",
        "Düsseldorf",
        "Münster",
        "Fürth",
        "Tübingen",
        "Gießen",
        "Kassel",
        "Ulm",
        "Trier",
        "Kiel",
        "Bozen",
    ),
)
_FORMS = (
    *("GmbH",) * 40, *("GmbH & Co. KG",) * 14, *("AG",) * 6, *("KG",) * 6, *("e.K.",) * 8, *("OHG",) * 2, *("UG (haftungsbeschränkt)",) * 5,  # noqa: E501 a table
    *("SE", "eG", "e.V.", "mbH", "S.A.", "S.à r.l.", "Sp. z o.o.", "s.r.o.", "B.V.", "A/S", "AB", "Oy", "S.p.A.", "Ltd.", "SARL"),  # noqa: E501 a table
)  # fmt: skip
_TOPS = ("de", "de", "de", "at", "ch", "com", "eu", "fr", "nl", "pl")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l"})


def customers(count: int, *, seed: int = 5) -> Iterator[Customer]:
    """So many customers, in no order."""
    chance = random.Random(seed)  # noqa: S311 no secret
    taken: set[int] = set()
    for number in range(count):
        words = _words(chance)
        domain = _domain(chance, words, number)
        if hash(domain) in taken:
            domain = f"{number}-{domain}"
        taken.add(hash(domain))
        yield Customer(
            id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            name=f"{' '.join(words)} {chance.choice(_FORMS)}",
            domain=domain,
        )


def surname(chance: random.Random) -> str:
    """A common one, or one of some hundred thousand others."""
    if chance.random() < 0.4:
        return chance.choice(_SURNAMES)
    first = chance.choice(_ONSETS) + chance.choice(_MIDDLES)
    middle = chance.choice(_ONSETS).lower() + chance.choice(_MIDDLES) if chance.random() < 0.6 else ""
    return first + middle + chance.choice(_ENDS)


def _words(chance: random.Random) -> list[str]:  # noqa: PLR0911 a kind of name each
    kind = chance.random()
    if kind < 0.3:
        return [surname(chance), chance.choice(_TRADES).capitalize()]
    if kind < 0.45:
        return [f"{surname(chance)}-{chance.choice(_TRADES).capitalize()}", chance.choice(_PLACES)]
    if kind < 0.6:
        return [f"{chance.choice(_FIRST_PARTS)}{chance.choice(_TRADES)}", surname(chance)]
    if kind < 0.7:
        return [surname(chance), "&", surname(chance), chance.choice(_TRADES).capitalize()]
    if kind < 0.8:
        return [f"{surname(chance)}{chance.choice(_TRADES)}", chance.choice(_PLACES)]
    if kind < 0.9:
        letters = "".join(chance.choice("ABCDEFGHIKLMNOPRSTUVWZ") for _ in range(chance.choice((2, 3, 3, 4))))
        return [letters, chance.choice(_TRADES).capitalize(), chance.choice(_PLACES)]
    return ["Praxis", "Dr.", surname(chance), "und", surname(chance)]


def _domain(chance: random.Random, words: list[str], number: int) -> str:
    plain = [unicodedata.normalize("NFKD", each.casefold().translate(_UMLAUTS)) for each in words]
    label = "-".join("".join(c for c in each if c.isascii() and c.isalnum()) for each in plain).strip("-")
    if chance.random() < 0.3:
        return f"{label.replace('-', '')}{number}.onmicrosoft.com"
    return f"{label}{number if chance.random() < 0.5 else ''}.{chance.choice(_TOPS)}"
