from datetime import timedelta

import pytest

from bot.desk.prepare_upgrade import prepare_again, prepare_upgrade
from bot.desk.reasons import Problem
from bot.desk.seats.list_seats import list_seats, refresh_seats
from bot.desk.seats.prepare_seats import prepare_seats, prepare_seats_again
from bot.desk.seats.request_seats import request_seats
from bot.desk.seats.seat_numbers import Added, Either, Total
from bot.domain.audit import AuditName
from bot.domain.changes import ChangeKind, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.customers import ReasonKind
from bot.domain.errors import (
    BadInput,
    ChangeUnknown,
    HandleUnknown,
    NotPossibleAnyMore,
    OpenChangeExists,
    Refused,
)
from bot.domain.people import Caller
from bot.domain.policy import ApprovalRule, Mode, Operation, Policy, SecondPersonReason
from bot.domain.roles import PartnerRole
from tests.bot.desk.seats.conftest import CONTOSO, FABRIKAM
from tests.support.asking import current
from tests.support.desks import DeskKit
from tests.support.seats import held_seats, seat_sheet, seats_handle, seats_requested, set_elsewhere


async def test_each_subscription_says_how_many_it_may_take_or_why_none(kit: DeskKit, heidi: Caller) -> None:
    """Today's number, the limit, a button; else the reason: suspended, cancelled, at the limit, something pending."""
    listed = await list_seats(kit.desk, caller=heidi, customer_id=CONTOSO["id"])
    told = [
        (
            each.subscription.friendly_name,
            each.limit,
            each.room,
            tuple(reason.kind for reason in each.reasons),
            each.handle is not None,
        )
        for each in listed.offers
    ]
    assert told == [
        ("Zentrale", 300, 280, (), True),
        ("Werk Süd", 300, 295, (ReasonKind.NOT_ACTIVE,), False),
        ("Voll", 300, 0, (ReasonKind.SEAT_LIMIT,), False),
        ("Ohne Grenze", None, None, (), True),
        ("Läuft gerade", 300, 293, (ReasonKind.OPERATION_PENDING,), False),
        ("Alt", 300, 297, (ReasonKind.NOT_ACTIVE,), False),
    ]
    assert (listed.total, listed.pages, listed.only) == (6, 1, None)
    assert [each.reasons[0].status for each in listed.offers[1:6:4]] == ["suspended", "deleted"]
    again = await refresh_seats(kit.desk, caller=heidi, handle=listed.refresh_handle)
    assert [each.subscription for each in again.offers] == [each.subscription for each in listed.offers]


async def test_the_only_one_is_named_as_such(kit: DeskKit, heidi: Caller) -> None:
    listed = await list_seats(kit.desk, caller=heidi, customer_id=FABRIKAM["id"])
    assert listed.only is not None
    assert listed.only.subscription.quantity == 8


async def test_an_open_change_of_ours_is_a_reason_with_its_number(kit: DeskKit, heidi: Caller) -> None:
    change = await seats_requested(kit, heidi, CONTOSO)
    (first, *_) = (await list_seats(kit.desk, caller=heidi, customer_id=CONTOSO["id"])).offers
    (reason,) = first.reasons
    assert (reason.kind, reason.raw_code, reason.raw_text) == (
        ReasonKind.OPERATION_PENDING,
        "open_change",
        change.number,
    )
    assert first.handle is None


async def test_who_may_not_look_learns_nothing(kit: DeskKit) -> None:
    nobody = kit.member("U0NOBODY")
    with pytest.raises(Refused):
        await list_seats(kit.desk, caller=nobody, customer_id=CONTOSO["id"])
    assert [row.entry.name for row in await kit.trail()] == [AuditName.OPTIONS_LOOK]


