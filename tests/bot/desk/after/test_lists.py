"""Working off the accounts that an upgrade left over: ticks, handing over, the file, the clock, on both engines."""

import asyncio
import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk.after.accounts_file import accounts_file, note_file
from bot.desk.after.by_clock import forget_names, remind_of_lists
from bot.desk.after.customer_text import customer_text
from bot.desk.after.hand_over import hand_over
from bot.desk.after.show_list import show_list, tick
from bot.desk.lists import home
from bot.desk.reasons import Problem, Why
from bot.domain.audit import AuditName
from bot.domain.changes import Change
from bot.domain.clock import ShiftedClock
from bot.domain.errors import BadInput, ChangeUnknown, Refused, Undetermined
from bot.domain.people import Caller, Standing
from bot.domain.roles import PartnerRole
from storage.records import OutboxKind
from tests.bot.desk.conftest import CONTOSO
from tests.support.asking import requested
from tests.support.desks import DeskKit


@pytest.fixture
async def change(kit: DeskKit, heidi: Caller) -> Change:
    """An upgrade that left one account to work on, Felix Braun's."""
    made = await requested(kit, heidi, CONTOSO)
    assert await kit.work() == 1
    return made


async def entries(kit: DeskKit, name: AuditName) -> list[dict[str, object]]:
    return [dict(row.entry.data) for row in await kit.trail() if row.entry.name is name]


async def messages(kit: DeskKit, change: Change) -> list[OutboxKind]:
    async with kit.desk.database.read() as tx:
        return [each.kind for each in await tx.outbox.of(change.id) if each.kind is OutboxKind.FOLLOW_UPS]


async def test_an_account_is_ticked_once_and_the_tick_can_be_taken_back(
    kit: DeskKit, heidi: Caller, change: Change
) -> None:
    """Twice is once; who and when are kept; the trail has numbers, and no name."""
    (account,) = (await show_list(kit.desk, caller=heidi, change_id=change.id)).accounts
    assert (account.about.name, account.about.services, account.done_at) == ("Felix Braun", ("Microsoft Teams",), None)
    for _ in range(2):
        found = await tick(kit.desk, caller=heidi, key=account.key, done=True)
        assert found.work is not None
        assert (found.work.open, found.work.total, found.accounts[0].done_by) == (0, 1, heidi.actor.user_id)
    undone = await tick(kit.desk, caller=heidi, key=account.key, done=False)
    assert (undone.accounts[0].done_at, undone.accounts[0].done_by) == (None, None)
    assert await entries(kit, AuditName.FOLLOW_UPS_TICK) == [
        {"done": True, "open": 0, "accounts": 1},
        {"done": False, "open": 1, "accounts": 1},
    ]
    assert "Felix" not in str([row.entry for row in await kit.trail()])


async def test_two_who_tick_at_the_same_moment_are_one_tick(kit: DeskKit, heidi: Caller, change: Change) -> None:
    (account,) = (await show_list(kit.desk, caller=heidi, change_id=change.id)).accounts
    await asyncio.gather(*(tick(kit.desk, caller=heidi, key=account.key, done=True) for _ in range(5)))
    assert await entries(kit, AuditName.FOLLOW_UPS_TICK) == [{"done": True, "open": 0, "accounts": 1}]


async def test_a_made_up_key_ticks_nothing(kit: DeskKit, heidi: Caller, change: Change) -> None:
    for key in ("made-up", "", "\x00", change.id):
        with pytest.raises(ChangeUnknown):
            await tick(kit.desk, caller=heidi, key=key, done=True)


async def test_the_list_is_the_askers_and_the_holders_alone(kit: DeskKit, heidi: Caller, change: Change) -> None:
    """Handed over, the colleague has it, is told, and whoever asked keeps seeing it; nobody else ever does."""
    (account,) = (await show_list(kit.desk, caller=heidi, change_id=change.id)).accounts
    colleague, other = (kit.member(each, PartnerRole.HELPDESK_AGENT) for each in ("U0COLLEAGUE", "U0OTHER"))
    for stranger in (colleague, other):
        with pytest.raises(Refused) as refused:
            await tick(kit.desk, caller=stranger, key=account.key, done=True)
        assert refused.value.reason == Why.NOT_YOURS
    given = await hand_over(kit.desk, caller=heidi, change_id=change.id, to_user_id=colleague.actor.user_id)
    assert given.work is not None
    assert given.work.holder == colleague.actor
    assert await messages(kit, change) == [OutboxKind.FOLLOW_UPS]
    await tick(kit.desk, caller=colleague, key=account.key, done=True)
    assert (await show_list(kit.desk, caller=heidi, change_id=change.id)).accounts[0].done_by == "U0COLLEAGUE"
    with pytest.raises(Refused):
        await show_list(kit.desk, caller=other, change_id=change.id)
    assert await entries(kit, AuditName.FOLLOW_UPS_HAND_OVER) == [{"to": "U0COLLEAGUE", "open": 1, "accounts": 1}]


async def test_a_list_goes_to_nobody_who_may_not_look(kit: DeskKit, heidi: Caller, change: Change) -> None:
    """No role, no member, the holder again: said at the field. What cannot be found out is not called a refusal."""
    kit.member("U0NOBODY")
    kit.member("U0GUEST", PartnerRole.ADMIN_AGENT, standing=Standing.GUEST)
    for who, problem in (
        ("U0NOBODY", Problem.MAY_NOT_LOOK),
        ("U0GUEST", Problem.MAY_NOT_LOOK),
        (heidi.actor.user_id, Problem.HOLDS_IT_ALREADY),
    ):
        with pytest.raises(BadInput) as wrong:
            await hand_over(kit.desk, caller=heidi, change_id=change.id, to_user_id=who)
        assert (wrong.value.field, wrong.value.problem) == ("colleague", problem)
    with pytest.raises(Undetermined):
        await hand_over(kit.desk, caller=heidi, change_id=change.id, to_user_id="U0UNKNOWN")
    assert await messages(kit, change) == []


