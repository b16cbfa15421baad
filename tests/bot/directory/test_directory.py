"""Who somebody is and which roles they hold."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.directory.directory import Directory, SourceUnreachable, open_directory
from bot.domain.clock import ShiftedClock
from bot.domain.errors import Undetermined
from bot.domain.people import Actor, Caller, HeldRole, Person, RoleEvidence, Standing
from bot.domain.roles import PartnerRole

HOME = "T0HOME"


@dataclass
class Slack:
    """People with state: who they are, how often Slack was asked, whether it answers."""

    standing: Standing = Standing.MEMBER
    asked: int = 0
    down: bool = False
    delay: float = 0.0

    async def person(self, *, actor: Actor, installed_team_id: str) -> Person:
        self.asked += 1
        await asyncio.sleep(self.delay)
        if self.down:
            raise SourceUnreachable
        assert installed_team_id == HOME
        return Person(actor=actor, standing=self.standing, locale="de-DE")


@dataclass
class Roles:
    """A source of roles with state."""

    name: str
    clock: ShiftedClock
    live: bool = False
    roles_of: dict[str, PartnerRole] = field(default_factory=dict)
    asked: int = 0
    down: bool = False

    async def roles(self, actor: Actor) -> RoleEvidence:
        self.asked += 1
        if self.down:
            raise SourceUnreachable
        role = self.roles_of.get(actor.user_id)
        held = (HeldRole(role=role, source=self.name, read_at=self.clock.now()),) if role else ()
        return RoleEvidence(held=held)


def caller(team: str = HOME) -> Caller:
    return Caller(actor=Actor(team_id=team, user_id="U1"), installed_team_id=HOME, delivery_id="1")


def directory(clock: ShiftedClock, slack: Slack, *sources: Roles) -> Directory:
    return open_directory(people=slack, sources=sources, clock=clock)


async def test_a_user_of_another_workspace_is_of_another_organisation_even_with_the_same_user_id() -> None:
    """defects.md, 6: (team id, user id), and Slack is not even asked."""
    slack = Slack()
    person = await directory(ShiftedClock(), slack).person(caller("T0OTHER"))
    assert person.standing is Standing.OTHER_ORGANISATION
    assert slack.asked == 0


async def test_a_person_is_asked_for_once_in_a_minute_however_many_wait() -> None:
    """Fifty presses at once are one question; after sixty seconds the next press asks anew."""
    clock, slack = ShiftedClock(), Slack(delay=0.01)
    book = directory(clock, slack)
    await asyncio.gather(*(book.person(caller()) for _ in range(50)))
    assert slack.asked == 1
    clock.advance(timedelta(seconds=61))
    slack.standing = Standing.GUEST
    assert (await book.person(caller())).standing is Standing.GUEST


async def test_when_slack_cannot_say_who_somebody_is_it_is_undetermined_and_asked_again_next_time() -> None:
    """Failures are not kept, and are never worded as a refusal."""
    slack = Slack(down=True)
    book = directory(ShiftedClock(), slack)
    with pytest.raises(Undetermined):
        await book.person(caller())
    slack.down = False
    assert (await book.person(caller())).standing is Standing.MEMBER


async def test_roles_of_several_sources_unite_and_a_silent_source_is_named() -> None:
    """Any combination, united; a source that cannot be reached is a gap, not a no."""
    clock = ShiftedClock()
    grants = Roles("grant", clock, live=True, roles_of={"U1": PartnerRole.SALES_AGENT})
    groups = Roles("graph", clock, down=True)
    evidence = await directory(clock, Slack(), grants, groups).roles(caller().actor)
    assert evidence.roles == {PartnerRole.SALES_AGENT}
    assert evidence.unreachable == ("graph",)


async def test_a_live_source_is_asked_each_time_and_a_kept_one_once_a_minute() -> None:
    """A revoked grant ends at once; other sources are kept for at most sixty seconds."""
    clock = ShiftedClock()
    grants = Roles("grant", clock, live=True, roles_of={"U1": PartnerRole.SALES_AGENT})
    groups = Roles("usergroup", clock, roles_of={"U1": PartnerRole.ADMIN_AGENT})
    book = directory(clock, Slack(), grants, groups)
    await book.roles(caller().actor)
    grants.roles_of.clear()
    groups.roles_of.clear()
    assert (await book.roles(caller().actor)).roles == {PartnerRole.ADMIN_AGENT}
    clock.advance(timedelta(seconds=61))
    assert (await book.roles(caller().actor)).roles == frozenset()