async def test_the_sheet_says_what_there_is_and_until_when_it_can_be_given_back(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    await set_elsewhere(kit, CONTOSO, 24)
    sheet = await seat_sheet(kit, heidi, CONTOSO)
    assert (sheet.facts.quantity, sheet.limit, sheet.room, sheet.term) == (24, 300, 276, "P1Y")
    assert (sheet.refundable_quantity, sheet.may_submit, sheet.second_person_above) == (4, True, 25)
    assert sheet.refundable_until is not None
    left = sheet.refundable_until - clock.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    clock.advance(timedelta(days=8))
    later = await seat_sheet(kit, heidi, CONTOSO)
    assert (later.refundable_quantity, later.refundable_until) == (None, None)


@pytest.mark.parametrize(
    ("number", "prefill", "either"),
    [
        ("", None, None),
        ("+25", 25, None),
        ("=25", 5, None),
        ("=20", None, None),
        ("15", 15, None),
        ("25", None, Either(added=Added(seats=25), total=Total(seats=25))),
        ("viele", None, None),
    ],
)
async def test_a_number_that_was_typed_is_taken_as_what_it_means_by_now(
    kit: DeskKit, heidi: Caller, number: str, prefill: int | None, either: Either | None
) -> None:
    sheet = await seat_sheet(kit, heidi, CONTOSO, number=number)
    assert (sheet.prefill, sheet.either) == (prefill, either)


async def test_a_total_is_reckoned_from_the_number_of_this_moment(kit: DeskKit, heidi: Caller) -> None:
    handle = await seats_handle(kit, heidi, CONTOSO)
    await set_elsewhere(kit, CONTOSO, 22)
    sheet = await prepare_seats(kit.desk, caller=heidi, handle=handle, wanted=Total(seats=25))
    assert sheet.prefill == 3
    assert next((each.field, each.before, each.after) for each in sheet.moves) == ("quantity", 20, 22)
    added = await prepare_seats(kit.desk, caller=heidi, handle=handle, wanted=Added(seats=25))
    assert added.prefill == 25


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", Problem.EMPTY),
        ("viele", Problem.NOT_A_NUMBER),
        ("0", Problem.NOT_POSITIVE),
        ("-3", Problem.NOT_POSITIVE),
        ("2,5", Problem.NOT_WHOLE),
        ("281", Problem.OVER_LIMIT),
    ],
)
async def test_what_cannot_be_ordered_is_said_at_the_field_and_nothing_is_recorded(
    kit: DeskKit, heidi: Caller, typed: str, problem: Problem
) -> None:
    sheet = await seat_sheet(kit, heidi, CONTOSO)
    before = len(await kit.trail())
    with pytest.raises(BadInput) as raised:
        await request_seats(kit.desk, caller=heidi, draft_id=sheet.draft_id, seats=typed, note="x")
    assert (raised.value.field, raised.value.problem) == ("seats", problem)
    assert len(await kit.trail()) == before
    change = await request_seats(kit.desk, caller=heidi, draft_id=sheet.draft_id, seats="280", note="x")
    assert change.facts.target_quantity == 300


async def test_one_sheet_is_one_change_whatever_is_typed_the_second_time(kit: DeskKit, heidi: Caller) -> None:
    sheet = await seat_sheet(kit, heidi, CONTOSO)
    first = await request_seats(kit.desk, caller=heidi, draft_id=sheet.draft_id, seats="5", note="x")
    again = await request_seats(kit.desk, caller=heidi, draft_id=sheet.draft_id, seats="50", note="y")
    assert (again.id, again.facts.target_quantity) == (first.id, 25)
    assert (first.kind, first.facts.target_offer_id) == (ChangeKind.SEATS, None)


async def test_a_second_change_of_the_same_seats_is_told_of_the_first(kit: DeskKit, heidi: Caller) -> None:
    sheets = [await seat_sheet(kit, heidi, CONTOSO) for _ in range(2)]
    await request_seats(kit.desk, caller=heidi, draft_id=sheets[0].draft_id, seats="5", note="x")
    with pytest.raises(OpenChangeExists):
        await request_seats(kit.desk, caller=heidi, draft_id=sheets[1].draft_id, seats="6", note="x")


