"""Who never gets in: requests from workspaces that are not on the list of those that may."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.desk.admit import admit
from bot.desk.reasons import Why
from bot.desk.rights import rights_of
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.clock import ShiftedClock
from bot.domain.errors import Refused
from bot.domain.people import Actor, Caller, Person, Standing
from bot.domain.policy import Action
from bot.domain.roles import PartnerRole
from storage.database import Database
from tests.support.counting_ids import CountingIds
from tests.support.desks import TEAM, DeskKit, make_desk
from tests.support.service import running_service

OTHER = "T0OTHER"


@pytest.fixture
async def kit(database: Database, clock: ShiftedClock, ids: CountingIds, tmp_path: Path) -> AsyncIterator[DeskKit]:
    """A desk that serves its own workspace alone, with somebody who holds the same role in both."""
    async with running_service(tmp_path, clock=clock, ids=ids) as service:
        kit = make_desk(database=database, service=service, clock=clock, ids=ids)
        kit.member("U1", PartnerRole.ADMIN_AGENT)
        elsewhere = Actor(team_id=OTHER, user_id="U1")
        kit.people.persons[elsewhere] = Person(actor=elsewhere, standing=Standing.MEMBER, locale="de-DE")
        kit.roles.held[elsewhere] = {PartnerRole.ADMIN_AGENT}
        directory = dataclasses.replace(kit.desk.directory, teams=frozenset({TEAM}))
        kit.desk = dataclasses.replace(kit.desk, directory=directory)
        yield kit


def caller(team: str) -> Caller:
    return Caller(actor=Actor(team_id=team, user_id="U1"), installed_team_id=team, delivery_id="d")


async def test_a_member_of_another_installed_workspace_is_refused_whatever_they_hold_there(kit: DeskKit) -> None:
    """Also where Slack would call them a member, and with the same user id as somebody who may; it is audited."""
    with pytest.raises(Refused) as raised:
        await admit(kit.desk, caller=caller(OTHER), action=Action.LOOK, tried=AuditName.OPTIONS_LOOK)
    assert raised.value.reason == Why.OTHER_WORKSPACE
    async with kit.desk.database.read() as tx:
        entry = (await tx.audit.page(OTHER, limit=9)).items[0].entry
    assert (entry.verdict, entry.reason) == (AuditVerdict.REFUSED, "other_workspace")
    assert (entry.actor.team_id, entry.actor.user_id) == (OTHER, "U1")
    assert entry.evidence.held == ()
    admitted = await admit(kit.desk, caller=caller(TEAM), action=Action.LOOK, tried=AuditName.OPTIONS_LOOK)
    assert admitted.verdict.allowed


async def test_what_needs_no_role_is_closed_to_them_too(kit: DeskKit) -> None:
    with pytest.raises(Refused) as raised:
        await rights_of(kit.desk, caller=caller(OTHER))
    assert raised.value.reason == Why.OTHER_WORKSPACE
