from datetime import timedelta

import pytest

from bot.desk.find_customer import find_customer
from bot.desk.list_options import list_options
from bot.desk.open_handle import open_handle
from bot.desk.purposes import Purpose
from bot.desk.refresh_options import refresh_options
from bot.desk.results import CustomerOpened
from bot.desk.share_options import share_options
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.clock import ShiftedClock
from bot.domain.customers import ReasonKind, SoldBy
from bot.domain.errors import HandleTooOld, HandleUnknown, Refused, ServiceTrouble
from bot.domain.people import Caller
from bot.domain.roles import PartnerRole
from bot.eligibility.service.faults import FaultKind
from tests.bot.desk.conftest import CONTOSO, EMPTY, MANY, STRANGE
from tests.support.desks import DeskKit
from tests.support.service import E1, E3, E5, STANDARD

UPGRADES = r"/upgrades$"


async def test_the_list_shows_each_subscription_with_its_targets(kit: DeskKit, heidi: Caller) -> None:
    found = await find_customer(kit.desk, caller=heidi, text="Contoso GmbH")
    assert isinstance(found, CustomerOpened)
    listed = await list_options(kit.desk, caller=heidi, customer_id=found.customer.id, opened=found)
    assert (listed.total, listed.cancelled_hidden, listed.page, listed.pages) == (3, 1, 1, 1)
    zentrale, werk, reports = listed.cards
    assert [(each.option.target.key, each.handle is not None) for each in zentrale.options] == [
        (STANDARD, True),
        (E1, True),
        (E3, True),
        (E5, False),
    ]
    (reason,) = zentrale.options[3].option.reasons
    assert (reason.kind, reason.families) == (ReasonKind.SERVICES_ALREADY_HELD, ("power_bi",))
    assert reason.blocking is not None
    assert (reason.blocking.friendly_name, reason.blocking.sold_by) == ("Berichte", SoldBy.US)
    assert all(each.handle is None for each in werk.options)
    assert all(ReasonKind.NOT_ACTIVE in {reason.kind for reason in each.option.reasons} for each in werk.options)
    assert reports.options == ()


async def test_one_subscription_in_trouble_does_not_spoil_the_others(kit: DeskKit, heidi: Caller) -> None:
    first = CONTOSO["subscriptions"][0]["id"]
    with kit.service.faults.armed(FaultKind.HTML, path=f"/subscriptions/{first}/upgrades$"):
        listed = await list_options(kit.desk, caller=heidi, customer_id=CONTOSO["id"])
    assert listed.cards[0].trouble is not None
    assert [each.trouble for each in listed.cards[1:]] == [None, None]
    assert listed.cards[1].options


async def test_a_subscription_that_never_answers_is_left_behind(kit: DeskKit, heidi: Caller) -> None:
    first = CONTOSO["subscriptions"][0]["id"]
    with kit.service.faults.armed(FaultKind.HANG, path=f"/subscriptions/{first}/upgrades$", seconds=60):
        listed = await list_options(kit.desk, caller=heidi, customer_id=CONTOSO["id"])
    assert [each.trouble is None for each in listed.cards] == [False, True, True]


async def test_where_nothing_can_be_read_the_trouble_is_told(kit: DeskKit, heidi: Caller) -> None:
    with kit.service.faults.armed(FaultKind.ERROR, path=UPGRADES), pytest.raises(ServiceTrouble):
        await list_options(kit.desk, caller=heidi, customer_id=CONTOSO["id"])


async def test_a_customer_without_subscriptions_has_an_empty_list(kit: DeskKit, heidi: Caller) -> None:
    listed = await list_options(kit.desk, caller=heidi, customer_id=EMPTY["id"])
    assert (listed.cards, listed.total, listed.pages) == ((), 0, 1)


