"""Lists, rights, and the switch that those who may settle can throw."""

import pytest

from bot.desk.lists import home, lately, mine, of_customer, waiting_for
from bot.desk.rights import rights_of, who_may
from bot.desk.stopping import stop_orders
from bot.desk.stopping_by_hand import resume_all, stop_all, thrown_by
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.errors import HandleUnknown, Refused, TooLate
from bot.domain.people import Caller, Standing
from bot.domain.policy import Action, ApprovalRule, Policy
from bot.domain.roles import PartnerRole
from storage.records import Card
from tests.bot.desk.conftest import CONTOSO, FABRIKAM, MUELLER
from tests.support import made
from tests.support.approving import approved, helpdesk, waiting
from tests.support.asking import requested
from tests.support.desks import TEAM, DeskKit


async def test_what_waits_for_me_is_what_my_approval_would_count_for(kit: DeskKit, heidi: Caller) -> None:
    kit.policy = Policy(approval=ApprovalRule(approvers=2, for_seats_above=5))
    asker = helpdesk(kit)
    first = await waiting(kit, asker, CONTOSO)
    own = await waiting(kit, heidi, FABRIKAM)
    third = await waiting(kit, asker, MUELLER)
    assert [each.change.id for each in (await waiting_for(kit.desk, caller=heidi)).items] == [first.id, third.id]
    await approved(kit, heidi, first)
    assert [each.change.id for each in (await waiting_for(kit.desk, caller=heidi)).items] == [third.id]
    gustav = kit.member("U0GUSTAV", PartnerRole.GLOBAL_ADMIN)
    seen = await waiting_for(kit.desk, caller=gustav)
    assert [each.change.id for each in seen.items] == [first.id, own.id, third.id]
    assert [len(each.status.given) for each in seen.items] == [1, 0, 0]
    assert (await waiting_for(kit.desk, caller=asker)).items == ()


async def test_lists_go_on_page_by_page_and_lead_to_the_cards(kit: DeskKit, heidi: Caller) -> None:
    for number in range(13):
        await made.stored(kit.desk.database, team_id=TEAM, asker=heidi.actor, customer=f"c{number}")
    change = await requested(kit, heidi, CONTOSO)
    async with kit.desk.database.write() as tx:
        card = Card(change_id=change.id, channel_id="C0AUDIT", ts="1.1", row_version=1)
        await tx.cards.put(card)
    for verb in (mine, lately):
        page = await verb(kit.desk, caller=heidi)
        assert (page.items[0].change.id, page.items[0].card, len(page.items)) == (change.id, card, 10)
        rest = await verb(kit.desk, caller=heidi, after=page.after)
        assert (len(rest.items), rest.after) == (4, None)
    found = await of_customer(kit.desk, caller=heidi, customer_id=CONTOSO["id"])
    assert [each.change.id for each in found.items] == [change.id]
    with pytest.raises(HandleUnknown):
        await lately(kit.desk, caller=heidi, after="made up")


async def test_who_may_not_look_sees_no_list_and_the_attempt_is_in_the_trail(kit: DeskKit) -> None:
    nobody = kit.member("U0NOBODY")
    for verb in (waiting_for, mine, lately):
        with pytest.raises(Refused) as refused:
            await verb(kit.desk, caller=nobody)
        assert refused.value.reason == "no_role"
    rows = [(row.entry.name, row.entry.verdict) for row in await kit.trail()]
    assert rows == [(AuditName.CHANGES_LIST, AuditVerdict.REFUSED)] * 3


async def test_home_shows_a_member_without_a_role_their_rights_and_nothing_else(kit: DeskKit, heidi: Caller) -> None:
    await requested(kit, heidi, CONTOSO)
    seen = await home(kit.desk, caller=kit.member("U0NOBODY"))
    assert (seen.waiting, seen.mine, seen.lately, seen.may_stop) == (None, None, None, False)
    assert not any(seen.rights.may(action) for action in Action)
    full = await home(kit.desk, caller=heidi)
    assert full.mine is not None
    assert full.lately is not None
    assert (len(full.mine.items), len(full.lately.items), full.may_stop) == (1, 1, True)


