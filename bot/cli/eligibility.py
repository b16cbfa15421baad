"""`eligibility`: the eligibility service alone, on its own database."""

from typing import Annotated

import typer

from bot.bootstrap.embedded import open_book, serving_book
from bot.cli.running import forever, load_settings, run
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from bot.settings import Settings
from bot.web.server import bind

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on; 0 lets the system choose.", min=0, max=65535)]


def eligibility(host: Host = "127.0.0.1", port: Port = 8100) -> None:
    """Run the eligibility service alone. It asks for ELIGIBILITY_TOKEN; its document is at /openapi.json."""
    settings = load_settings()
    run(lambda: _serve(settings, host=host, port=port))


async def _serve(settings: Settings, *, host: str, port: int) -> None:
    settings.require("eligibility_token")
    token = settings.eligibility_token.get_secret_value() if settings.eligibility_token is not None else ""
    listening = bind(host=host, port=port)
    async with (
        open_book(settings) as book,
        serving_book(settings, book=book, token=token, clock=SystemClock(), ids=RandomIds(), on=listening) as address,
    ):
        typer.echo(f"The eligibility service is at {address}/v1")
        await forever()
