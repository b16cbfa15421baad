"""Hand a list of accounts over to a colleague, who must be one of those who may look."""

from bot.desk.after.reach import FollowUps, reach
from bot.desk.after.show_list import left, now
from bot.desk.after.tell_holder import tell_holder
from bot.desk.desk import Desk
from bot.desk.reasons import Problem, Unclear
from bot.domain.audit import AuditName
from bot.domain.errors import BadInput, ChangeUnknown, TooLate, Undetermined
from bot.domain.people import Actor, Caller, Standing
from bot.domain.policy import Action, Ruling, authorise

FIELD = "colleague"


async def hand_over(
    desk: Desk, *, caller: Caller, change_id: str, to_user_id: str, deadline: float | None = None
) -> FollowUps:
    """Give the list to `to_user_id`, a member of the caller's workspace, who is told by direct message.

    Raises BadInput (they may not look, are no member, or hold it already), ChangeUnknown (no list, or its names are
    gone), TooLate (nothing was recorded), Undetermined, and what `reach` raises.
    """
    until = deadline if deadline is not None else desk.clock.monotonic() + desk.config.write_deadline
    to = Actor(team_id=caller.installed_team_id, user_id=to_user_id)
    tried = AuditName.FOLLOW_UPS_HAND_OVER
    try:
        reached = await reach(desk, caller=caller, change_id=change_id, tried=tried, within=left(desk, until))
        if reached.work is None or reached.work.deleted_at is not None:
            raise ChangeUnknown
        await _may_look(desk, caller=caller, to=to)
    except TimeoutError as error:
        raise TooLate from error
    async with desk.database.write(within=left(desk, until)) as tx:
        work = await tx.follow_ups.list_of(change_id, hold=True)
        if work is None or work.deleted_at is not None:
            raise ChangeUnknown
        if work.holder == to:
            raise BadInput(field=FIELD, problem=Problem.HOLDS_IT_ALREADY)
        await tx.follow_ups.hand_over(change_id, to=to, remind_at=tx.now + desk.config.follow_ups_remind)
        row = await tx.audit.append(reached.entry(to=to_user_id, open=work.open, accounts=work.total))
        await tell_holder(tx, desk, change=reached.change, number=row.number)
        found = await now(tx, reached)
    desk.wake()
    return found


async def _may_look(desk: Desk, *, caller: Caller, to: Actor) -> None:
    """The colleague's own right to look, live. What cannot be found out is not allowed, and not called a refusal."""
    theirs = Caller(actor=to, installed_team_id=caller.installed_team_id, delivery_id=caller.delivery_id)
    person = await desk.directory.person(theirs)
    if person.standing is not Standing.MEMBER:
        raise BadInput(field=FIELD, problem=Problem.MAY_NOT_LOOK)
    evidence = await desk.directory.roles(to)
    verdict = authorise(policy=desk.policies(), action=Action.LOOK, evidence=evidence)
    if verdict.ruling is Ruling.UNDETERMINED:
        raise Undetermined(Unclear(verdict.reason), sources=verdict.evidence.unreachable, policy=verdict.rule or "")
    if not verdict.allowed:
        raise BadInput(field=FIELD, problem=Problem.MAY_NOT_LOOK)
