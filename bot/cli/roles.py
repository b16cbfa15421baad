"""`roles`: the partner roles that are granted by hand, and who is who, in the database, with who and when."""

from typing import Annotated

import typer

from bot.bootstrap.parts import open_database
from bot.cli.links import link, links, unlink
from bot.cli.operator import login_name, workspace_of
from bot.cli.people import Team, User, settings_for
from bot.cli.running import fail, load_settings, run
from bot.desk.roles import grant_role, list_roles, revoke_role
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from bot.settings import Settings

Role = Annotated[PartnerRole, typer.Argument(help="The partner role.")]


def new_app() -> typer.Typer:
    """The commands about role grants."""
    app = typer.Typer(
        help="Partner roles granted by hand, and Slack users linked to Microsoft users by hand.", no_args_is_help=True
    )
    app.command("grant")(grant)
    app.command("revoke")(revoke)
    app.command("list")(list_)
    app.command("link")(link)
    app.command("unlink")(unlink)
    app.command("links")(links)
    return app


def grant(user: User, role: Role, team: Team = None) -> None:
    """Give a partner role to somebody. It holds from their next press on."""
    settings = settings_for(user, team)
    run(lambda: _change(settings, user=user, role=role, team=team, give=True))


def revoke(user: User, role: Role, team: Team = None) -> None:
    """Take a partner role from somebody. It ends with their next press."""
    settings = settings_for(user, team)
    run(lambda: _change(settings, user=user, role=role, team=team, give=False))


def list_() -> None:
    """List every grant: workspace, user, role, by whom and when."""
    settings = load_settings()
    run(lambda: _list(settings))


async def _change(settings: Settings, *, user: str, role: PartnerRole, team: str | None, give: bool) -> None:
    actor = Actor(team_id=await workspace_of(settings, team), user_id=user)
    async with open_database(settings, clock=SystemClock(), ids=RandomIds()) as database:
        act = grant_role if give else revoke_role
        done = await act(database, actor=actor, role=role, by=login_name())
    if give:
        typer.echo(f"{user} in {actor.team_id} {'has' if done else 'already had'} the role {role.value}.")
    elif done:
        typer.echo(f"{user} in {actor.team_id} no longer has the role {role.value}.")
    else:
        fail(f"{user} in {actor.team_id} does not have the role {role.value} by grant.")


async def _list(settings: Settings) -> None:
    async with open_database(settings, clock=SystemClock(), ids=RandomIds()) as database:
        grants = await list_roles(database)
    for each in grants:
        typer.echo(f"{each.team_id}  {each.user_id}  {each.role.value:15}  {each.at:%Y-%m-%d %H:%M} UTC  {each.by}")
    if not grants:
        typer.echo("Nobody has a role by grant.", err=True)
