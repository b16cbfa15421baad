"""The whole product for tests, wired as `make demo` and `serve` wire it: workspace, service, bot and worker.

    async with running_product(folder, customers=[customer(...)], transport="http") as product:
        sven = await product.person("sales_agent")
        ...
        assert await product.orders() == 1
        await product.check_trail()

All of it listens on ports of the system's choice, in the test's loop. The bot can be stopped and started again while
Slack and the service go on.
"""

import dataclasses
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import SecretStr

from bot.bootstrap.application import Application, bootstrap
from bot.bootstrap.demo import MANIFEST
from bot.bootstrap.tuning import Tuning
from bot.desk.roles import grant_role
from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from bot.eligibility.breaker import Rules
from bot.eligibility.client import ClientLimits
from bot.settings import Settings
from bot.web.server import bind, serving
from bot.workspace.config import SignedHttp
from bot.workspace.manifest import load_manifest
from bot.workspace.sample import APPROVALS, AUDIT, PEOPLE, TEAM, sample_config
from storage import migrate
from storage.records import AuditRow
from tests.support.product_parts import Levers, Tampering
from tests.support.service import QUICK, SAMPLE, TOKEN, RunningService, running_service
from tests.support.workspace_client import RunningWorkspace, running_workspace
from tests.support.workspace_person import Person

Transport = Literal["socket", "http"]
SECRET: Final = "signing-secret"
BOT_TOKEN, APP_TOKEN = "xoxb-1", "xapp-1"
QUICKLY: Final = Tuning(limits=ClientLimits(wait_initial=0.01, wait_most=0.05), message_seconds=0.01)
"""Reads are tried again at once, and channels take messages as they come."""

IMPATIENT: Final = Tuning(
    limits=dataclasses.replace(QUICK, read_timeout=1.0, read_budget=2.5, breaker=Rules(failures=1_000)),
    desk={"list_deadline": 5.0, "look_deadline": 5.0, "accounts_deadline": 1.0, "send_timeout": 3.0},
    message_seconds=0.01,
)
"""A silent service is given up soon, too, each time anew: what a service that rests looks like is tested elsewhere."""

_PAGE: Final = 200


class Product:
    """What runs. `app` is the bot of the moment; `slack` and `service` outlive it."""

    def __init__(
        self,
        *,
        slack: RunningWorkspace,
        service: RunningService,
        clock: ShiftedClock,
        settings: Settings,
        tuning: Tuning,
        listening: socket.socket | None,
        levers: Levers,
    ) -> None:
        self.slack, self.service, self.faults, self.clock = slack, service, service.faults, clock
        self._listening, self.port = listening, 0 if listening is None else listening.getsockname()[1]
        self._settings, self._tuning, self._levers = settings, tuning, levers
        self._bot: AsyncExitStack | None = None
        self._app: Application | None = None

    @property
    def app(self) -> Application:
        """The running bot."""
        assert self._app is not None, "the bot is stopped"
        return self._app

    async def start_bot(self) -> None:
        """As `serve --all-in-one`: bootstrap, worker, and deliveries by socket or HTTP."""
        async with AsyncExitStack() as stack:
            app = await stack.enter_async_context(
                bootstrap(
                    self._settings,
                    clock=self.clock,
                    ids=RandomIds(),
                    drain=0.3,
                    tuning=self._tuning,
                )
            )
            await stack.enter_async_context(app.worker.running())
            checks = await stack.enter_async_context(app.receiving())
            if self.port:
                listening, self._listening = self._listening or bind(host="127.0.0.1", port=self.port), None
                await stack.enter_async_context(serving(app.web(checks), on=listening, drain=1))
            self._app = self._levers.app = app
            self._bot = stack.pop_all()
        await self.slack.wait_connected()

    async def stop_bot(self) -> None:
        """Stop it with hardly any time to finish: what is under way is cut off, as by a restart."""
        if self._bot is not None:
            bot, self._bot, self._app, self._levers.app = self._bot, None, None, None
            await bot.aclose()

    def use_bot_token(self, token: SecretStr) -> None:
        """From the next start on."""
        self._settings = self._settings.model_copy(update={"slack_bot_token": token})

    async def person(self, who: str, *, locale: str | None = None) -> Person:
        """A member by the key of `PEOPLE`, reading in `locale`."""
        person = self.slack.member(PEOPLE[who])
        if locale is not None and self.slack.server.workspace.people.locale(person.id) != locale:
            await person.speak(locale)
            # The bot keeps what Slack says about a person for a minute.
            self.clock.advance(timedelta(seconds=61))
        return person

    @contextmanager
    def tampering(self, change: Callable[[dict[str, Any]], None]) -> Iterator[None]:
        """Whatever is pressed meanwhile reaches the bot changed: for what no page would send."""
        workspace = self.slack.server.workspace
        link = workspace.link
        workspace.link = Tampering(link, change)
        try:
            yield
        finally:
            workspace.link = link

    async def orders(self, customer_id: str | None = None) -> int:
        """How many orders the service carried out, by its own records: of a customer, or of all."""
        now = self.clock.now()
        since, until = now - timedelta(days=365), now + timedelta(days=1)
        async with self.service.book.read() as tx:
            page = await tx.audit.page(since=since, until=until, customer_id=customer_id, size=500, after=None)
        ordered = {"upgrade_subscription", "update_subscription"}
        return sum(each.succeeded and each.operation in ordered for each in page.items)

    async def trail(self, customer_id: str | None = None) -> list[AuditRow]:
        """The newest entries of the audit table, oldest first."""
        async with self.app.desk.database.read() as tx:
            page = await tx.audit.page(TEAM.id, customer_id=customer_id, limit=_PAGE)
        return list(reversed(page.items))

    async def trail_names(self, customer_id: str) -> list[str]:
        """What was done about a customer, as `name verdict reason`, without the looks."""
        rows = [row.entry for row in await self.trail(customer_id)]
        told = [f"{each.name} {each.verdict} {each.reason or ''}".strip() for each in rows]
        return [each for each in told if not each.startswith("slack:options:look done")]

    async def check_trail(self) -> None:
        """Walk the chain: every entry is as it was written."""
        async with self.app.desk.database.read() as tx:
            report = await tx.audit.verify(TEAM.id)
        assert not report.faults, report.faults
        assert report.entries


