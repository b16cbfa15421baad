"""The application: every part, wired once. Tests, the demo and the commands all come through here."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, cast

import aiohttp
import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.bootstrap.bolt import Identity, check_app_token, identify, new_bolt_app, new_client
from bot.bootstrap.parts import fixed_token, open_database, read_catalogue, read_policy, service_sessions
from bot.bootstrap.proxies import SlackSession, new_session
from bot.bootstrap.role_sources import open_role_sources
from bot.bootstrap.socket_mode import SocketMode
from bot.bootstrap.tuning import Tuning, desk_config
from bot.desk.desk import Desk
from bot.desk.directory_age import directory_age
from bot.desk.outbox_state import outbox_state
from bot.directory.directory import open_directory
from bot.directory.slack_people import SlackPeople
from bot.domain.clock import Clock, SystemClock
from bot.domain.ids import Ids, RandomIds
from bot.eligibility.breaker import Health
from bot.eligibility.client import EligibilityClient
from bot.locales import load as load_locales
from bot.settings import Settings
from bot.settings_faults import SettingsError
from bot.web.app import Check, WebApp
from bot.web.dispatch import Dispatch
from bot.web.intake import Intake
from bot.web.metrics import Metrics
from bot.worker.drawing import Drawing
from bot.worker.worker import Worker
from handlers.registration import register
from handlers.runtime import Runtime

NEEDED: Final = ("slack_bot_token", "eligibility_url", "eligibility_token", "audit_key", "audit_channel")
DRAIN_SECONDS: Final = 8.0
SERVICE_TITLE: Final = "Upgrade Desk eligibility service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The parts, open. `receiving` takes deliveries; `worker.running()` works; both may run in one process."""

    settings: Settings
    identity: Identity
    client: AsyncWebClient
    desk: Desk
    runtime: Runtime
    bolt: AsyncApp
    dispatch: Dispatch
    metrics: Metrics
    worker: Worker
    drain: float

    @contextlib.asynccontextmanager
    async def receiving(self) -> AsyncIterator[dict[str, Check]]:
        """Take deliveries by Socket Mode if there is an app token; then finish what they began.

        Yields the checks for readiness. Signed HTTP is `web`'s, beside it or alone.
        """
        try:
            if self.settings.slack_app_token is None:
                yield {}
                return
            token = self.settings.slack_app_token.get_secret_value()
            await check_app_token(self.client, app_token=token)
            connection = SocketMode(client=self.client, app_token=token, dispatch=self.dispatch)
            try:
                async with connection.open():
                    yield {"socket": connection.connected}
            except TimeoutError:
                sentence = (
                    "Slack gave an address for Socket Mode, but no connection came about. Check the proxy settings."
                )
                raise SettingsError([sentence]) from None
        finally:
            late = await self.runtime.drain(timeout=self.drain)
            if late:
                structlog.get_logger(__name__).warning("work_cancelled", count=late)

    def web(self, checks: dict[str, Check]) -> WebApp:
        """The ASGI application: the intake if there is a signing secret, health with `checks`, figures."""
        secret = self.settings.slack_signing_secret
        intake = None
        if secret is not None:
            intake = Intake(
                secret=secret.get_secret_value(), dispatch=self.dispatch, clock=self.desk.clock, metrics=self.metrics
            )
        return WebApp(
            intake=intake,
            checks={"database": self.database_answers} | checks,
            metrics=self.metrics,
            details={"eligibility_service": lambda: self.desk.service.breaker.health.value},
        )

    async def database_answers(self) -> bool:
        """Whether the database can be read."""
        async with self.desk.database.read() as tx:
            await tx.switches.stopped()
        return True


