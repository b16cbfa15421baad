"""`migrate` brings the desk's database to this version."""

import typer

from bot.cli.running import load_settings
from storage import migrate as migrations


def migrate() -> None:
    """Bring the database of DATABASE_URL to this version; run it before `serve` and `worker` of a new release."""
    settings = load_settings()
    migrations.upgrade(settings.database_url)
    typer.echo("The database is at the version of this program.")