async def test_four_hundred_subscriptions_come_in_pages(kit: DeskKit, heidi: Caller) -> None:
    """Only the page's own upgrades are read; the buttons of a page lead to the next one and back."""
    first = await list_options(kit.desk, caller=heidi, customer_id=MANY["id"])
    assert (first.total, first.pages, len(first.cards), set(first.page_handles)) == (400, 40, 10, {2})
    second = await refresh_options(kit.desk, caller=heidi, handle=first.page_handles[2])
    assert (second.page, set(second.page_handles)) == (2, {1, 3})
    assert {each.subscription.id for each in first.cards}.isdisjoint(each.subscription.id for each in second.cards)
    last = await list_options(kit.desk, caller=heidi, customer_id=MANY["id"], page=4000)
    assert (last.page, set(last.page_handles)) == (40, {39})


async def test_refresh_reads_again(kit: DeskKit, heidi: Caller) -> None:
    listed = await list_options(kit.desk, caller=heidi, customer_id=STRANGE["id"])
    assert listed.refresh_handle is not None
    again = await refresh_options(kit.desk, caller=heidi, handle=listed.refresh_handle)
    assert again.customer.name == STRANGE["companyName"]
    assert again.read_at > listed.read_at


async def test_a_shared_list_has_nothing_to_press(kit: DeskKit, heidi: Caller) -> None:
    listed = await list_options(kit.desk, caller=heidi, customer_id=CONTOSO["id"])
    assert listed.share_handle is not None
    shared = await share_options(kit.desk, caller=heidi, handle=listed.share_handle, shared_channel=False)
    assert [line.handle for card in shared.cards for line in card.options] == [None] * 8
    assert (shared.refresh_handle, shared.share_handle, dict(shared.page_handles)) == (None, None, {})


async def test_nothing_is_shared_where_another_organisation_reads_along(kit: DeskKit, heidi: Caller) -> None:
    listed = await list_options(kit.desk, caller=heidi, customer_id=CONTOSO["id"])
    with pytest.raises(Refused) as raised:
        await share_options(kit.desk, caller=heidi, handle=listed.share_handle or "", shared_channel=True)
    assert raised.value.reason == "shared_channel"
    last = (await kit.trail())[-1].entry
    assert (last.name, last.verdict, last.reason) == (
        AuditName.OPTIONS_SHARE,
        AuditVerdict.REFUSED,
        "shared_channel",
    )


@pytest.mark.parametrize("value", ["", "made-up", "x" * 22, "x" * 65, "a\x00b", "'; DROP TABLE handles", "ü" * 22])
async def test_a_value_that_somebody_made_up_opens_nothing(kit: DeskKit, heidi: Caller, value: str) -> None:
    with pytest.raises(HandleUnknown):
        await open_handle(kit.desk, caller=heidi, value=value, purpose=Purpose.UPGRADE)


async def test_a_value_of_one_purpose_opens_nothing_of_another(kit: DeskKit, heidi: Caller) -> None:
    listed = await list_options(kit.desk, caller=heidi, customer_id=CONTOSO["id"])
    with pytest.raises(HandleUnknown):
        await open_handle(kit.desk, caller=heidi, value=listed.refresh_handle or "", purpose=Purpose.UPGRADE)


async def test_somebody_elses_button_is_refused_and_noted(kit: DeskKit, heidi: Caller) -> None:
    listed = await list_options(kit.desk, caller=heidi, customer_id=CONTOSO["id"])
    other = kit.member("U0OTHER", PartnerRole.GLOBAL_ADMIN)
    value = listed.cards[0].options[0].handle or ""
    with pytest.raises(Refused) as raised:
        await open_handle(kit.desk, caller=other, value=value, purpose=Purpose.UPGRADE)
    assert raised.value.reason == "not_yours"
    last = (await kit.trail())[-1].entry
    assert (last.name, last.actor, last.reason) == (AuditName.CHANGE_REQUEST, other.actor, "not_yours")


async def test_a_press_on_a_message_of_last_month_is_too_old(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    listed = await list_options(kit.desk, caller=heidi, customer_id=CONTOSO["id"])
    clock.advance(timedelta(days=31))
    with pytest.raises(HandleTooOld):
        await refresh_options(kit.desk, caller=heidi, handle=listed.refresh_handle or "")
