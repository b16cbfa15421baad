"""Stop all orders from App Home, and go on: for those who may settle. What was sent stays sent; the rest waits."""

from bot.desk.admit import admit
from bot.desk.approval_results import Stopped
from bot.desk.desk import Desk
from bot.desk.results import Admission
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.people import Actor, Caller
from bot.domain.policy import Action
from storage.records import Switch


async def stop_all(desk: Desk, *, caller: Caller) -> Stopped:
    """Stop everything that was not sent, in every workspace, from this moment. Raises what `admit` raises.

    Was it stopped already, by whom and since when stays (`moved` is False).
    """
    return await _turn(desk, caller, AuditName.STOP_PRESS)


async def resume_all(desk: Desk, *, caller: Caller) -> Stopped:
    """Let orders go on, whoever stopped them. Raises what `admit` raises."""
    return await _turn(desk, caller, AuditName.RESUME_PRESS)


def thrown_by(switch: Switch) -> Actor | None:
    """Who stopped the orders from App Home; None where an operator did, whose login name `switch.by` is."""
    team, slash, user = switch.by.partition("/")
    return Actor(team_id=team, user_id=user) if slash and team and user else None


async def _turn(desk: Desk, caller: Caller, tried: AuditName) -> Stopped:
    admission = await admit(desk, caller=caller, action=Action.SETTLE, tried=tried)
    by = f"{caller.actor.team_id}/{caller.actor.user_id}"
    async with desk.database.write() as tx:
        stop = tried is AuditName.STOP_PRESS
        moved = await (tx.switches.stop(by) if stop else tx.switches.resume(by))
        switch = await tx.switches.stopped()
        if moved:
            # Every workspace's orders wait: each trail says so, in one order, because each chain's end is locked.
            for team in sorted({caller.installed_team_id, *await tx.audit.teams()}):
                await tx.audit.append(_entry(caller, admission, tried, team))
    desk.wake()
    return Stopped(switch=switch, moved=moved, by=None if switch is None else thrown_by(switch))


def _entry(caller: Caller, admission: Admission, tried: AuditName, team: str) -> AuditEntry:
    return AuditEntry(
        name=tried,
        verdict=AuditVerdict.DONE,
        team_id=team,
        actor=caller.actor,
        evidence=admission.evidence,
        rule=admission.verdict.rule,
        reason=admission.verdict.reason,
    )