@asynccontextmanager
async def running_product(
    folder: Path,
    *,
    customers: Sequence[dict[str, Any]] | Path = SAMPLE,
    transport: Transport = "socket",
    database_url: str | None = None,
    policy: str | None = None,
    tuning: Tuning = QUICKLY,
) -> AsyncIterator[Product]:
    """Everything, with fresh data. `database_url`: migrated and empty; a SQLite file otherwise. `policy`: TOML."""
    clock, ids = ShiftedClock(), RandomIds()
    if database_url is None:
        database_url = f"sqlite:///{folder / 'desk.sqlite3'}"
        migrate.upgrade(database_url)
    policy_file = folder / "policy.toml" if policy is not None else None
    if policy_file is not None:
        policy_file.write_text(policy or "", encoding="utf-8")
    listening = bind(host="127.0.0.1", port=0) if transport == "http" else None
    port = 0 if listening is None else listening.getsockname()[1]
    url = f"http://127.0.0.1:{port}/slack/events"
    config = sample_config(
        manifest=load_manifest(MANIFEST),
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        delivery=SignedHttp(request_url=url, signing_secret=SECRET) if port else None,
        message_burst=100_000,
    )
    async with running_service(folder, clock=clock, ids=ids, customers=customers) as service:
        levers = Levers(clock=clock, service=service)
        async with running_workspace(config=config, clock=clock, ids=ids, controls=levers) as slack:
            settings = Settings.load(
                slack_api_url=slack.api_url,
                slack_bot_token=BOT_TOKEN,
                slack_app_token=None if port else APP_TOKEN,
                slack_signing_secret=SECRET if port else None,
                database_url=database_url,
                eligibility_url=service.url,
                eligibility_token=TOKEN,
                policy_file=policy_file,
                audit_key="k" * 40,
                audit_channel=AUDIT,
                approvals_channel=APPROVALS,
            )
            product = Product(
                slack=slack,
                service=service,
                clock=clock,
                settings=settings,
                tuning=tuning,
                listening=listening,
                levers=levers,
            )
            await product.start_bot()
            try:
                await _grant(product)
                yield product
            finally:
                await product.stop_bot()


async def _grant(product: Product) -> None:
    for role in PartnerRole:
        actor = Actor(team_id=TEAM.id, user_id=PEOPLE[role])
        await grant_role(product.app.desk.database, actor=actor, role=role, by="test")
