"""`demo`: everything on this machine, with a page to try it on."""

from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import logs
from bot.bootstrap.demo import running_demo
from bot.bootstrap.demo_files import DemoFolder
from bot.cli.running import forever, run

Port = Annotated[int, typer.Option(help="The port of the page.", min=0, max=65535)]
Folder = Annotated[Path, typer.Option(help="Where the demo keeps its data.", file_okay=False)]


def demo(port: Port = 3999, folder: Folder = Path(".demo")) -> None:
    """Start a local Slack, the eligibility service with a sample book, and the bot; nothing is really ordered."""
    logs.configure(level="WARNING", form="console")
    run(lambda: _demo(port=port, folder=folder))


async def _demo(*, port: int, folder: Path) -> None:
    async with running_demo(port=port, folder=DemoFolder(folder)) as running:
        typer.echo(f"Upgrade Desk is ready: open {running.address}")
        typer.echo("Press Ctrl-C to stop. What you did is kept; `rm -rf .demo` begins anew.")
        await forever()
