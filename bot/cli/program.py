"""The command line, put together."""

from collections.abc import Sequence

import typer

from bot.cli.audit import new_app as audit
from bot.cli.book import new_app as book
from bot.cli.demo import demo
from bot.cli.doctor.command import doctor
from bot.cli.eligibility import eligibility
from bot.cli.migrate import migrate
from bot.cli.operation import resume, stop
from bot.cli.policy import new_app as policy
from bot.cli.roles import new_app as roles
from bot.cli.running import WRONG_SETTINGS
from bot.cli.serve import serve, worker
from bot.settings_faults import SettingsError


def new_app() -> typer.Typer:
    """Every command. Built when it is run: nothing is built at import time."""
    app = typer.Typer(
        help="Upgrade Desk: see which licence upgrades a customer may have, order one exactly once, keep the trail.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.command("demo")(demo)
    app.command("serve")(serve)
    app.command("worker")(worker)
    app.command("eligibility")(eligibility)
    app.command("migrate")(migrate)
    app.command("doctor")(doctor)
    app.command("stop")(stop)
    app.command("resume")(resume)
    app.add_typer(roles(), name="roles")
    app.add_typer(policy(), name="policy")
    app.add_typer(audit(), name="audit")
    app.add_typer(book(), name="book")
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0, 1 for what failed, 2 for wrong settings or arguments."""
    try:
        new_app()(args=None if arguments is None else list(arguments), prog_name="upgrade-desk")
    except SettingsError as error:
        typer.echo("\n".join(error.faults), err=True)
        return WRONG_SETTINGS
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
