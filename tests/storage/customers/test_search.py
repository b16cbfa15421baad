"""Finding customers while somebody types (issue 5, section 2), the same on both engines."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.clock import ShiftedClock
from bot.domain.customers import Customer
from storage.customers.store import CustomerStore
from tests.support.counting_ids import CountingIds

NAMES = (
    *("Müller Bau GmbH", "Mueller Technik AG", "Muller KG", "Bäckerei Schröder e.K.", "Nordtechnik Hahn GmbH & Co. KG"),
    *("Praxis Dr. Lefèvre und Åberg", "H&M Hennes", "A.B.C. Handel GmbH", "O'Brien Logistics Ltd.", "ガス 株式会社"),
)
TWINS = ("Zwilling GmbH", "Zwilling GmbH")


def _customers() -> list[Customer]:
    made = [
        Customer(id=f"00000000-0000-4000-8000-{at:012x}", name=name, domain=f"firma-{at}.example")
        for at, name in enumerate((*NAMES, *TWINS))
    ]
    return [*made, Customer(id="abcdef01-0000-4000-8000-000000000099", name="Contoso", domain="contoso.de")]


@pytest.fixture
async def store(database_url: str, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[CustomerStore]:
    opened = CustomerStore(database_url, clock=clock, ids=ids)
    await opened.add(_customers())
    yield opened
    await opened.close()


async def found(store: CustomerStore, typed: str) -> list[str]:
    return [each.customer.name for each in (await store.search(typed, limit=100)).found]


@pytest.mark.parametrize("typed", ["Müller", "mueller", "MULLER"])
async def test_umlauts_are_found_in_every_spelling(store: CustomerStore, typed: str) -> None:
    assert set(await found(store, typed)) == {"Müller Bau GmbH", "Mueller Technik AG", "Muller KG"}


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("technik", "Nordtechnik Hahn GmbH & Co. KG"),
        ("hni", "Mueller Technik AG"),
        ("bau mül", "Müller Bau GmbH"),
        ("lefevre", "Praxis Dr. Lefèvre und Åberg"),
        ("aberg dr", "Praxis Dr. Lefèvre und Åberg"),
        ("aaberg", "Praxis Dr. Lefèvre und Åberg"),
        ("h&m", "H&M Hennes"),
        ("hm hen", "H&M Hennes"),
        ("abc", "A.B.C. Handel GmbH"),
        ("obrien", "O'Brien Logistics Ltd."),
        ("o'brien", "O'Brien Logistics Ltd."),
        ("株式", "ガス 株式会社"),
        ("contoso.de", "Contoso"),
        ("max@contoso.de", "Contoso"),
        ("abcdef01-0000-4000-8000-000000000099", "Contoso"),
        ("ABCDEF01", "Contoso"),
    ],
)
async def test_a_part_of_a_name_in_any_order_a_domain_and_a_tenant_id_find(
    store: CustomerStore, typed: str, wanted: str
) -> None:
    assert wanted in await found(store, typed)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Scröder", "Bäckerei Schröder e.K."),
        ("Schhröder", "Bäckerei Schröder e.K."),
        ("Schrader", "Bäckerei Schröder e.K."),
        ("Shcröd", "Bäckerei Schröder e.K."),
        ("ontoso", "Contoso"),
        ("Lkgistics", "O'Brien Logistics Ltd."),
        ("nordtecnik", "Nordtechnik Hahn GmbH & Co. KG"),
        ("MüllerBau", "Müller Bau GmbH"),
        ("zwiling gm", "Zwilling GmbH"),
    ],
)
async def test_one_typing_error_is_forgiven_also_in_a_word_half_typed(
    store: CustomerStore, typed: str, wanted: str
) -> None:
    assert wanted in await found(store, typed)


async def test_what_is_typed_exactly_comes_first(store: CustomerStore) -> None:
    assert (await found(store, "Mueller"))[0] == "Mueller Technik AG"


async def test_two_of_one_name_have_keys_and_domains_of_their_own(store: CustomerStore) -> None:
    both = (await store.search("zwilling", limit=100)).found
    assert len({each.key for each in both}) == len({each.customer.domain for each in both}) == 2


@pytest.mark.parametrize(
    "typed", ["", " ", "&", "%", "_", "'", "\x00", "\ud800", "x" * 5000, "* OR 1=1", "[", "..", "@"]
)
async def test_odd_input_finds_nobody_and_breaks_nothing(store: CustomerStore, typed: str) -> None:
    assert await found(store, typed) == []


async def test_never_more_than_asked_for(store: CustomerStore) -> None:
    assert len((await store.search("gmbh", limit=2)).found) == 2


async def test_a_renamed_customer_keeps_the_key_and_is_found_by_the_new_name_alone(store: CustomerStore) -> None:
    before = (await store.search("contoso", limit=10)).found[0]
    await store.add([Customer(id=before.customer.id, name="Fabrikam", domain="contoso.de")])
    after = (await store.search("fabrikam", limit=10)).found
    assert [each.key for each in after] == [before.key]
    assert before.customer not in [each.customer for each in (await store.search("contoso", limit=10)).found]
