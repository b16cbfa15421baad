from dataclasses import replace

import pytest

from bot.desk.find_customer import find_customer
from bot.domain.audit import AuditVerdict
from bot.domain.errors import Refused, Undetermined
from bot.domain.people import Standing
from bot.domain.policy import Policy
from bot.domain.roles import PartnerRole
from tests.support.desks import DeskKit


@pytest.mark.parametrize("role", list(PartnerRole))
async def test_each_of_the_five_roles_may_look(kit: DeskKit, role: PartnerRole) -> None:
    await find_customer(kit.desk, caller=kit.member("U0SOMEBODY", role), text="Contoso GmbH")


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (Standing.GUEST, "guest"),
        (Standing.BOT, "bot"),
        (Standing.DELETED, "deleted"),
        (Standing.OTHER_ORGANISATION, "other_organisation"),
    ],
)
async def test_only_members_come_in_whatever_role_they_have(kit: DeskKit, standing: Standing, reason: str) -> None:
    """Guests and members of other organisations are told so, and the attempt is in the audit table."""
    caller = kit.member("U0GUEST", PartnerRole.GLOBAL_ADMIN, standing=standing)
    with pytest.raises(Refused) as raised:
        await find_customer(kit.desk, caller=caller, text="Contoso GmbH")
    assert raised.value.reason == reason
    (row,) = await kit.trail()
    assert (row.entry.verdict, row.entry.reason, row.entry.actor) == (AuditVerdict.REFUSED, reason, caller.actor)


async def test_the_same_user_id_of_another_workspace_is_somebody_else(kit: DeskKit) -> None:
    kit.member("U0HEIDI", PartnerRole.SALES_AGENT)
    stranger = kit.member("U0HEIDI", PartnerRole.SALES_AGENT, team="T0ELSEWHERE")
    with pytest.raises(Refused) as raised:
        await find_customer(kit.desk, caller=stranger, text="Contoso GmbH")
    assert raised.value.reason == "other_organisation"


async def test_without_a_role_one_is_told_who_may(kit: DeskKit) -> None:
    with pytest.raises(Refused) as raised:
        await find_customer(kit.desk, caller=kit.member("U0NOBODY"), text="Contoso GmbH")
    assert raised.value.reason == "no_role"
    assert set(raised.value.params["may"]) == set(PartnerRole)  # type: ignore[call-overload] # roles, sorted


async def test_a_role_that_was_taken_away_is_gone_at_once(kit: DeskKit) -> None:
    caller = kit.member("U0HEIDI", PartnerRole.SALES_AGENT)
    await find_customer(kit.desk, caller=caller, text="Contoso GmbH")
    kit.roles.held[caller.actor].clear()
    with pytest.raises(Refused):
        await find_customer(kit.desk, caller=caller, text="Contoso GmbH")


@pytest.mark.parametrize("away", ["roles", "people", "policy"])
async def test_what_cannot_be_found_out_allows_nobody_and_refuses_nobody(kit: DeskKit, away: str) -> None:
    """Undetermined never allows and is never worded as a refusal; it leaves an entry all the same."""
    caller = kit.member("U0HEIDI", PartnerRole.SALES_AGENT)
    kit.roles.away, kit.people.away = away == "roles", away == "people"
    if away == "policy":
        kit.policy = replace(Policy(), fault="line 3")
    with pytest.raises(Undetermined):
        await find_customer(kit.desk, caller=caller, text="Contoso GmbH")
    (row,) = await kit.trail()
    assert row.entry.verdict is AuditVerdict.UNDETERMINED