@pytest.mark.parametrize("standing", sorted(set(Standing) - {Standing.MEMBER}))
async def test_who_is_no_member_is_refused_even_their_rights(kit: DeskKit, standing: Standing) -> None:
    stranger = kit.member("U0STRANGER", PartnerRole.GLOBAL_ADMIN, standing=standing)
    for verb in (rights_of, home):
        with pytest.raises(Refused) as refused:
            await verb(kit.desk, caller=stranger)
        assert refused.value.reason == standing.value
    assert {row.entry.name for row in await kit.trail()} == {AuditName.ROLE_READ}


async def test_rights_say_which_role_from_where_and_what_it_allows(kit: DeskKit) -> None:
    rights = await rights_of(kit.desk, caller=helpdesk(kit))
    assert [(each.role, each.source) for each in rights.evidence.held] == [(PartnerRole.HELPDESK_AGENT, "test")]
    assert {action for action in Action if rights.may(action)} == {Action.LOOK, Action.REQUEST}
    assert rights.verdicts[Action.APPROVE].may == who_may(kit.desk, Action.APPROVE)


async def test_who_may_settle_stops_everything_and_lets_it_go_on(kit: DeskKit, heidi: Caller) -> None:
    change = await requested(kit, heidi, CONTOSO)
    async with kit.desk.database.write() as tx:
        await tx.audit.append(made.entry(team_id="T0OTHER"))
    stopped = await stop_all(kit.desk, caller=heidi)
    assert (stopped.moved, stopped.by) == (True, heidi.actor)
    assert not (await stop_all(kit.desk, caller=heidi)).moved
    assert (await home(kit.desk, caller=heidi)).stopped == stopped.switch
    assert await kit.work() == 0
    resumed = await resume_all(kit.desk, caller=kit.member("U0GUSTAV", PartnerRole.GLOBAL_ADMIN))
    assert (resumed.moved, resumed.switch) == (True, None)
    assert await kit.work() == 1
    presses = [row.entry for row in await kit.trail() if row.entry.name.value.startswith("slack:operation")]
    assert [(each.name, each.actor.user_id) for each in presses] == [
        (AuditName.STOP_PRESS, "U0HEIDI"),
        (AuditName.RESUME_PRESS, "U0GUSTAV"),
    ]
    async with kit.desk.database.read() as tx:
        elsewhere = await tx.audit.page("T0OTHER", newest_first=False)
    assert [row.entry.name for row in elsewhere.items][1:] == [AuditName.STOP_PRESS, AuditName.RESUME_PRESS]
    assert change.team_id == TEAM


async def test_who_may_not_settle_stops_nothing(kit: DeskKit) -> None:
    with pytest.raises(Refused):
        await stop_all(kit.desk, caller=helpdesk(kit))
    assert (await kit.trail())[-1].entry.name is AuditName.STOP_PRESS
    async with kit.desk.database.read() as tx:
        assert await tx.switches.stopped() is None


async def test_an_operators_stop_is_told_from_a_persons(kit: DeskKit, heidi: Caller) -> None:
    await stop_orders(kit.desk.database, team_ids=(TEAM,), by="root")
    assert (await stop_all(kit.desk, caller=heidi)).by is None
    async with kit.desk.database.read() as tx:
        switch = await tx.switches.stopped()
    assert switch is not None
    assert thrown_by(switch) is None


async def test_stopping_has_a_deadline_like_every_press(kit: DeskKit, heidi: Caller) -> None:
    """Two seconds from the press: then nothing was turned, nothing is entered, and the person is told so."""
    entries = len(await kit.trail())
    for turn in (stop_all, resume_all):
        with pytest.raises(TooLate):
            await turn(kit.desk, caller=heidi, deadline=kit.desk.clock.monotonic())
    assert len(await kit.trail()) == entries
    async with kit.desk.database.read() as tx:
        assert await tx.switches.stopped() is None
