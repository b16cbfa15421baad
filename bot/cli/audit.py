"""`audit`: is the trail whole? What belongs to taking it away stands in files of its own."""

import re
from dataclasses import dataclass
from typing import Annotated, Final

import typer

from bot.bootstrap.parts import open_database
from bot.cli.audit_export import export_trail
from bot.cli.audit_forget import forget_text
from bot.cli.running import fail, load_settings, run
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from bot.settings import Settings
from storage.database import Transaction
from storage.records import VerifyReport

Expected = Annotated[
    list[str] | None,
    typer.Option(
        "--expect-head",
        "--expected",
        help="An entry that was noted elsewhere: TEAM:NUMBER:HASH as `audit head` prints it, or NUMBER:HASH as the "
        "messages in the audit channel carry it. Finds a trail whose end was cut off since. May be repeated.",
    ),
]
_SHORTEST: Final = 12
"""Hex digits of a noted hash that are enough: without the key nobody makes an entry that begins so."""
_HEX: Final = re.compile(rf"[0-9a-f]{{{_SHORTEST},64}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Noted:
    """An entry as it was noted; without a workspace it is of the only one."""

    team_id: str | None
    number: int
    hash: str


def new_app() -> typer.Typer:
    """The commands about the audit trail."""
    app = typer.Typer(help="The audit trail: whether it is whole, its end, taking it away.", no_args_is_help=True)
    app.command("verify")(verify)
    app.command("head")(head)
    app.command("export")(export_trail)
    app.command("forget")(forget_text)
    return app


def verify(expect_head: Expected = None) -> None:
    """Check every entry of every workspace's chain against AUDIT_KEY. Ends with 1 if anything was edited."""
    settings = load_settings()
    noted = [_parse(each) for each in expect_head or ()]
    run(lambda: _verify(settings, noted))


def head() -> None:
    """Print the end of each workspace's chain (TEAM:NUMBER:HASH), to be noted elsewhere."""
    settings = load_settings()
    run(lambda: _head(settings))


async def _verify(settings: Settings, noted: list[_Noted]) -> None:
    sound = True
    async with open_database(settings, clock=SystemClock(), ids=RandomIds()) as database, database.read() as tx:
        teams = await tx.audit.teams()
        for each in noted:
            if each.team_id is None and len(teams) > 1:
                fail(f"There are several workspaces; write TEAM:{each.number}:{each.hash}.", code=2)
        wanted = {each.team_id for each in noted if each.team_id is not None}
        for team in sorted({*teams, *wanted}):
            checked = [each for each in noted if each.team_id in (team, None)]
            report = await tx.audit.verify(team)
            _tell(report)
            sound = sound and report.sound
            for each in checked:
                sound = await _compare(tx, team, each) and sound
    if not teams:
        typer.echo("There is no entry yet.")
        sound = sound and not noted
    if not sound:
        raise typer.Exit(1)


async def _compare(tx: Transaction, team_id: str, noted: _Noted) -> bool:
    """Whether an entry stands where it was noted. What cannot be compared is not in order."""
    row = await tx.audit.get(team_id, noted.number)
    if row is not None and row.hash.startswith(noted.hash):
        return True
    checkpoint = await tx.audit.checkpoint(team_id)
    if row is not None:
        sentence = "has another hash than was noted"
    elif checkpoint is not None and noted.number <= checkpoint.number:
        if noted.number == checkpoint.number and checkpoint.hash.startswith(noted.hash):
            return True
        sentence = f"cannot be compared: the trail was cut at {checkpoint.number}"
    else:
        sentence = "is missing: the end was cut off"
    typer.echo(f"{team_id}: entry {noted.number} {sentence}.", err=True)
    return False


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


def _parse(text: str) -> _Noted:
    *team, number, digest = text.strip().split(":") if text.count(":") in (1, 2) else ["", "", ""]
    digest = digest.lower()
    if not number.isdecimal() or not _HEX.fullmatch(digest) or team == [""]:
        fail(
            "--expect-head wants TEAM:NUMBER:HASH, as `upgrade-desk audit head` prints it, or NUMBER:HASH "
            f"({_SHORTEST} digits of the hash are enough).",
            code=2,
        )
    return _Noted(team_id=team[0] if team else None, number=int(number), hash=digest)
