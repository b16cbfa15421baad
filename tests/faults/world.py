"""What outlives the processes: Slack's stand-in, the eligibility service, the database, the clock, the people."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from bot.bootstrap.application import Application, bootstrap
from bot.bootstrap.demo import MANIFEST
from bot.desk.roles import grant_role
from bot.domain.ids import RandomIds
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from bot.settings import Settings
from bot.workspace.manifest import load_manifest
from bot.workspace.sample import APPROVALS, AUDIT, PEOPLE, TEAM, sample_config
from tests.faults.processes import Child, Children, children, command, ended_well
from tests.faults.shared_clock import SharedClock
from tests.support.product import APP_TOKEN, BOT_TOKEN
from tests.support.service import BASIC, TOKEN, RunningService, customer, running_service, subscription
from tests.support.workspace_client import RunningWorkspace, running_workspace
from tests.support.workspace_person import Person

KEY: Final = "k" * 40
_YEAR: Final = timedelta(days=365)


@dataclass(slots=True, kw_only=True)
class World:
    """`desk` is a look at the same database by the product's own parts; it works on nothing by itself."""

    engine: str
    slack: RunningWorkspace
    service: RunningService
    clock: SharedClock
    look: Application
    children: Children
    book: Iterator[dict[str, Any]]
    standing: dict[str, Child] = field(default_factory=dict)

    async def other(self, process: str) -> None:
        """See to it that no healthy one of these runs, and one of the other kind."""
        if (child := self.standing.pop(process, None)) is not None:
            await ended_well(child)
        wanted = "worker" if process == "serve" else "serve"
        if wanted not in self.standing:
            self.standing[wanted] = self.children.start(*command(wanted))

    async def person(self, who: str, *, locale: str = "en-US") -> Person:
        """A member by the key of `PEOPLE`."""
        person = self.slack.member(PEOPLE[who])
        if self.slack.server.workspace.people.locale(person.id) != locale:
            await person.speak(locale)
        return person

    async def orders(self, customer_id: str) -> int:
        """How many orders the service carried out for a customer, by its own records."""
        now = self.clock.now()
        async with self.service.book.read() as tx:
            page = await tx.audit.page(
                since=now - _YEAR, until=now + _YEAR, customer_id=customer_id, size=500, after=None
            )
        ordered = {"upgrade_subscription", "update_subscription"}
        return sum(each.succeeded and each.operation in ordered for each in page.items)


def _customers(count: int, held: int) -> list[dict[str, Any]]:
    return [
        customer(
            f"Kunde {number:03}", *(subscription(BASIC, 4) for _ in range(held)), domain=f"kunde-{number:03}.example"
        )
        for number in range(count)
    ]


def environment(settings: dict[str, str]) -> dict[str, str]:
    """What a process sees: the settings and the machine's own, without proxies and without a `.env`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {name.upper(): value for name, value in settings.items()}


@contextmanager
def without_proxies() -> Iterator[None]:
    """The stand-ins listen on the loopback."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.lower().endswith("_proxy")}
    try:
        yield
    finally:
        os.environ.update(hidden)


@asynccontextmanager
async def running_world(
    folder: Path, *, engine: str, database_url: str, customers: int, held: int = 1
) -> AsyncIterator[World]:
    """A world on a migrated, empty database, with this many customers of `held` subscriptions to order for."""
    clock, ids, book = SharedClock(folder / "clock"), RandomIds(), _customers(customers, held)
    config = sample_config(
        manifest=load_manifest(MANIFEST), bot_token=BOT_TOKEN, app_token=APP_TOKEN, message_burst=100_000
    )
    async with AsyncExitStack() as stack:
        stack.enter_context(without_proxies())
        service = await stack.enter_async_context(running_service(folder, clock=clock, ids=ids, customers=book))
        slack = await stack.enter_async_context(running_workspace(config=config, clock=clock, ids=ids))
        given = {
            "slack_api_url": slack.api_url,
            "slack_bot_token": BOT_TOKEN,
            "slack_app_token": APP_TOKEN,
            "database_url": database_url,
            "eligibility_url": service.url,
            "eligibility_token": TOKEN,
            "audit_key": KEY,
            "audit_channel": AUDIT,
            "approvals_channel": APPROVALS,
        }
        look = await stack.enter_async_context(bootstrap(Settings.load(**given), clock=clock, ids=ids))
        for role in PartnerRole:
            actor = Actor(team_id=TEAM.id, user_id=PEOPLE[role])
            await grant_role(look.desk.database, actor=actor, role=role, by="test")
        made = await stack.enter_async_context(children(environment=environment(given), folder=folder))
        yield World(engine=engine, slack=slack, service=service, clock=clock, look=look, children=made, book=iter(book))
