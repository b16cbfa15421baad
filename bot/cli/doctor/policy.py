"""The policy: sound, and somebody there who could approve."""

import secrets
from typing import Final

from bot.cli.doctor.finding import Finding, fault, ok, unchecked
from bot.cli.doctor.ground import Ground
from bot.cli.doctor.sources import ROLES, Holders
from bot.desk.policies import read_policy
from bot.domain.people import Actor
from bot.domain.policy import Action, Policy
from bot.domain.policy_file import PolicyError
from storage.database import Database
from storage.errors import StorageError
from storage.records import Grant

POLICY: Final = "policy"


async def check_policy(ground: Ground, holders: Holders, *, sources_sound: bool) -> list[Finding]:
    """The file as it is now, then who could approve. `sources_sound`: every other source could be asked."""
    path = ground.settings.policy_file
    try:
        policy = read_policy(path) if path is not None else Policy()
    except PolicyError as error:
        return [fault(POLICY, f"{error}.", fix="Mend that line; until then nobody is let in.")]
    found = [ok(POLICY, f"The policy ({policy.source}) is sound.")]
    grants = await _grants(ground)
    if grants is None:
        return [*found, unchecked(ROLES, "Grants: the database cannot be read.")]
    found.append(ok(ROLES, f"Grants can be read: {len(grants)} of them in this workspace."))
    for each in grants:
        holders.add(each.role, Actor(team_id=each.team_id, user_id=each.user_id))
    return [*found, _approvers(policy, holders, sources_sound=sources_sound)]


def _approvers(policy: Policy, holders: Holders, *, sources_sound: bool) -> Finding:
    may = policy.actions[Action.APPROVE]
    known = frozenset[Actor]().union(*(holders.by_role[role] for role in may))
    needed = policy.approval.approvers
    names = ", ".join(sorted(role.value for role in may))
    if holders.beyond & may:
        return ok(POLICY, f"Somebody can approve: Microsoft's groups have members for {names}.")
    if len(known) >= needed:
        return ok(POLICY, f"Somebody can approve: {len(known)} known to hold one of {names}.")
    if not sources_sound:
        return unchecked(POLICY, "Whether somebody can approve: a source of roles cannot be asked.")
    says = f"The policy wants {needed} to approve, and {len(known)} are known to hold one of {names}."
    return fault(POLICY, says, fix="Grant the role: `upgrade-desk roles grant USER ROLE`.")


async def _grants(ground: Ground) -> list[Grant] | None:
    """The grants of the bot's own workspace; None where the database cannot be read."""
    key = secrets.token_bytes(32)  # grants are not chained: no key is needed to read them
    database = Database(ground.settings.database_url, clock=ground.clock, ids=ground.ids, audit_key=key)
    try:
        await database.open()
        try:
            async with database.read() as tx:
                grants = await tx.grants.all()
        finally:
            await database.close()
    except StorageError:
        return None
    home = ground.identity.team_id if ground.identity is not None else None
    return [each for each in grants if home is None or each.team_id == home]
