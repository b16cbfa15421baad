"""`roles link`, `unlink`, `links`: which Microsoft user a Slack user is, where the e-mail does not say so."""

from typing import Annotated

import typer

from bot.bootstrap.parts import open_database
from bot.cli.operator import login_name, workspace_of
from bot.cli.people import Team, User, settings_for
from bot.cli.running import fail, load_settings, run
from bot.desk.identities import link_user, list_links, unlink_user
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from bot.domain.people import Actor
from bot.settings import Settings
from bot.settings_roles import OBJECT_ID

ObjectId = Annotated[str, typer.Argument(help="The object id of the user in Microsoft Entra.")]


def link(user: User, object_id: ObjectId, team: Team = None) -> None:
    """Say which Microsoft user somebody is. It goes before the match by e-mail, and holds within a minute."""
    if not OBJECT_ID.fullmatch(object_id):
        fail(f"{object_id} is no object id, such as 01234567-89ab-cdef-0123-456789abcdef.", code=2)
    settings = settings_for(user, team)
    run(lambda: _link(settings, user=user, object_id=object_id, team=team))


def unlink(user: User, team: Team = None) -> None:
    """Undo a link. The match by e-mail counts again within a minute."""
    settings = settings_for(user, team)
    run(lambda: _unlink(settings, user=user, team=team))


def links() -> None:
    """List every link: workspace, Slack user, Microsoft user, by whom and when."""
    settings = load_settings()
    run(lambda: _list(settings))


async def _link(settings: Settings, *, user: str, object_id: str, team: str | None) -> None:
    actor = Actor(team_id=await workspace_of(settings, team), user_id=user)
    async with open_database(settings, clock=SystemClock(), ids=RandomIds()) as database:
        linked = await link_user(database, actor=actor, object_id=object_id, by=login_name())
    if linked.object_id is not None:
        fail(f"{user} in {actor.team_id} is linked to {linked.object_id}. Run `roles unlink {user}` first.")
    if linked.user_id is not None:
        fail(
            f"{object_id} is linked to {linked.user_id} in {actor.team_id}: one Microsoft user cannot be two people. "
            f"Run `roles unlink {linked.user_id}` first."
        )
    typer.echo(f"{user} in {actor.team_id} {'is' if linked.done else 'was already'} linked to {object_id.lower()}.")


async def _unlink(settings: Settings, *, user: str, team: str | None) -> None:
    actor = Actor(team_id=await workspace_of(settings, team), user_id=user)
    async with open_database(settings, clock=SystemClock(), ids=RandomIds()) as database:
        done = await unlink_user(database, actor=actor, by=login_name())
    if not done:
        fail(f"{user} in {actor.team_id} is not linked.")
    typer.echo(f"{user} in {actor.team_id} is no longer linked.")


async def _list(settings: Settings) -> None:
    async with open_database(settings, clock=SystemClock(), ids=RandomIds()) as database:
        found = await list_links(database)
    for each in found:
        typer.echo(f"{each.team_id}  {each.user_id}  {each.object_id}  {each.at:%Y-%m-%d %H:%M} UTC  {each.by}")
    if not found:
        typer.echo("Nobody is linked by hand.", err=True)
