"""A world in which all is well for `doctor`, and the gaps that tests make in it on purpose."""

import dataclasses
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, text

from bot.bootstrap.demo_graph import DemoGraph, serving_graph
from bot.bootstrap.manifest import MANIFEST
from bot.cli.doctor.finding import Finding, State
from bot.cli.doctor.run import examine
from bot.desk.roles import grant_role
from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from bot.settings import Settings
from bot.workspace.config import Channel
from bot.workspace.manifest import load_manifest
from bot.workspace.sample import APPROVALS, AUDIT, PEOPLE, TEAM, sample_config
from storage.database import Database
from storage.engines import database_url as parsed_url
from tests.support.service import TOKEN, RunningService, customer, running_service
from tests.support.workspace_client import running_workspace

AUDIT_KEY: Final = "k" * 40
NO_GRAPH: Final[dict[str, Any]] = {
    "graph_tenant_id": None,
    "graph_client_id": None,
    "graph_client_secret": None,
    "graph_groups": {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctored:
    """A sound world. `settings` are what the doctor is given; `examine` changes some of them first."""

    settings: dict[str, Any]
    graph: DemoGraph
    service: RunningService
    clock: ShiftedClock

    async def examine(self, *, all_in_one: bool = False, seconds: float = 15.0, **given: Any) -> list[Finding]:
        """Every finding."""
        return await examine(
            Settings.load(**(self.settings | given)),
            clock=self.clock,
            ids=RandomIds(),
            all_in_one=all_in_one,
            graph_sign_in=self.graph.sign_in,
            seconds=seconds,
        )

    async def faults(self, **given: Any) -> list[str]:
        """The faults as `group: sentence`; each has a fix."""
        found = [each for each in await self.examine(**given) if each.state is State.FAULT]
        assert all(each.fix for each in found)
        return [f"{each.group}: {each.says}" for each in found]


def tampered(database_url: str, statement: str) -> None:
    """Change the schema behind the program's back."""
    parsed = parsed_url(database_url)
    driver = "sqlite" if parsed.drivername == "sqlite" else "postgresql+psycopg"
    engine = create_engine(parsed.set(drivername=driver))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@asynccontextmanager
async def sound_world(
    folder: Path,
    database_url: str,
    *,
    without: Sequence[str] = (),
    channels: Sequence[Channel] = (),
    granted: Sequence[PartnerRole] = (PartnerRole.SALES_AGENT,),
) -> AsyncIterator[Doctored]:
    """Workspace, service, tenant and database as they should be. `without`: scopes that the bot was not given."""
    clock, ids = ShiftedClock(), RandomIds()
    config = sample_config(manifest=load_manifest(MANIFEST), bot_token="xoxb-1", app_token="xapp-1")
    manifest = dataclasses.replace(config.manifest, scopes=config.manifest.scopes - set(without))
    config = dataclasses.replace(config, manifest=manifest, channels=(*config.channels, *channels))
    async with (
        serving_graph(config) as graph,
        running_workspace(config=config, clock=clock, ids=ids) as slack,
        running_service(folder, clock=clock, ids=ids, customers=[customer("Contoso GmbH")]) as service,
    ):
        database = Database(database_url, clock=clock, ids=ids, audit_key=AUDIT_KEY.encode())
        await database.open()
        for role in granted:
            await grant_role(database, actor=Actor(team_id=TEAM.id, user_id=PEOPLE[role]), role=role, by="test")
        await database.close()
        settings = {
            "slack_api_url": slack.api_url,
            "slack_bot_token": "xoxb-1",
            "slack_app_token": "xapp-1",
            "slack_signing_secret": None,
            "database_url": database_url,
            "eligibility_url": service.url,
            "eligibility_token": TOKEN,
            "audit_key": AUDIT_KEY,
            "audit_channel": AUDIT,
            "approvals_channel": APPROVALS,
            "policy_file": None,
            "catalogue_file": None,
        }
        yield Doctored(settings=settings | graph.settings, graph=graph, service=service, clock=clock)
