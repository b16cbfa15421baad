"""Who may reach a list of accounts: whoever asked for the change, and whoever holds the list now."""

from dataclasses import dataclass

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.reasons import Why
from bot.desk.results import Admission
from bot.desk.trail import refusal_entry, refuse
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.changes import Change
from bot.domain.errors import ChangeUnknown, Refused
from bot.domain.people import Caller, Person
from bot.domain.policy import Action
from storage.follow_up_records import Account, FollowUpList


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUps:
    """The accounts that need work after an upgrade, for its asker and for whoever holds the list.

    `work` None: nothing had to be done. `accounts` is empty once the names were deleted.
    """

    change: Change
    person: Person
    work: FollowUpList | None
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Somebody who may: with the change, and the list as it was a moment ago."""

    caller: Caller
    admission: Admission
    change: Change
    work: FollowUpList | None
    tried: AuditName

    def entry(self, **data: str | int | bool | None) -> AuditEntry:
        """The entry of what they did. `data` holds ids and numbers: no name of an account enters the trail."""
        return AuditEntry(
            name=self.tried,
            verdict=AuditVerdict.DONE,
            team_id=self.caller.installed_team_id,
            actor=self.caller.actor,
            evidence=self.admission.evidence,
            rule=self.admission.verdict.rule,
            change_id=self.change.id,
            customer_id=self.change.facts.customer_id,
            data=data,
        )


async def reach(
    desk: Desk, *, caller: Caller, change_id: str, tried: AuditName, within: float | None = None
) -> Reached:
    """Let somebody at the list of a change. Raises ChangeUnknown, Refused and what `admit` raises, each audited.

    `within` seconds bound the asking (TimeoutError), where a press waits for its answer.
    """
    admission = await admit(desk, caller=caller, action=Action.LOOK, tried=tried, change_id=change_id, within=within)
    async with desk.database.read() as tx:
        change = await tx.changes.get(change_id)
        work = await tx.follow_ups.list_of(change_id)
    if change is None or change.team_id != caller.installed_team_id:
        raise ChangeUnknown
    if caller.actor != change.asker and (work is None or caller.actor != work.holder):
        error = Refused(Why.NOT_YOURS)
        entry = refusal_entry(error, caller=caller, tried=tried, admission=admission, change=change)
        await refuse(desk, error=error, entry=entry, within=within)
    return Reached(caller=caller, admission=admission, change=change, work=work, tried=tried)
