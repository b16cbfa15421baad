"""Show the accounts that need work after an upgrade: to its asker alone, and with a trace."""

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.reasons import Why
from bot.desk.results import FollowUps
from bot.desk.trail import refusal_entry, refuse
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.errors import ChangeUnknown, Refused
from bot.domain.people import Caller
from bot.domain.policy import Action


async def follow_ups(desk: Desk, *, caller: Caller, change_id: str) -> FollowUps:
    """The accounts of a change. Raises ChangeUnknown, Refused (not theirs, or no longer one of the roles)."""
    admission = await admit(
        desk, caller=caller, action=Action.LOOK, tried=AuditName.FOLLOW_UPS_READ, change_id=change_id
    )
    async with desk.database.read() as tx:
        change = await tx.changes.get(change_id)
    if change is None or change.team_id != caller.installed_team_id:
        raise ChangeUnknown
    if change.asker != caller.actor:
        error = Refused(Why.NOT_YOURS)
        entry = refusal_entry(
            error, caller=caller, tried=AuditName.FOLLOW_UPS_READ, admission=admission, change_id=change_id
        )
        await refuse(desk, error=error, entry=entry)
    async with desk.database.write() as tx:
        accounts = await tx.follow_ups.of(change_id)
        await tx.audit.append(
            AuditEntry(
                name=AuditName.FOLLOW_UPS_READ,
                verdict=AuditVerdict.DONE,
                team_id=caller.installed_team_id,
                actor=caller.actor,
                evidence=admission.evidence,
                rule=admission.verdict.rule,
                change_id=change_id,
                customer_id=change.facts.customer_id,
                data={"accounts": len(accounts)},
            )
        )
    return FollowUps(change=change, person=admission.person, accounts=tuple(accounts))
