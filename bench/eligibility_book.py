"""Books for measuring: customers as a partner has them, the same ones for the same seed."""

import json
import random
import uuid
from pathlib import Path

_FIRST = (
    *("Müller", "Schmidt", "Weiß", "Bäcker", "Contoso", "Fabrikam", "Nord", "Süd", "Alpen", "Rhein", "Elbe", "Hansa"),
    *("Jäger", "König", "Groß", "Stern", "Adler", "Blau", "Grün", "Kraft", "Licht", "Wasser", "Stein", "Holz", "Glas"),
)
_SECOND = ("bau", "technik", "handel", "logistik", "werk", "haus", "druck", "medien", "energie", "pharma", "markt")
_FORM = ("GmbH", "AG", "KG", "OHG", "e.K.", "SE", "Ltd.", "GmbH & Co. KG")
_OFFERS = (
    *("microsoft-365-business-basic", "microsoft-365-business-standard", "microsoft-365-apps-for-business"),
    *("office-365-enterprise-e1", "office-365-enterprise-e3"),
)


def write_book(path: Path, *, customers: int, seed: int = 7, users: int = 4) -> None:
    """A book of so many customers: 0 to 5 subscriptions each (3 on average) and `users` users with a licence each."""
    chance = random.Random(seed)  # noqa: S311 no secret
    with path.open("w", encoding="utf-8") as file:
        file.write('{"customers": [\n')
        for number in range(customers):
            file.write(
                ("" if number == 0 else ",\n") + json.dumps(_customer(chance, number, users), ensure_ascii=False)
            )
        file.write("\n]}\n")


def name_of(chance: random.Random) -> str:
    """A company's name."""
    return f"{chance.choice(_FIRST)}{chance.choice(_SECOND)} {chance.randrange(10_000)} {chance.choice(_FORM)}"


def _customer(chance: random.Random, number: int, users: int) -> dict[str, object]:
    count = chance.choice((1, 2, 3, 3, 4, 5))
    held = chance.sample(_OFFERS, count)
    return {
        "id": _uuid(chance),
        "companyName": name_of(chance),
        "domain": f"kunde{number:06}.example",
        "country": "DE",
        "delegatedAdmin": chance.random() < 0.9,
        "subscriptions": [
            {
                "id": _uuid(chance),
                "offer": offer,
                "quantity": chance.randrange(1, 250),
                "status": "active" if chance.random() < 0.9 else "suspended",
                "soldBy": "us" if chance.random() < 0.85 else "partner",
                "friendlyName": f"Standort {at}",
                "commitmentEndDate": "2027-03-31",
            }
            for at, offer in enumerate(held)
        ],
        "users": [
            {
                "id": _uuid(chance),
                "displayName": f"Person {number}-{at}",
                "userPrincipalName": f"person{at}@kunde{number:06}.example",
                "licenses": [held[at % len(held)]],
            }
            for at in range(users)
        ],
    }


def _uuid(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))
