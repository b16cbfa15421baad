"""A worker's outbox between a real database and the local workspace."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.bootstrap.bolt import new_client
from bot.bootstrap.parts import service_sessions
from bot.bootstrap.proxies import new_session
from bot.desk.desk import Desk, DeskConfig
from bot.directory.directory import open_directory
from bot.directory.slack_people import SlackPeople
from bot.domain.catalogue import load_default
from bot.domain.changes import Change
from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.domain.people import Actor
from bot.domain.policy import Policy
from bot.eligibility.client import EligibilityClient
from bot.locales import load
from bot.worker.drawing import Drawing
from bot.worker.mailer import Mailer
from bot.worker.outbox import MOST_UNDER_WAY, Outbox
from bot.worker.pacing import Pacing
from bot.worker.under_way import UnderWay
from bot.workspace.manifest import load_manifest
from bot.workspace.sample import APPROVALS, AUDIT, PEOPLE, TEAM, sample_config
from storage.database import Database
from storage.records import OutboxItem, OutboxKind
from tests.support import made
from tests.support.workspace_client import Person, RunningWorkspace, running_workspace

SVEN = PEOPLE["sales_agent"]
MANIFEST = Path(__file__).parents[2] / "manifest.json"


@dataclass
class Post:
    """The outbox with both its ends."""

    desk: Desk
    outbox: Outbox
    slack: RunningWorkspace
    client: AsyncWebClient
    clock: ShiftedClock

    @property
    def sven(self) -> Person:
        return self.slack.member(SVEN)

    async def change(self, **fields: Any) -> Change:
        asker = Actor(team_id=TEAM.id, user_id=SVEN)
        return await made.stored(self.desk.database, team_id=TEAM.id, asker=asker, **fields)

    async def put(self, change: Change, *kinds: OutboxKind) -> None:
        async with self.desk.database.write() as tx:
            for kind in kinds:
                fields: dict[str, Any] = {}
                if kind is OutboxKind.STEP:
                    row = await tx.audit.append(made.entry(team_id=TEAM.id, change_id=change.id, actor=change.asker))
                    fields["audit_number"] = row.number
                if kind is OutboxKind.NOTICE:
                    fields["state"] = change.state
                await tx.outbox.add(made.item(tx, kind, change.id, team_id=TEAM.id, **fields))

    async def send(self) -> None:
        """Send until nothing is due."""
        while await self.outbox.step():
            assert await self.outbox.drain(seconds=30) == 0

    async def waiting(self, change: Change) -> list[OutboxItem]:
        async with self.desk.database.read() as tx:
            return await tx.outbox.of(change.id)

    async def in_audit(self) -> list[dict[str, Any]]:
        return [
            dict(message) for message in (await self.client.conversations_history(channel=AUDIT)).get("messages") or []
        ]

    def beside(self, owner: str) -> Outbox:
        """Another worker on the same database."""
        return replace(self.outbox, owner=owner, _sending=UnderWay(most=MOST_UNDER_WAY), _queues=Counter())

    def with_client(self, client: AsyncWebClient) -> None:
        self.outbox.mailer = replace_client(self.outbox.mailer, client)


def replace_client(mailer: Mailer, client: AsyncWebClient) -> Mailer:
    async def client_for(_team: str) -> AsyncWebClient:
        return client

    return Mailer(client_for=client_for, clock=mailer.clock)


@asynccontextmanager
async def posting(database: Database, clock: ShiftedClock, *, burst: int) -> AsyncIterator[Post]:
    """`burst`: how many messages a channel takes at once."""
    config = sample_config(
        manifest=load_manifest(MANIFEST), bot_token="xoxb-1", app_token="xapp-1", message_burst=burst
    )
    async with (
        running_workspace(config=config, clock=clock, ids=RandomIds()) as slack,
        new_session() as session,
        service_sessions("http://127.0.0.1:9") as (reads, orders),
    ):
        client = new_client(session=session, api_url=slack.api_url, token="xoxb-1")

        async def client_for(_team: str) -> AsyncWebClient:
            return client

        desk = _desk(database, clock, client_for, reads, orders)
        mailer = Mailer(client_for=client_for, clock=clock)
        pacing = Pacing(approvals_channel=APPROVALS, audit_channel=AUDIT, message_seconds=0.0)
        drawing = Drawing(catalogues=load(), catalogue=desk.catalogue, language="en")
        outbox = Outbox(desk=desk, mailer=mailer, drawing=drawing, owner="worker-1", pacing=pacing)
        yield Post(desk=desk, outbox=outbox, slack=slack, client=client, clock=clock)


def _desk(database: Database, clock: ShiftedClock, client_for: Callable[[str], Any], reads: Any, orders: Any) -> Desk:
    async def token() -> str:
        return "t"

    ids, catalogue = RandomIds(), load_default()
    return Desk(
        database=database,
        service=EligibilityClient(
            session=reads,
            orders=orders,
            base_url="http://127.0.0.1:9",
            token_source=token,
            catalogue=catalogue,
            clock=clock,
            ids=ids,
        ),
        directory=open_directory(people=SlackPeople(client_for=client_for), sources=[], clock=clock),
        catalogue=catalogue,
        policies=Policy,
        clock=clock,
        ids=ids,
        config=DeskConfig(approvals_channel=APPROVALS, audit_channel=AUDIT, language="en", service_is_embedded=True),
    )