async def test_the_holder_is_reminded_while_something_is_open(
    kit: DeskKit, heidi: Caller, change: Change, clock: ShiftedClock
) -> None:
    """Once each time, by however many workers; not any more once all is done."""
    assert await remind_of_lists(kit.desk) == 0
    clock.advance(timedelta(days=3, minutes=1))
    assert sum(await asyncio.gather(*(remind_of_lists(kit.desk) for _ in range(3)))) == 1
    assert await entries(kit, AuditName.FOLLOW_UPS_REMIND) == [{"to": "U0HEIDI", "open": 1, "accounts": 1}]
    assert await messages(kit, change) == [OutboxKind.FOLLOW_UPS]
    (account,) = (await show_list(kit.desk, caller=heidi, change_id=change.id)).accounts
    await tick(kit.desk, caller=heidi, key=account.key, done=True)
    clock.advance(timedelta(days=3, minutes=1))
    assert await remind_of_lists(kit.desk) == 0


async def test_names_are_deleted_when_their_time_is_over(
    kit: DeskKit, heidi: Caller, change: Change, clock: ShiftedClock
) -> None:
    """Worked off or not. The files that hold them are due at the same moment; the number stays with the change."""
    found, pieces = await accounts_file(kit.desk, caller=heidi, change_id=change.id)
    assert b"Felix" in b"".join([piece async for piece in pieces])
    await note_file(kit.desk, found=found, file_id="F1")
    clock.advance(timedelta(days=29))
    assert await forget_names(kit.desk) == 0
    clock.advance(timedelta(days=1, minutes=1))
    assert sum(await asyncio.gather(*(forget_names(kit.desk) for _ in range(3)))) == 1
    shown = await show_list(kit.desk, caller=heidi, change_id=change.id)
    assert (shown.accounts, shown.work is not None and shown.work.deleted_at is not None) == ((), True)
    assert shown.change.outcome is not None
    assert shown.change.outcome.follow_ups == 1
    async with kit.desk.database.read() as tx:
        assert [each.file_id for each in await tx.follow_ups.files_due()] == ["F1"]
    assert await entries(kit, AuditName.FOLLOW_UPS_FORGET) == [{"accounts": 1, "open": 1}]
    for refused in (
        accounts_file(kit.desk, caller=heidi, change_id=change.id),
        note_file(kit.desk, found=found, file_id="F2"),
        hand_over(kit.desk, caller=heidi, change_id=change.id, to_user_id="U0COLLEAGUE"),
    ):
        with pytest.raises(ChangeUnknown):
            await refused


async def test_a_time_that_was_made_shorter_holds_for_the_names_that_are_there(
    kit: DeskKit, heidi: Caller, change: Change, clock: ShiftedClock
) -> None:
    """Whoever sets FOLLOW_UPS_KEEP to a week has no names older than that; made longer, what was promised stays."""
    shorter, longer = (
        replace(kit.desk, config=replace(kit.desk.config, follow_ups_keep=timedelta(days=days))) for days in (7, 365)
    )
    clock.advance(timedelta(days=8))
    assert (await forget_names(longer), await forget_names(kit.desk), await forget_names(shorter)) == (0, 0, 1)
    assert (await show_list(kit.desk, caller=heidi, change_id=change.id)).accounts == ()


async def test_the_file_has_a_line_for_each_account(kit: DeskKit, heidi: Caller, change: Change) -> None:
    _, pieces = await accounts_file(kit.desk, caller=heidi, change_id=change.id)
    rows = list(csv.reader(io.StringIO(b"".join([piece async for piece in pieces]).decode())))
    assert rows[0] == ["name", "user_principal_name", "user_id", "services", "done_at"]
    assert (rows[1][0], rows[1][3], rows[1][4]) == ("Felix Braun", "Microsoft Teams", "")


async def test_home_shows_its_holder_what_is_open(kit: DeskKit, heidi: Caller, change: Change) -> None:
    colleague = kit.member("U0COLLEAGUE", PartnerRole.ADMIN_AGENT)
    (mine,) = (await home(kit.desk, caller=heidi)).work
    assert (mine.change.id, mine.work.open) == (change.id, 1)
    await hand_over(kit.desk, caller=heidi, change_id=change.id, to_user_id="U0COLLEAGUE")
    assert (await home(kit.desk, caller=heidi)).work == ()
    (theirs,) = (await home(kit.desk, caller=colleague)).work
    (account,) = (await show_list(kit.desk, caller=colleague, change_id=change.id)).accounts
    await tick(kit.desk, caller=colleague, key=account.key, done=True)
    assert theirs.work.holder == colleague.actor
    assert (await home(kit.desk, caller=colleague)).work == ()


async def test_the_text_for_the_customer_is_in_the_language_of_their_bills(
    kit: DeskKit, heidi: Caller, change: Change
) -> None:
    """A service that does not answer only leaves it open."""
    assert (await customer_text(kit.desk, caller=heidi, change_id=change.id)).language == "de"
    with kit.service.faults.armed("error"):
        assert (await customer_text(kit.desk, caller=heidi, change_id=change.id)).language is None
