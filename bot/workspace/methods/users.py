"""users.* and usergroups.* (facts/slack.md 5)."""

from typing import Any

from bot.workspace.config import Member
from bot.workspace.core import Workspace
from bot.workspace.methods.arguments import Arguments
from bot.workspace.methods.paging import page
from bot.workspace.refusals import SlackError
from bot.workspace.slackbot import SLACKBOT

EMAIL_SCOPE = "users:read.email"


def _user(workspace: Workspace, member: Member, arguments: Arguments) -> dict[str, Any]:
    return workspace.people.as_user(
        member,
        now=workspace.clock.now(),
        with_locale=arguments.flag("include_locale"),
        with_email=EMAIL_SCOPE in workspace.config.manifest.scopes,
    )


def info(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """users.info; a locale only with `include_locale`, never of somebody from another organisation."""
    user_id = arguments.need("user")
    if user_id == workspace.config.app.bot_user_id:
        return {"user": workspace.people.bot_user()}
    if user_id == SLACKBOT:
        return {"user": workspace.people.slackbot()}
    member = workspace.people.get(user_id)
    if member is None:
        raise SlackError("user_not_found")
    return {"user": _user(workspace, member, arguments)}


def lookup_by_email(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """users.lookupByEmail: active members of the own team."""
    email = arguments.need("email").lower()
    for member in workspace.people.all():
        if member.email.lower() == email and not member.external and not member.deleted:
            return {"user": _user(workspace, member, arguments)}
    raise SlackError("users_not_found")


def list_users(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """users.list, in pages."""
    people = [_user(workspace, member, arguments) for member in workspace.people.all()]
    everybody = [workspace.people.slackbot(), workspace.people.bot_user(), *people]
    members, cursor = page(everybody, arguments, default=1000)
    return {
        "members": members,
        "cache_ts": int(workspace.clock.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


def list_groups(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """usergroups.list."""
    groups = []
    for group in workspace.config.usergroups:
        shown: dict[str, Any] = {
            "id": group.id,
            "team_id": workspace.config.team.id,
            "is_usergroup": True,
            "name": group.name,
            "handle": group.handle,
            "is_external": False,
            "date_delete": 0,
        }
        if arguments.flag("include_users"):
            shown["users"] = list(group.users)
        if arguments.flag("include_count"):
            shown["user_count"] = len(group.users)
        groups.append(shown)
    return {"usergroups": groups}


def group_users(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """usergroups.users.list."""
    wanted = arguments.need("usergroup")
    for group in workspace.config.usergroups:
        if group.id == wanted:
            return {"users": list(group.users)}
    raise SlackError("no_such_subteam")
