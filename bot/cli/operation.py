"""`stop` and `resume`: the operator's switch over everything that has not been sent."""

import typer

from bot.bootstrap.parts import open_database
from bot.cli.operator import login_name
from bot.cli.running import load_settings, run
from bot.desk.stopping import is_stopped, resume_orders, stop_orders
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from bot.settings import Settings
from storage.database import Database


def stop() -> None:
    """Halt every change that has not been sent, until `resume`. What was sent stays sent; looking goes on."""
    settings = load_settings()
    run(lambda: _stop(settings))


def resume() -> None:
    """Go on with what `stop` halted."""
    settings = load_settings()
    run(lambda: _resume(settings))


async def _stop(settings: Settings) -> None:
    async with open_database(settings, clock=SystemClock(), ids=RandomIds()) as database:
        stopped = await stop_orders(database, team_ids=await _teams(database), by=login_name())
        switch = await is_stopped(database)
    since = f" by {switch.by} since {switch.at:%Y-%m-%d %H:%M} UTC" if switch is not None else ""
    typer.echo(f"{'Stopped' if stopped else 'It was stopped already'}{since}. Nothing more is sent until `resume`.")


async def _resume(settings: Settings) -> None:
    async with open_database(settings, clock=SystemClock(), ids=RandomIds()) as database:
        resumed = await resume_orders(database, team_ids=await _teams(database), by=login_name())
    typer.echo("Orders go on." if resumed else "It was not stopped; nothing has changed.")


async def _teams(database: Database) -> tuple[str, ...]:
    """Every workspace the database knows of: the switch must work while Slack does not."""
    async with database.read() as tx:
        return tuple(sorted({*await tx.audit.teams(), *(grant.team_id for grant in await tx.grants.all())}))
