"""`audit export`: the trail as a file, streamed."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from bot.bootstrap.parts import open_database
from bot.cli.running import fail, load_settings, run
from bot.desk.naming import tenant_id
from bot.desk.trail_export import ExportFormat, Selection, export
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from bot.settings import Settings

Form = Annotated[ExportFormat, typer.Option("--format", help="JSON lines, or CSV with a header row; both in UTF-8.")]
Since = Annotated[
    str | None, typer.Option(help="The first day or instant: 2026-03-01, 2026-03-01T08:00Z. Without a zone it is UTC.")
]
Until = Annotated[str | None, typer.Option(help="The day or instant before which it ends, in the same form.")]
Customer = Annotated[str | None, typer.Option(help="Entries about one customer only: the tenant id.")]
Workspace = Annotated[str | None, typer.Option(help="The id of one workspace (T...); else all.")]
Output = Annotated[Path | None, typer.Option(help="The file to write, readable by you alone; else standard output.")]


def export_trail(
    form: Form = ExportFormat.JSONL,
    since: Since = None,
    until: Until = None,
    customer: Customer = None,
    team: Workspace = None,
    output: Output = None,
) -> None:
    """Write the trail as a file, oldest entry first. The columns are in docs/audit.md."""
    settings = load_settings()
    selection = Selection(
        team_ids=() if team is None else (team,),
        since=_instant(since, "--since"),
        until=_instant(until, "--until"),
        customer_id=None if customer is None else tenant_id(customer) or customer,
    )
    run(lambda: _export(settings, selection, form, output))


async def _export(settings: Settings, selection: Selection, form: ExportFormat, output: Path | None) -> None:
    async with open_database(settings, clock=SystemClock(), ids=RandomIds()) as database:
        if not selection.team_ids:
            async with database.read() as tx:
                teams = await tx.audit.teams()
            selection = Selection(
                team_ids=teams, since=selection.since, until=selection.until, customer_id=selection.customer_id
            )
        pieces = export(database, selection, form)
        if output is None:
            await _to_standard_output(pieces)
        else:
            await _to_file(pieces, output)


async def _to_standard_output(pieces: AsyncIterator[bytes]) -> None:
    try:
        async for piece in pieces:
            await asyncio.to_thread(_write, sys.stdout.buffer, piece)
    except BrokenPipeError:
        # Whoever reads has had enough (`| head`). What Python would flush at its end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _to_file(pieces: AsyncIterator[bytes], output: Path) -> None:
    """Whole or not at all: written beside its place, then moved there."""
    try:
        handle, name = await asyncio.to_thread(tempfile.mkstemp, dir=output.parent, prefix=f".{output.name}.")
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror}.")
    try:
        with os.fdopen(handle, "wb") as file:
            async for piece in pieces:
                await asyncio.to_thread(_write, file, piece)
        await asyncio.to_thread(os.replace, name, output)
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror}.")
    finally:
        Path(name).unlink(missing_ok=True)  # noqa: ASYNC240 - the command does nothing else meanwhile


def _write(file: BinaryIO, piece: bytes) -> None:
    file.write(piece)
    file.flush()


def _instant(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        fail(f"{option} wants a day or an instant, such as 2026-03-01 or 2026-03-01T08:00Z.", code=2)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
