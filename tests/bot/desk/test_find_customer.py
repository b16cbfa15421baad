from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk.find_customer import find_customer
from bot.desk.open_customer import open_customer
from bot.desk.results import CustomerChoice, CustomerOpened
from bot.domain.clock import ShiftedClock
from bot.domain.errors import BadInput, CustomerGone, CustomerNotFound, ServiceTrouble
from bot.domain.people import Caller
from bot.domain.roles import PartnerRole
from bot.eligibility.service.faults import FaultKind
from handlers.blocks.error_words import ERRORS
from storage.database import Database
from tests.bot.desk.conftest import CONTOSO, LONG, MUELLER, STRANGE
from tests.support.counting_ids import CountingIds
from tests.support.desks import DeskKit, make_desk
from tests.support.service import QUICK, RunningService


@pytest.mark.parametrize(
    "text",
    [
        "Contoso GmbH",
        "contoso gmbh",
        "CONTOSO  GMBH",
        "contoso.de",
        "Contoso.DE",
        CONTOSO["id"],
        CONTOSO["id"].upper(),
    ],
)
async def test_a_full_name_a_domain_or_a_tenant_id_opens(kit: DeskKit, heidi: Caller, text: str) -> None:
    found = await find_customer(kit.desk, caller=heidi, text=text)
    assert isinstance(found, CustomerOpened)
    assert found.customer.id == CONTOSO["id"]


@pytest.mark.parametrize("text", ["Müller & Söhne GmbH", "mueller & soehne gmbh", "MULLER & SOHNE GMBH"])
async def test_umlauts_may_be_written_out_or_left_out(kit: DeskKit, heidi: Caller, text: str) -> None:
    found = await find_customer(kit.desk, caller=heidi, text=text)
    assert isinstance(found, CustomerOpened)
    assert found.customer.id == MUELLER["id"]


@pytest.mark.parametrize("text", ["Conto", "contoso", "C", "Contoso G"])
async def test_a_beginning_is_a_choice_also_when_one_matches(kit: DeskKit, heidi: Caller, text: str) -> None:
    """Rule 11: any other match, even a single one, is offered for choice."""
    found = await find_customer(kit.desk, caller=heidi, text=text)
    assert isinstance(found, CustomerChoice)
    assert [each.customer.id for each in found.matches] == [CONTOSO["id"]]
    assert (found.total, found.at_least, found.same_name) == (1, False, False)
    opened = await open_customer(kit.desk, caller=heidi, handle=found.matches[0].handle)
    assert opened.customer.name == "Contoso GmbH"


async def test_several_of_one_full_name_are_a_choice_with_their_domains(kit: DeskKit, heidi: Caller) -> None:
    found = await find_customer(kit.desk, caller=heidi, text="nordwind handel gmbh")
    assert isinstance(found, CustomerChoice)
    assert [each.customer.domain for each in found.matches] == ["nordwind-hamburg.example", "nordwind-kiel.example"]
    assert (found.total, found.same_name) == (2, True)


async def test_a_domain_tells_twins_apart(kit: DeskKit, heidi: Caller) -> None:
    found = await find_customer(kit.desk, caller=heidi, text="nordwind-kiel.example")
    assert isinstance(found, CustomerOpened)


async def test_nobody_of_that_name_says_what_was_looked_for(kit: DeskKit, heidi: Caller) -> None:
    for text in ("Gibtesnicht AG", "gibtesnicht.example", "00000000-0000-4000-8000-ffffffffffff"):
        with pytest.raises(CustomerNotFound) as raised:
            await find_customer(kit.desk, caller=heidi, text=text)
        assert raised.value.params["query"] == text


async def test_the_middle_of_a_name_opens_nothing(kit: DeskKit, heidi: Caller) -> None:
    with pytest.raises(CustomerNotFound):
        await find_customer(kit.desk, caller=heidi, text="ntoso")


async def test_strange_names_are_found_by_what_they_are(kit: DeskKit, heidi: Caller) -> None:
    for made in (STRANGE, LONG):
        found = await find_customer(kit.desk, caller=heidi, text=made["companyName"])
        assert isinstance(found, CustomerOpened)
        assert found.customer.id == made["id"]


async def test_a_long_text_is_compared_whole(kit: DeskKit, heidi: Caller) -> None:
    """Only the beginning is sent; a name that merely begins like it is no full match."""
    found = await find_customer(kit.desk, caller=heidi, text=LONG["companyName"] + "x")
    assert isinstance(found, CustomerChoice)


@pytest.mark.parametrize("text", ["Contoso\x00GmbH", "Contoso\x1b[31m", "\udcff"])
async def test_control_characters_are_refused(kit: DeskKit, heidi: Caller, text: str) -> None:
    with pytest.raises(BadInput) as raised:
        await find_customer(kit.desk, caller=heidi, text=text)
    assert raised.value.problem == "control_characters"


async def test_where_not_all_could_be_read_nothing_opens(
    database: Database, service: RunningService, clock: ShiftedClock, ids: CountingIds
) -> None:
    """Among more customers than a search reads, another one of the same name may hide."""
    small = replace(QUICK, page_size=1, pages=1)
    kit = make_desk(database=database, service=service, clock=clock, ids=ids, limits=small)
    caller = kit.member("U0HEIDI", PartnerRole.SALES_AGENT)
    found = await find_customer(kit.desk, caller=caller, text="Nordwind Handel GmbH")
    assert isinstance(found, CustomerChoice)
    assert found.at_least


async def test_a_service_that_talks_nonsense_is_no_answer_about_customers(kit: DeskKit, heidi: Caller) -> None:
    """Trouble is never worded as "no such customer"."""
    for kind in (FaultKind.HTML_OK, FaultKind.NONSENSE, FaultKind.HALF_BODY, FaultKind.NOT_FOUND):
        with kit.service.faults.armed(kind), pytest.raises(ServiceTrouble):
            await find_customer(kit.desk, caller=heidi, text="Contoso GmbH")


async def test_a_chosen_customer_who_is_gone_is_not_told_by_a_tenant_id(
    kit: DeskKit, heidi: Caller, tmp_path: Path
) -> None:
    """Nobody typed the tenant id: the sentence says what happened to the customer."""
    found = await find_customer(kit.desk, caller=heidi, text="Conto")
    assert isinstance(found, CustomerChoice)
    await kit.service.replace(tmp_path, [MUELLER])
    with pytest.raises(CustomerGone):
        await open_customer(kit.desk, caller=heidi, handle=found.matches[0].handle)
    assert "{query}" not in ERRORS[CustomerGone]
