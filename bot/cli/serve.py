"""`serve` takes deliveries from Slack; `worker` submits, sends and watches the clock."""

import contextlib
from typing import Annotated, Final

import typer

from bot.bootstrap.application import bootstrap
from bot.bootstrap.embedded import with_embedded_service
from bot.cli.running import Leaving, forever, load_settings, run
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from bot.settings import Settings
from bot.settings_faults import SettingsError
from bot.web.app import Check
from bot.web.server import bind, serving

# What each way of running may take for finishing what it began, after the notice and beside closing the intake (7 s)
# and the socket (3 s): together less than the 25 s that a stop may last. A worker gives an order twice as long.
_DRAIN_SERVING: Final = 8.0
_DRAIN_ALL_IN_ONE: Final = 4.0
_DRAIN_WORKING: Final = 15.0

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on; 0 lets the system choose.", min=0, max=65535)]
AllInOne = Annotated[
    bool,
    typer.Option(
        "--all-in-one",
        help="Migrate, work and, without ELIGIBILITY_URL, run the embedded eligibility service in this process too.",
    ),
]


def serve(host: Host = "127.0.0.1", port: Port = 8000, *, all_in_one: AllInOne = False) -> None:
    """Take deliveries from Slack: by Socket Mode with SLACK_APP_TOKEN, by HTTP with SLACK_SIGNING_SECRET."""
    settings = load_settings()
    run(lambda: _serve(settings, host=host, port=port, all_in_one=all_in_one))


def worker() -> None:
    """Submit approved changes, send cards and messages, and watch the clock. Many may run beside each other."""
    settings = load_settings()
    run(lambda: _work(settings))


async def _serve(settings: Settings, *, host: str, port: int, all_in_one: bool) -> None:
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        raise SettingsError(
            ["Neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is set: Slack cannot reach us."]
        )
    listening = bind(host=host, port=port)
    clock, ids = SystemClock(), RandomIds()
    with contextlib.closing(listening):
        async with contextlib.AsyncExitStack() as stack:
            if all_in_one:
                settings = await stack.enter_async_context(with_embedded_service(settings, clock=clock, ids=ids))
            drain = _DRAIN_ALL_IN_ONE if all_in_one else _DRAIN_SERVING
            app = await stack.enter_async_context(bootstrap(settings, clock=clock, ids=ids, drain=drain))
            leaving = Leaving()
            checks: dict[str, Check] = {"taking_in": leaving.not_yet}
            if all_in_one:
                await stack.enter_async_context(app.worker.running())
                checks["worker"] = app.worker.alive
            checks |= await stack.enter_async_context(app.receiving())
            await stack.enter_async_context(serving(app.web(checks), on=listening))
            async with leaving.told_first():
                await forever()


async def _work(settings: Settings) -> None:
    async with bootstrap(settings, drain=_DRAIN_WORKING) as app, app.worker.running():
        await forever()