@contextlib.asynccontextmanager
async def bootstrap(
    settings: Settings,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    service_is_embedded: bool | None = None,
    drain: float = DRAIN_SECONDS,
    tuning: Tuning | None = None,
    graph_sign_in: Any = None,
) -> AsyncIterator[Application]:
    """Open every part; leaving the context closes them all. Raises SettingsError before anything is served.

    `service_is_embedded` None asks the service itself: only ours says that it is Upgrade Desk's. `drain`:
    seconds that work which was begun has to come to its end, after the ack and in the worker each. `tuning`: other
    bounds than those of a real desk, for tests. `graph_sign_in`: what fetches Microsoft's tokens, for a stand-in.
    """
    settings.require(*NEEDED)
    clock, ids, tuning = clock or SystemClock(), ids or RandomIds(), tuning or Tuning()
    catalogue, policies = read_catalogue(settings), read_policy(settings, clock=clock)
    url, channel = settings.eligibility_url or "", settings.audit_channel or ""
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(new_session())
        client = new_client(session=session, api_url=settings.slack_api_url, token=_bot_token(settings))
        identity = await identify(client)
        database = await stack.enter_async_context(open_database(settings, clock=clock, ids=ids))
        reads, orders = await stack.enter_async_context(service_sessions(url))

        async def client_for(_team_id: str) -> AsyncWebClient:
            return client

        sources = await stack.enter_async_context(
            open_role_sources(
                settings,
                database=database,
                client_for=client_for,
                home_team_id=identity.team_id,
                clock=clock,
                sign_in=graph_sign_in,
            )
        )
        wake = _Wake()
        desk = Desk(
            database=database,
            service=EligibilityClient(
                session=reads,
                orders=orders,
                base_url=url,
                token_source=fixed_token(settings),
                catalogue=catalogue,
                clock=clock,
                ids=ids,
                limits=tuning.limits,
            ),
            directory=open_directory(
                people=SlackPeople(client_for=client_for),
                sources=sources,
                clock=clock,
                teams=settings.allowed_teams or frozenset({identity.team_id}),
                people_seconds=tuning.people_seconds,
            ),
            catalogue=catalogue,
            policies=policies,
            clock=clock,
            ids=ids,
            config=desk_config(
                settings,
                channel=channel,
                embedded=await is_embedded(reads, url) if service_is_embedded is None else service_is_embedded,
                tuning=tuning,
            ),
            wake=wake,
        )
        locales = load_locales()
        worker = Worker(
            desk=desk,
            client_for=client_for,
            drawing=Drawing(catalogues=locales, catalogue=catalogue, language=settings.language),
            owner=f"{socket.gethostname()}:{os.getpid()}:{ids.reference()}",
            drain=drain,
            message_seconds=tuning.message_seconds,
        )
        wake.worker = worker
        # What the handlers use of a session is `post` and `request`; this one chooses the proxy by the address.
        http = cast("aiohttp.ClientSession", SlackSession(session))
        runtime = Runtime(catalogues=locales, language=settings.language, http=http, ids=ids)
        bolt, metrics = new_bolt_app(client=client, identity=identity), Metrics()
        metrics.pending.set_function(lambda: runtime.busy)
        breaker = desk.service.breaker
        metrics.service_rests(lambda: breaker.health is Health.RESTING, lambda: breaker.opened)
        metrics.outbox(lambda: outbox_state(desk.database))
        metrics.directory(lambda: directory_age(desk))
        register(bolt, desk, runtime)
        yield Application(
            settings=settings,
            identity=identity,
            client=client,
            desk=desk,
            runtime=runtime,
            bolt=bolt,
            dispatch=Dispatch(app=bolt, clock=clock, metrics=metrics),
            metrics=metrics,
            worker=worker,
            drain=drain,
        )


class _Wake:
    """Desk and worker need each other; the worker comes last. In a process without loops a call changes nothing."""

    worker: Worker | None = None

    def __call__(self) -> None:
        if self.worker is not None:
            self.worker.wake()


def _bot_token(settings: Settings) -> str:
    return settings.slack_bot_token.get_secret_value() if settings.slack_bot_token is not None else ""


async def is_embedded(session: aiohttp.ClientSession, url: str, *, tries: int = 5) -> bool:
    """Whether our own service answers at `url`: its OpenAPI document says so. Where nobody answers in 5 s: no."""
    for left in reversed(range(tries)):
        try:
            async with (
                asyncio.timeout(2.0),
                session.get(f"{url.removesuffix('/v1')}/openapi.json", allow_redirects=False) as answer,
            ):
                document = await answer.json() if answer.status == HTTPStatus.OK else None
        except (aiohttp.ClientConnectionError, TimeoutError):
            if left:
                await asyncio.sleep(1.0)
            continue
        except (aiohttp.ClientError, ValueError):
            return False
        return isinstance(document, dict) and document.get("info", {}).get("title") == SERVICE_TITLE
    structlog.get_logger(__name__).warning("service_unreachable_at_start", mode="read_only")
    return False
