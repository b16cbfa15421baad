"""A book with the cases of seats, for the desk of the folder above."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.clock import ShiftedClock
from bot.domain.people import Caller
from bot.domain.roles import PartnerRole
from tests.support.counting_ids import CountingIds
from tests.support.desks import DeskKit
from tests.support.service import BASIC, E3, STANDARD, RunningService, customer, running_service, subscription, user

CONTOSO = customer(
    "Contoso GmbH",
    subscription(BASIC, 20, termDuration="P1Y", commitmentEndDate="2027-03-31"),
    subscription(BASIC, 5, status="suspended", friendlyName="Werk Süd"),
    subscription(STANDARD, 300, friendlyName="Voll"),
    subscription(E3, 40, friendlyName="Ohne Grenze"),
    subscription(BASIC, 3, status="deleted", friendlyName="Alt"),
    subscription(STANDARD, 7, operationPending=True, friendlyName="Läuft gerade"),
    domain="contoso.de",
)
FABRIKAM = customer("Fabrikam AG", subscription(STANDARD, 8), domain="fabrikam.example")
PARTS = customer(
    "Teil & Ganzes KG",
    subscription(BASIC, 10, partialUpgrade=True, commitmentEndDate="2027-03-31"),
    domain="teile.example",
    users=[user("Anna"), user("Bert"), user("Cleo")],
)


@pytest.fixture
async def service(tmp_path: Path, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[RunningService]:
    """The real service with the book above."""
    async with running_service(tmp_path, clock=clock, ids=ids, customers=[CONTOSO, FABRIKAM, PARTS]) as running:
        yield running


@pytest.fixture
def gina(kit: DeskKit) -> Caller:
    """A global admin, who may approve."""
    return kit.member("U0GINA", PartnerRole.GLOBAL_ADMIN)
