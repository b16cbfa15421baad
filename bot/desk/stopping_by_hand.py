"""Stop all orders from App Home, and go on: for those who may settle. What was sent stays sent; the rest waits."""

from bot.desk.admit import admit
from bot.desk.approval_results import Stopped
from bot.desk.deciding import time_left
from bot.desk.desk import Desk
from bot.desk.reasons import Unclear
from bot.desk.results import Admission
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.errors import TooLate, Undetermined
from bot.domain.people import Actor, Caller
from bot.domain.policy import Action
from storage.errors import CommitUnknown, StorageUnavailable
from storage.records import Switch


async def stop_all(desk: Desk, *, caller: Caller, deadline: float | None = None) -> Stopped:
    """Stop everything that was not sent, in every workspace, from this moment.

    `deadline` (monotonic): `write_deadline` from now where it is not given. Raises what `admit` raises, TooLate
    (nothing was turned), and Undetermined with `not_confirmed`: pressing again is right after both.

    Was it stopped already, by whom and since when stays (`moved` is False).
    """
    return await _turn(desk, caller, AuditName.STOP_PRESS, deadline)


async def resume_all(desk: Desk, *, caller: Caller, deadline: float | None = None) -> Stopped:
    """Let orders go on, whoever stopped them. Raises as `stop_all` does."""
    return await _turn(desk, caller, AuditName.RESUME_PRESS, deadline)


def thrown_by(switch: Switch) -> Actor | None:
    """Who stopped the orders from App Home; None where an operator did, whose login name `switch.by` is."""
    team, slash, user = switch.by.partition("/")
    return Actor(team_id=team, user_id=user) if slash and team and user else None


async def _turn(desk: Desk, caller: Caller, tried: AuditName, deadline: float | None) -> Stopped:
    until = deadline if deadline is not None else desk.clock.monotonic() + desk.config.write_deadline
    try:
        within = time_left(desk, until)
        admission = await admit(desk, caller=caller, action=Action.SETTLE, tried=tried, within=within)
    except TimeoutError as error:
        raise TooLate from error
    by = f"{caller.actor.team_id}/{caller.actor.user_id}"
    try:
        async with desk.database.write(within=time_left(desk, until)) as tx:
            stop = tried is AuditName.STOP_PRESS
            moved = await (tx.switches.stop(by) if stop else tx.switches.resume(by))
            switch = await tx.switches.stopped()
            if moved:
                # Every workspace's orders wait: each trail says so, in one order, because each chain's end is locked.
                for team in sorted({caller.installed_team_id, *await tx.audit.teams()}):
                    await tx.audit.append(_entry(caller, admission, tried, team))
    except CommitUnknown:
        moved, switch = True, await _look_again(desk, tried)
    desk.wake()
    return Stopped(switch=switch, moved=moved, by=None if switch is None else thrown_by(switch))


async def _look_again(desk: Desk, tried: AuditName) -> Switch | None:
    """The connection broke in the commit: the switch as it is, where it stands as it was to be turned."""
    try:
        async with desk.database.read() as tx:
            switch = await tx.switches.stopped()
    except StorageUnavailable as error:
        raise Undetermined(Unclear.NOT_CONFIRMED) from error
    if (switch is not None) is not (tried is AuditName.STOP_PRESS):
        raise Undetermined(Unclear.NOT_CONFIRMED)
    return switch


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
