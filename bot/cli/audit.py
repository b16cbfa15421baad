"""`audit`: is the trail whole?"""

from typing import Annotated

import typer

from bot.bootstrap.parts import open_database
from bot.cli.running import fail, load_settings, run
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from bot.settings import Settings
from storage.records import AuditHead, VerifyReport

Expected = Annotated[
    str | None,
    typer.Option(
        help="A head that was noted before, as `audit head` prints it (TEAM:NUMBER:HASH): finds a trail cut off since."
    ),
]


def new_app() -> typer.Typer:
    """The commands about the audit trail."""
    app = typer.Typer(help="The audit trail: its end, and whether it is whole.", no_args_is_help=True)
    app.command("verify")(verify)
    app.command("head")(head)
    return app


def verify(expected: Expected = None) -> None:
    """Check every entry of every workspace's chain against AUDIT_KEY. Ends with 1 if anything was edited."""
    settings = load_settings()
    run(lambda: _verify(settings, _parse(expected)))


def head() -> None:
    """Print the end of each workspace's chain (TEAM:NUMBER:HASH), to be noted elsewhere."""
    settings = load_settings()
    run(lambda: _head(settings))


async def _verify(settings: Settings, expected: AuditHead | None) -> None:
    sound = True
    async with open_database(settings, clock=SystemClock(), ids=RandomIds()) as database, database.read() as tx:
        teams = await tx.audit.teams()
        if expected is not None and expected.team_id not in teams:
            teams.append(expected.team_id)
        for team in teams:
            wanted = expected if expected is not None and expected.team_id == team else None
            report = await tx.audit.verify(team, expected=wanted)
            _tell(report)
            sound = sound and report.sound
    if not teams:
        typer.echo("There is no entry yet.")
    if not sound:
        raise typer.Exit(1)


def _tell(report: VerifyReport) -> None:
    if report.sound:
        typer.echo(f"{report.team_id}: {report.entries} entries, whole. Head {report.head.number}:{report.head.hash}")
        return
    typer.echo(f"{report.team_id}: {report.entries} entries, {report.fault_count} faults.", err=True)
    for fault in report.faults:
        span = f"{fault.number} to {fault.last}" if fault.last is not None else str(fault.number)
        typer.echo(f"  entry {span}: {fault.kind.value.replace('_', ' ')}", err=True)


async def _head(settings: Settings) -> None:
    async with open_database(settings, clock=SystemClock(), ids=RandomIds()) as database, database.read() as tx:
        for team in await tx.audit.teams():
            found = await tx.audit.head(team)
            typer.echo(f"{found.team_id}:{found.number}:{found.hash}")


def _parse(text: str | None) -> AuditHead | None:
    if text is None:
        return None
    team, _, rest = text.partition(":")
    number, _, digest = rest.partition(":")
    if not team or not number.isdigit() or not digest:
        fail("--expected wants TEAM:NUMBER:HASH, as `upgrade-desk audit head` prints it.", code=2)
    return AuditHead(team_id=team, number=int(number), hash=digest)
