"""Where roles come from: each source asked once, each group looked up by its id."""

from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.bootstrap.role_sources import GRAPH_NEEDS, open_graph
from bot.cli.doctor.finding import Finding, fault, ok, unchecked
from bot.cli.doctor.ground import Ground
from bot.directory.directory import SourceUnreachable
from bot.directory.graph_client import GraphClient, GraphRefused
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from handlers.slack_code import slack_code

ROLES: Final = "roles"
_NOBODY: Final = "nobody@upgrade-desk.invalid"
_USERGROUP: Final = {
    "no_such_subteam": ("does not exist", "Check the id in USERGROUPS (in Slack: People, User groups, Copy group ID)."),
    "missing_scope": ("may not be read", "Add the scope usergroups:read, then install the app again."),
    "plan_upgrade_required": ("cannot be had: this Slack plan has no user groups", "Use grants or Microsoft Graph."),
}
_DENIED: Final = frozenset({401, 403})


class Holders:
    """Which roles somebody is known to hold, gathered while the sources are asked; people by (team, user)."""

    def __init__(self) -> None:
        self.by_role: dict[PartnerRole, set[Actor]] = {role: set() for role in PartnerRole}
        self.beyond: set[PartnerRole] = set()
        """Roles whose holders are there, but not known as Slack users."""

    def add(self, role: PartnerRole, actor: Actor) -> None:
        """Somebody holds a role."""
        self.by_role[role].add(actor)


async def check_user_groups(ground: Ground, holders: Holders) -> list[Finding]:
    """Each user group of the settings: there, and with members."""
    groups = ground.settings.usergroups
    if not groups:
        return []
    if ground.identity is None:
        return [unchecked(ROLES, "Slack user groups: Slack cannot be asked.")]
    found = []
    for group, role in groups.items():
        name = f"The Slack user group {group} ({role.value})"
        try:
            answer = await ground.client.usergroups_users_list(usergroup=group)
        except SlackApiError as error:
            code = slack_code(error)
            says, fix = _USERGROUP.get(code, (f"cannot be read ({code})", "Try again."))
            found.append(fault(ROLES, f"{name} {says}.", fix=fix))
            continue
        except (aiohttp.ClientError, OSError) as error:
            found.append(fault(ROLES, f"{name} cannot be read ({type(error).__name__}).", fix="Try again."))
            continue
        users = [str(each) for each in answer.get("users") or ()]
        for user in users:
            holders.add(role, Actor(team_id=ground.identity.team_id, user_id=user))
        found.append(ok(ROLES, f"{name} can be read: {len(users)} members."))
    return found


async def check_graph(ground: Ground, holders: Holders) -> list[Finding]:
    """Token, a look-up of a user, and each group of the settings."""
    settings = ground.settings
    if not settings.uses_graph:
        return []
    missing = [name.upper() for name in GRAPH_NEEDS if getattr(settings, name) is None]
    if missing:
        says = f"Microsoft Graph is half set: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing."
        return [fault(ROLES, says, fix="Set all of it, or none: without it the desk does not start.")]
    async with open_graph(settings, clock=ground.clock, sign_in=ground.graph_sign_in) as graph:
        try:
            await graph.token()
        except SourceUnreachable as error:
            says = f"Microsoft gives no token ({error})."
            fix = "Check GRAPH_TENANT_ID, GRAPH_CLIENT_ID, and whether GRAPH_CLIENT_SECRET has expired."
            return [fault(ROLES, says, fix=fix)]
        found = [ok(ROLES, "Microsoft gives a token for Graph.")]
        try:
            await graph.users_by_mail(_NOBODY)
            for group, role in settings.graph_groups.items():
                found.append(await _group(graph, group, role, holders))
        except SourceUnreachable as error:
            found.append(_unreadable(error))
    return found


async def _group(graph: GraphClient, group: str, role: PartnerRole, holders: Holders) -> Finding:
    has_members = await graph.has_members(group)
    name = f"The Microsoft group {group} ({role.value})"
    if has_members is None:
        return fault(ROLES, f"{name} does not exist in the tenant.", fix="Check its object id in GRAPH_GROUPS.")
    if has_members:
        holders.beyond.add(role)
    return ok(ROLES, f"{name} can be read and has {'members' if has_members else 'no members'}.")


def _unreadable(error: SourceUnreachable) -> Finding:
    if isinstance(error, GraphRefused) and error.status in _DENIED:
        fix = "Give the app registration the permissions of docs/roles.md (application), with admin consent."
        return fault(ROLES, f"Microsoft Graph refuses to be read ({error.status}).", fix=fix)
    return fault(
        ROLES,
        f"Microsoft Graph gives no usable answer ({str(error) or 'nonsense'}).",
        fix="Check GRAPH_URL and the proxies.",
    )
