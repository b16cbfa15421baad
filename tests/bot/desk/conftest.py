"""A desk on the real service, on both engines."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.clock import ShiftedClock
from bot.domain.people import Caller
from bot.domain.roles import PartnerRole
from storage.database import Database
from tests.support.counting_ids import CountingIds
from tests.support.desks import DeskKit, make_desk
from tests.support.service import BASIC, E3, STANDARD, RunningService, customer, running_service, subscription, user

CONTOSO = customer(
    "Contoso GmbH",
    subscription(BASIC, 24, commitmentEndDate="2027-03-31"),
    subscription(BASIC, 5, status="suspended", friendlyName="Werk Süd"),
    subscription("power-bi-pro", 5, friendlyName="Berichte"),
    subscription("exchange-online-plan-1", 3, status="deleted", friendlyName="Alt"),
    domain="contoso.de",
    users=[user("Anna Becker"), user("Felix Braun", disabled=["TEAMS1"]), user("Ida Schulz")],
)
FABRIKAM = customer("Fabrikam AG", subscription(STANDARD, 8), domain="fabrikam.example")
NORDWIND = [
    customer("Nordwind Handel GmbH", subscription(BASIC, 17), domain="nordwind-hamburg.example"),
    customer("Nordwind Handel GmbH", subscription(STANDARD, 6), domain="nordwind-kiel.example"),
]
MUELLER = customer("Müller & Söhne GmbH", subscription(BASIC, 9), domain="mueller-soehne.example")
EMPTY = customer("Leerstand Immobilien", domain="leerstand.example")
MANY = customer(
    "Vierhundert Filialen KG",
    *(subscription(BASIC if number % 2 else E3, 3, friendlyName=f"Filiale {number}") for number in range(400)),
    domain="filialen.example",
)
STRANGE = customer('<!channel> & Co "Quotes" 😀', subscription(BASIC, 4), domain="strange.example")
LONG = customer("Ärzte" * 600, subscription(BASIC, 4), domain="long.example")

TWINS = customer(
    "Zwilling & Partner",
    subscription(BASIC, 5, friendlyName="Zwilling"),
    subscription(BASIC, 5, friendlyName="Zwilling"),
    domain="zwilling.example",
)

BOOK = [CONTOSO, FABRIKAM, TWINS, *NORDWIND, MUELLER, EMPTY, MANY, STRANGE, LONG]


@pytest.fixture
async def service(tmp_path: Path, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[RunningService]:
    """The real service with the book above."""
    async with running_service(tmp_path, clock=clock, ids=ids, customers=BOOK) as running:
        yield running


@pytest.fixture
def kit(database: Database, service: RunningService, clock: ShiftedClock, ids: CountingIds) -> DeskKit:
    """A desk on it."""
    return make_desk(database=database, service=service, clock=clock, ids=ids)


@pytest.fixture
def heidi(kit: DeskKit) -> Caller:
    """A sales agent, who may buy alone."""
    return kit.member("U0HEIDI", PartnerRole.SALES_AGENT)
