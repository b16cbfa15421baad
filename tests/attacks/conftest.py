"""Parts for attacks: a desk on the real service, and a client of a service that says what it is told."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.domain.catalogue import load_default
from bot.domain.clock import ShiftedClock
from bot.domain.people import Caller
from bot.domain.roles import PartnerRole
from bot.eligibility.client import EligibilityClient
from storage.database import Database
from tests.support.canned import Canned, canned_server
from tests.support.counting_ids import CountingIds
from tests.support.desks import DeskKit, make_desk
from tests.support.service import BASIC, QUICK, RunningService, customer, running_service, subscription, user

CONTOSO = customer(
    "Contoso GmbH",
    subscription(BASIC, 24, commitmentEndDate="2027-03-31"),
    subscription(BASIC, 5, friendlyName="Werk Süd"),
    domain="contoso.de",
    users=[user("Anna Becker"), user("Felix Braun", disabled=["TEAMS1"])],
)
KATO = customer("ガトー", subscription(BASIC, 3), domain="gato.example")


@pytest.fixture
async def service(tmp_path: Path, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[RunningService]:
    async with running_service(tmp_path, clock=clock, ids=ids, customers=[CONTOSO, KATO]) as running:
        yield running


@pytest.fixture
def kit(database: Database, service: RunningService, clock: ShiftedClock, ids: CountingIds) -> DeskKit:
    return make_desk(database=database, service=service, clock=clock, ids=ids)


@pytest.fixture
def heidi(kit: DeskKit) -> Caller:
    """A sales agent, who may buy alone."""
    return kit.member("U0HEIDI", PartnerRole.SALES_AGENT)


@pytest.fixture
async def server() -> AsyncIterator[Canned]:
    async with canned_server() as running:
        yield running


@pytest.fixture
async def client(server: Canned, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[EligibilityClient]:
    async def token() -> str:
        return "token"

    async with aiohttp.ClientSession(trust_env=False) as session:
        yield EligibilityClient(
            session=session,
            base_url=server.url,
            token_source=token,
            catalogue=load_default(),
            clock=clock,
            ids=ids,
            limits=QUICK,
        )
