"""What the operator does from the command line: grants and the stop switch, each with its entry."""

from bot.desk.find_customer import find_customer
from bot.desk.roles import grant_role, list_roles, revoke_role
from bot.desk.stopping import is_stopped, resume_orders, stop_orders
from bot.domain.audit import AuditName
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from tests.support.desks import TEAM, DeskKit

ANNA = Actor(team_id=TEAM, user_id="U0ANNA")


async def test_a_grant_is_kept_with_who_and_when_and_entered_once(kit: DeskKit) -> None:
    database = kit.desk.database
    assert await grant_role(database, actor=ANNA, role=PartnerRole.SALES_AGENT, by="root")
    assert not await grant_role(database, actor=ANNA, role=PartnerRole.SALES_AGENT, by="somebody")
    (grant,) = await list_roles(database)
    assert (grant.user_id, grant.role, grant.by) == ("U0ANNA", PartnerRole.SALES_AGENT, "root")
    assert await revoke_role(database, actor=ANNA, role=PartnerRole.SALES_AGENT, by="root")
    assert not await revoke_role(database, actor=ANNA, role=PartnerRole.SALES_AGENT, by="root")
    rows = await kit.trail()
    assert [row.entry.name for row in rows] == [AuditName.ROLE_GRANT, AuditName.ROLE_REVOKE]
    assert rows[0].entry.data == {"user_id": "U0ANNA", "role": "sales_agent", "by": "root"}


async def test_stop_and_resume_are_entered_once(kit: DeskKit) -> None:
    database = kit.desk.database
    assert await stop_orders(database, team_ids=(TEAM,), by="root")
    assert not await stop_orders(database, team_ids=(TEAM,), by="somebody")
    switch = await is_stopped(database)
    assert switch is not None
    assert switch.by == "root"
    assert await resume_orders(database, team_ids=(TEAM,), by="root")
    assert await is_stopped(database) is None
    assert [row.entry.name for row in await kit.trail()] == [AuditName.OPERATION_STOP, AuditName.OPERATION_RESUME]


async def test_while_orders_are_stopped_people_may_look(kit: DeskKit) -> None:
    await stop_orders(kit.desk.database, team_ids=(TEAM,), by="root")
    caller = kit.member("U0HEIDI", PartnerRole.SALES_AGENT)
    await find_customer(kit.desk, caller=caller, text="Contoso GmbH")
