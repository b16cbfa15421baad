"""Whom a message is about: sure only by a domain or a tenant id of one customer, on both engines."""

import asyncio
import dataclasses

import pytest

from bot.desk.directory_fill import fill_directory
from bot.desk.finding.customer_in_message import OFFERED, InMessage, customer_in_message
from bot.domain.customers import Customer
from bot.domain.errors import Refused
from bot.domain.people import Caller
from tests.bot.desk.conftest import CONTOSO, FABRIKAM, MUELLER, NORDWIND
from tests.support.desks import DeskKit

KNOWN = [CONTOSO, MUELLER, *NORDWIND]


@pytest.fixture
async def filling(kit: DeskKit) -> DeskKit:
    """A desk whose directory still fills: Fabrikam is not in it yet."""
    known = [Customer(id=each["id"], name=each["companyName"], domain=each["domain"]) for each in KNOWN]
    await kit.desk.database.customers.add(known)
    return kit


@pytest.fixture
async def filled(kit: DeskKit) -> DeskKit:
    """A desk whose directory was read to its end."""
    assert not await fill_directory(kit.desk, owner="w", stop=asyncio.Event(), pace=0.0)
    return kit


async def looked(kit: DeskKit, heidi: Caller, text: str) -> InMessage:
    return await customer_in_message(kit.desk, caller=heidi, text=text)


def domains(found: InMessage) -> list[str]:
    return [each.customer.domain for each in found.candidates]


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("anna@contoso.de", "contoso.de"),
        ("ANNA@CONTOSO.DE and www.contoso.de", "contoso.de"),
        (f"tenant {CONTOSO['id'].upper()}", CONTOSO["id"]),
    ],
)
async def test_one_domain_or_tenant_id_is_sure(filling: DeskKit, heidi: Caller, text: str, sure: str) -> None:
    """By which it is opened as if it had been typed; the customer is known for a modal that is open by then."""
    found = await looked(filling, heidi, text)
    assert found.sure == sure
    assert domains(found) == ["contoso.de"]


async def test_while_the_directory_fills_two_domains_are_not_sure(filling: DeskKit, heidi: Caller) -> None:
    """The other may be of somebody who is not in it yet."""
    found = await looked(filling, heidi, "anna@contoso.de asked noreply@vendor.example")
    assert found.sure is None
    assert domains(found) == ["contoso.de"]


async def test_somebody_new_is_found_by_the_service_itself(filling: DeskKit, heidi: Caller) -> None:
    """A customer of a minute ago has a domain, too."""
    found = await looked(filling, heidi, f"welcome {FABRIKAM['domain']}")
    assert found.sure == FABRIKAM["domain"]


async def test_two_customers_are_both_offered(filling: DeskKit, heidi: Caller) -> None:
    """A tenant id of one and a domain of another are two."""
    found = await looked(filling, heidi, f"{MUELLER['id']} and contoso.de")
    assert found.sure is None
    assert sorted(domains(found)) == sorted(["contoso.de", MUELLER["domain"]])


VENDORS = " ".join(f"vendor-{each}.example" for each in range(6))


@pytest.mark.parametrize(
    "text",
    [
        "<https://vendor.example/|contoso.de>",
        f"contoso.de <https://vendor.example/|{MUELLER['domain']}>",
        f"contoso.de {VENDORS} {MUELLER['domain']}",
        f"contoso.de {'x ' * 6_000} {MUELLER['domain']}",
    ],
)
async def test_what_was_not_looked_at_or_is_only_called_so_is_not_sure(
    filled: DeskKit, heidi: Caller, text: str
) -> None:
    """The words of a link are no address; behind what is left out somebody else may stand."""
    found = await looked(filled, heidi, text)
    assert found.sure is None
    assert "contoso.de" in domains(found)


async def test_other_domains_take_nothing_from_one_that_is_sure(filled: DeskKit, heidi: Caller) -> None:
    """A vendor's, beside the customer's; while the service can say that they are nobody's."""
    assert (await looked(filled, heidi, "anna@contoso.de asked noreply@vendor.example")).sure == "contoso.de"


async def test_a_service_that_does_not_say_who_is_new_leaves_it_open(filled: DeskKit, heidi: Caller) -> None:
    """The other domain may be of somebody who was added a minute ago."""
    away = filled.service.client(base_url="http://127.0.0.1:1")
    filled.desk = dataclasses.replace(filled.desk, service=away)
    found = await looked(filled, heidi, "anna@contoso.de asked noreply@vendor.example")
    assert found.sure is None
    assert domains(found) == ["contoso.de"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("die Contoso GmbH braucht mehr", ["contoso.de"]),
        ("contoso?", ["contoso.de"]),
        ("frag mueller und soehne", [MUELLER["domain"]]),
        ("Nordwind Handel fragt", sorted(each["domain"] for each in NORDWIND)),
        ("shop.contoso.de is down", ["contoso.de"]),
        ("Guten Morgen zusammen, wer hat heute Zeit?", []),
        ("anna@gmail.com", []),
        ("", []),
    ],
)
async def test_names_and_parts_are_only_offered(filling: DeskKit, heidi: Caller, text: str, wanted: list[str]) -> None:
    """Even a full name; and what fits nobody offers nobody."""
    found = await looked(filling, heidi, text)
    assert found.sure is None
    assert sorted(domains(found)) == wanted
    assert len(found.candidates) <= OFFERED


async def test_who_may_not_look_is_refused_before_anything_is_looked_for(filling: DeskKit) -> None:
    """With an entry."""
    nobody = filling.member("U0NOBODY")
    with pytest.raises(Refused):
        await looked(filling, nobody, "contoso.de")
