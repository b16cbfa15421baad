"""`audit forget`: delete what people typed about a change."""

from typing import Annotated

import typer

from bot.bootstrap.parts import open_database
from bot.cli.operator import login_name, workspace_of
from bot.cli.people import Team
from bot.cli.running import fail, load_settings, run
from bot.desk.forget import forget
from bot.domain.clock import SystemClock
from bot.domain.errors import ChangeUnknown, Clash
from bot.domain.ids import RandomIds
from bot.settings import Settings

Number = Annotated[str, typer.Argument(help="The change's number, as its card shows it.")]


def forget_text(change: Number, team: Team = None) -> None:
    """Delete reasons, tickets and names of accounts of one change, for good. The trail stays whole and says so."""
    settings = load_settings()
    run(lambda: _forget(settings, change, team))


async def _forget(settings: Settings, number: str, team: str | None) -> None:
    team_id = await workspace_of(settings, team)
    async with open_database(settings, clock=SystemClock(), ids=RandomIds()) as database:
        try:
            gone = await forget(database, ids=RandomIds(), team_id=team_id, number=number, by=login_name())
        except ChangeUnknown:
            fail(f"There is no change {number} in {team_id}.")
        except Clash:
            fail(f"The change {number} is still open: whoever decides has to know the reason. Forget it afterwards.")
    typer.echo(
        f"Deleted: texts in the trail {gone.texts}, notes {gone.notes}, names of accounts {gone.accounts}. "
        "The card is drawn anew; delete the replies in its thread and the direct messages in Slack by hand."
    )
