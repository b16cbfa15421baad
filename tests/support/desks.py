"""A desk for tests: real storage, the real service over HTTP, people and roles that a test keeps by hand.

kit = make_desk(database=database, service=service, clock=clock, ids=ids)
heidi = kit.member("U0HEIDI", PartnerRole.SALES_AGENT)     # a Caller
opened = await find_customer(kit.desk, caller=heidi, text="Contoso GmbH")
...
await kit.work()                                            # what the worker would do now
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from bot.desk.desk import Desk, DeskConfig
from bot.desk.submit import submit
from bot.directory.directory import SourceUnreachable, open_directory
from bot.domain.clock import Clock
from bot.domain.ids import Ids
from bot.domain.people import Actor, Caller, HeldRole, Person, RoleEvidence, Standing
from bot.domain.policy import Policy
from bot.domain.roles import PartnerRole
from bot.eligibility.client import ClientLimits
from storage.database import Database
from storage.records import AuditRow
from tests.support.service import QUICK, RunningService

TEAM: Final = "T0DESK"
OWNER: Final = "worker-1"


@dataclass(slots=True)
class People:
    """The workspace's people, as Slack would tell them. `away`: Slack does not answer."""

    persons: dict[Actor, Person] = field(default_factory=dict)
    away: bool = False

    async def person(self, *, actor: Actor, installed_team_id: str) -> Person:  # noqa: ARG002 - the protocol's
        """The person."""
        if self.away or actor not in self.persons:
            raise SourceUnreachable
        return self.persons[actor]


@dataclass(slots=True)
class Roles:
    """Role grants by hand. `away`: the source does not answer."""

    clock: Clock
    held: dict[Actor, set[PartnerRole]] = field(default_factory=dict)
    away: bool = False
    name: str = "test"
    live: bool = True

    async def roles(self, actor: Actor) -> RoleEvidence:
        """The roles."""
        if self.away:
            raise SourceUnreachable
        held = sorted(self.held.get(actor, set()))
        return RoleEvidence(
            held=tuple(HeldRole(role=role, source=self.name, read_at=self.clock.now()) for role in held)
        )

    async def holders(self, roles: frozenset[PartnerRole]) -> frozenset[Actor]:
        """Who holds one of these."""
        if self.away:
            raise SourceUnreachable
        return frozenset(actor for actor, held in self.held.items() if held & roles)


@dataclass(slots=True, kw_only=True)
class DeskKit:
    """The desk with what a test turns: `people`, `roles`, `policy`; `woken` counts the worker's wakings."""

    desk: Desk
    people: People
    roles: Roles
    service: RunningService
    policy: Policy
    woken: int = 0

    def member(
        self,
        user_id: str,
        *roles: PartnerRole,
        standing: Standing = Standing.MEMBER,
        team: str = TEAM,
    ) -> Caller:
        """Somebody of the workspace, with these roles."""
        actor = Actor(team_id=team, user_id=user_id)
        self.people.persons[actor] = Person(actor=actor, standing=standing, locale="de-DE")
        self.roles.held[actor] = set(roles)
        return Caller(actor=actor, installed_team_id=TEAM, delivery_id=self.desk.ids.opaque(), channel_id="C0GENERAL")

    async def work(self, *, owner: str = OWNER) -> int:
        """Submit everything that is due, one after the other; returns how many changes."""
        for number in range(100):
            async with self.desk.database.write() as tx:
                change = await tx.changes.claim_due(owner=owner, lease=self.desk.config.lease)
            if change is None:
                return number
            await submit(self.desk, owner=owner, change=change)
        raise AssertionError("the work does not end")

    async def trail(self) -> list[AuditRow]:
        """Every entry, the oldest first; the chain is verified too."""
        async with self.desk.database.read() as tx:
            page = await tx.audit.page(TEAM, limit=2_000, newest_first=False)
            assert (await tx.audit.verify(TEAM)).sound
        return list(page.items)


def make_desk(
    *,
    database: Database,
    service: RunningService,
    clock: Clock,
    ids: Ids,
    policy: Policy | None = None,
    limits: ClientLimits = QUICK,
    **config: Any,
) -> DeskKit:
    """A desk on the embedded service, live, with the built-in policy unless told otherwise."""
    people, roles = People(), Roles(clock)
    settings = {
        "approvals_channel": "C0APPROVALS",
        "audit_channel": "C0AUDIT",
        "language": "de",
        "service_is_embedded": True,
        "retry_after": timedelta(seconds=30),
        **config,
    }
    kit: DeskKit

    def wake() -> None:
        kit.woken += 1

    desk = Desk(
        database=database,
        service=service.client(limits),
        directory=open_directory(people=people, sources=[roles], clock=clock),
        catalogue=service.catalogue,
        policies=lambda: kit.policy,
        clock=clock,
        ids=ids,
        config=DeskConfig(**settings),
        wake=wake,
    )
    kit = DeskKit(desk=desk, people=people, roles=roles, service=service, policy=policy or Policy())
    return kit


def on_another_machine(kit: DeskKit, database: Database) -> DeskKit:
    """The same desk in another process: its own connections to the same database."""
    return replace(kit, desk=replace(kit.desk, database=database))