@pytest.mark.parametrize(("add", "reasons"), [(25, ()), (26, (SecondPersonReason.SEATS,))])
async def test_the_policy_counts_the_seats_that_are_added(
    kit: DeskKit, heidi: Caller, add: int, reasons: tuple[SecondPersonReason, ...]
) -> None:
    """`for_seats_above`: a second person above that many added seats, however many there are."""
    sheet = await seat_sheet(kit, heidi, CONTOSO, at=3, number=f"+{add}")
    assert sheet.second_person == reasons
    change = await request_seats(kit.desk, caller=heidi, draft_id=sheet.draft_id, seats=str(add), note="x")
    assert change.state is (ChangeState.AWAITING_APPROVAL if reasons else ChangeState.APPROVED)


async def test_a_role_that_cannot_buy_needs_a_second_person_for_one_seat(kit: DeskKit) -> None:
    helga = kit.member("U0HELGA", PartnerRole.HELPDESK_AGENT)
    assert (await seats_requested(kit, helga, CONTOSO, add=1)).state is ChangeState.AWAITING_APPROVAL


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (Operation(mode=Mode.READ_ONLY), "read_only"),
        (Operation(pilot_customers=frozenset()), "not_a_pilot_customer"),
        (Operation(never_customers=frozenset({CONTOSO["id"]})), "never_this_customer"),
        (Operation(changes_per_person_per_day=0), "daily_limit"),
    ],
)
async def test_what_holds_for_upgrades_holds_for_seats(
    kit: DeskKit, heidi: Caller, operation: Operation, reason: str
) -> None:
    kit.policy = Policy(operation=operation)
    sheet = await seat_sheet(kit, heidi, CONTOSO)
    assert isinstance(sheet.hindrance, Refused)
    with pytest.raises(Refused) as raised:
        await request_seats(kit.desk, caller=heidi, draft_id=sheet.draft_id, seats="5", note="x")
    assert raised.value.reason == reason


async def test_a_limit_that_was_reached_meanwhile_leaves_no_button(kit: DeskKit, heidi: Caller) -> None:
    handle = await seats_handle(kit, heidi, CONTOSO)
    await set_elsewhere(kit, CONTOSO, 300)
    sheet = await prepare_seats(kit.desk, caller=heidi, handle=handle)
    assert isinstance(sheet.hindrance, NotPossibleAnyMore)
    assert [each.kind for each in sheet.reasons] == [ReasonKind.SEAT_LIMIT]
    assert [each.field for each in sheet.moves if each.field != "target_quantity"] == ["quantity"]


async def test_a_handle_of_seats_opens_no_upgrade_and_a_draft_of_one_kind_asks_for_no_other(
    kit: DeskKit, heidi: Caller
) -> None:
    from bot.desk.request_upgrade import request_upgrade  # noqa: PLC0415 - to be told apart from the verb under test

    with pytest.raises(HandleUnknown):
        await prepare_upgrade(kit.desk, caller=heidi, handle=await seats_handle(kit, heidi, CONTOSO))
    sheet = await seat_sheet(kit, heidi, CONTOSO)
    with pytest.raises(HandleUnknown):
        await request_upgrade(kit.desk, caller=heidi, draft_id=sheet.draft_id, note="x")


async def test_what_came_to_nothing_is_asked_for_again_as_so_many_more(kit: DeskKit, heidi: Caller) -> None:
    kit.policy = Policy(approval=ApprovalRule(for_seats_above=25))
    change = await seats_requested(kit, heidi, CONTOSO)
    await set_elsewhere(kit, CONTOSO, 22)
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.REFUSED
    with pytest.raises(ChangeUnknown):
        await prepare_again(kit.desk, caller=heidi, change_id=change.id)
    sheet = await prepare_seats_again(kit.desk, caller=heidi, change_id=change.id)
    assert (sheet.facts.quantity, sheet.prefill, sheet.prefill_note) == (22, 5, "Ticket 4711")
    again = await request_seats(kit.desk, caller=heidi, draft_id=sheet.draft_id, seats="5", note="x")
    await kit.work()
    assert (await current(kit, again)).state is ChangeState.COMPLETED
    assert await held_seats(kit, CONTOSO) == 27
