"""Who reads the trail, of what, page by page; reading it is an entry in it."""

import pytest

from bot.desk.audit_trail import PAGE, TrailPage, find_trail, more_of_trail, trail_of_chosen
from bot.desk.results import CustomerChoice
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.catalogue import load_default
from bot.domain.clock import ShiftedClock
from bot.domain.errors import HandleUnknown, Refused
from bot.domain.people import Caller
from bot.domain.policy import Action, Policy
from bot.domain.roles import PartnerRole
from bot.locales import load
from handlers.blocks import limits
from handlers.blocks.pen import Pen
from handlers.blocks.trail import trail_message
from tests.support import made
from tests.support.desks import TEAM, DeskKit

TENANT = "0f6a7d0e-4d3b-4a53-9b3f-1f1f7a0c2b11"
N = AuditName


async def entries(kit: DeskKit, count: int, **fields: object) -> None:
    async with kit.desk.database.write() as tx:
        for number in range(count):
            given = {"team_id": TEAM, "customer_id": TENANT, "data": {"n": number}}
            await tx.audit.append(made.entry(**given | fields))


async def page(kit: DeskKit, caller: Caller, text: str) -> TrailPage:
    found = await find_trail(kit.desk, caller=caller, text=text)
    assert isinstance(found, TrailPage)
    return found


async def test_a_customers_trail_comes_page_by_page_newest_first(kit: DeskKit, heidi: Caller) -> None:
    await entries(kit, 2 * PAGE + 3)
    await entries(kit, 2, customer_id="another")
    first = await page(kit, heidi, TENANT.upper())
    assert [row.number for row in first.rows] == list(range(23, 13, -1))
    second = await more_of_trail(kit.desk, caller=heidi, handle=first.more or "")
    third = await more_of_trail(kit.desk, caller=heidi, handle=second.more or "")
    assert [row.number for row in second.rows] == list(range(13, 3, -1))
    assert [row.number for row in third.rows] == [3, 2, 1]
    assert third.more is None


async def test_reading_it_is_an_entry_in_it_before_it_is_shown(kit: DeskKit, heidi: Caller) -> None:
    await entries(kit, 1)
    await page(kit, heidi, TENANT)
    last = (await kit.trail())[-1].entry
    assert (last.name, last.verdict, last.actor) == (N.AUDIT_READ, AuditVerdict.DONE, heidi.actor)
    assert (last.customer_id, last.rule) == (TENANT, "built-in [actions] audit")
    assert (await page(kit, heidi, TENANT)).rows[0].entry.name is N.AUDIT_READ


async def test_a_change_is_found_by_its_number_in_any_case(kit: DeskKit, heidi: Caller) -> None:
    change = await made.stored(kit.desk.database, team_id=TEAM)
    await entries(kit, 2, change_id=change.id)
    found = await page(kit, heidi, change.number.lower())
    assert [row.number for row in found.rows] == [2, 1]
    assert found.subject.name == change.number


async def test_a_change_of_another_workspace_is_not_found(kit: DeskKit, heidi: Caller) -> None:
    change = await made.stored(kit.desk.database, team_id="T0ELSEWHERE")
    await entries(kit, 1, team_id="T0ELSEWHERE", change_id=change.id)
    with pytest.raises(Exception, match="customer_not_found"):
        await find_trail(kit.desk, caller=heidi, text=change.number)
    assert (await page(kit, heidi, TENANT)).rows == ()


async def test_whoever_may_not_is_refused_with_an_entry_and_learns_nothing(kit: DeskKit, heidi: Caller) -> None:
    await entries(kit, PAGE + 1)
    first = await page(kit, heidi, TENANT)
    ursula = kit.member("U0URSULA", PartnerRole.HELPDESK_AGENT)
    for attempt in (
        find_trail(kit.desk, caller=ursula, text=TENANT),
        more_of_trail(kit.desk, caller=ursula, handle=first.more or ""),
        trail_of_chosen(kit.desk, caller=ursula, handle="made-up"),
    ):
        with pytest.raises(Refused):
            await attempt
        last = (await kit.trail())[-1].entry
        assert (last.name, last.verdict, last.reason) == (N.AUDIT_READ, AuditVerdict.REFUSED, "role_not_enough")


async def test_a_page_of_somebody_else_is_not_opened_even_by_those_who_may(kit: DeskKit, heidi: Caller) -> None:
    await entries(kit, PAGE + 1)
    first = await page(kit, heidi, TENANT)
    sven = kit.member("U0SVEN", PartnerRole.ADMIN_AGENT)
    with pytest.raises(Refused):
        await more_of_trail(kit.desk, caller=sven, handle=first.more or "")
    assert (await kit.trail())[-1].entry.name is N.AUDIT_READ
    with pytest.raises(HandleUnknown):
        await more_of_trail(kit.desk, caller=heidi, handle="made-up")


async def test_who_may_read_the_trail_but_not_look_finds_a_customer_by_name(kit: DeskKit) -> None:
    """The policy's `audit` rules alone: an auditor needs no right to order."""
    auditor = kit.member("U0AUDITOR", PartnerRole.USER_ADMIN)
    actions = {**Policy().actions, Action.LOOK: frozenset(), Action.AUDIT: frozenset({PartnerRole.USER_ADMIN})}
    kit.policy = Policy(actions=actions)
    found = await find_trail(kit.desk, caller=auditor, text="Con")
    assert isinstance(found, CustomerChoice)
    chosen = await trail_of_chosen(kit.desk, caller=auditor, handle=found.matches[0].handle)
    assert chosen.subject.name == found.matches[0].customer.name


@pytest.mark.parametrize("language", ["de", "en"])
async def test_a_page_says_what_by_whom_when_and_why_within_slacks_limits(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, language: str
) -> None:
    await entries(kit, PAGE + 1, verdict=AuditVerdict.REFUSED, reason="no_role", free_text="<!channel> " + "x" * 3000)
    async with kit.desk.database.write() as tx:
        await tx.audit.delete_text(TEAM, PAGE + 1)
    found = await page(kit, heidi, TENANT)
    message = trail_message(Pen(load().for_locale(language), load_default()), found, nonce="n")
    assert len(message.blocks) <= limits.BLOCKS_PER_MESSAGE
    assert "<!channel>" not in message.text
    words = {
        "de": ("Protokolleintrag 11", "keine Partnerrolle", "was eingegeben wurde, ist gelöscht"),
        "en": ("Audit entry 11", "no partner role", "what was typed is deleted"),
    }
    for each in words[language]:
        assert each in message.text
    assert [block["type"] for block in message.blocks].count("actions") == 1
