"""`book`: the customers and subscriptions that the embedded eligibility service holds."""

from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap.parts import read_catalogue
from bot.cli.running import fail, load_settings, run
from bot.domain.clock import SystemClock
from bot.eligibility.importing import BookRefused, import_book
from bot.settings import Settings
from storage.book.book import Book
from storage.book.generations import ImportRunning
from storage.book.schema import BookSchemaError


def new_app() -> typer.Typer:
    """The commands about the book."""
    app = typer.Typer(help="The book of the embedded eligibility service.", no_args_is_help=True)
    app.callback()(_group)
    app.command("import")(import_)
    return app


def _group() -> None:
    """Keep `import` a command of its own: Typer would merge an only command into its group."""


def import_(
    file: Annotated[Path, typer.Argument(help="The book file (JSON).", exists=True, dir_okay=False, readable=True)],
) -> None:
    """Load a book, all or nothing; the service goes on meanwhile. Names the line and field of each fault."""
    settings = load_settings()
    run(lambda: _import(settings, file))


async def _import(settings: Settings, file: Path) -> None:
    catalogue = read_catalogue(settings)
    try:
        async with Book.at(settings.eligibility_database) as book:
            report = await import_book(file=file, book=book, catalogue=catalogue, clock=SystemClock())
    except BookRefused as error:
        fail(f"Nothing was imported from {file}:\n{error}")
    except ImportRunning:
        fail("Another import is running; wait until it has ended.")
    except BookSchemaError as error:
        fail(f"{error}.")
    typer.echo(
        f"Imported {report.customers} customers, {report.subscriptions} subscriptions and {report.users} users "
        f"in {report.seconds:.1f} s."
    )
    if report.kept:
        typer.echo(f"{len(report.kept)} customers were changed meanwhile and stayed as they are.")
