"""How a claimed change ends without having been sent: given back, refused, sent back to its approvers, or rehearsed."""

from datetime import timedelta
from typing import Final

from bot.desk.asking import asked
from bot.desk.desk import Desk
from bot.desk.reasons import Ended
from bot.desk.second_look import Impossible, Moved
from bot.desk.trail import entry_by_system, tell
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import Change, ChangeState, Outcome
from bot.domain.policy import Mode, Verdict
from storage.database import Transaction
from storage.records import ChangeUpdate

_LONGEST_PAUSE: Final = timedelta(minutes=30)


async def moved_or_impossible(desk: Desk, *, owner: str, change: Change, seen: Moved | Impossible) -> None:
    """Something moved: nothing is sent. Back to its approvers where it had any, else refused with what moved."""
    if isinstance(seen, Moved) and change.approvals_needed > 0:
        rule = desk.policies().approval
        async with desk.database.write() as tx:
            # A new question to the approvers: its time begins anew. Each time costs them a decision, so it ends.
            update = ChangeUpdate(
                facts=seen.facts,
                facts_version=change.facts_version + 1,
                outcome=Outcome(moves=seen.moves),
                expires_at=tx.now + rule.expires_after,
            )
            after = await tx.changes.move(
                change.id,
                to=ChangeState.AWAITING_APPROVAL,
                lease_owner=owner,
                facts_version=change.facts_version,
                set=update,
            )
            if after is not None:
                before = await tx.approvals.request(change.id)
                again = asked(
                    change.id,
                    reasons=() if before is None else before.reasons,
                    rule=rule,
                    now=tx.now,
                    expires_at=after.expires_at,
                )
                await tx.approvals.ask(again)
            await _tell(tx, desk, AuditName.SUBMIT_REFUSE, before=change, after=after, reason=Ended.FACTS_MOVED)
        return
    why = seen.why if isinstance(seen, Impossible) else Ended.FACTS_MOVED
    outcome = Outcome(error_code=why, moves=seen.moves)
    await refuse_change(desk, owner=owner, change=change, reason=why, outcome=outcome)


async def refuse_change(
    desk: Desk, *, owner: str, change: Change, reason: str, outcome: Outcome, by: Verdict | None = None
) -> None:
    """Refuse it for good: nothing was ordered, and it can be asked for again. `by`: what it rests on about people."""
    async with desk.database.write() as tx:
        after = await tx.changes.move(
            change.id, to=ChangeState.REFUSED, lease_owner=owner, set=ChangeUpdate(outcome=outcome)
        )
        await _tell(
            tx,
            desk,
            AuditName.SUBMIT_REFUSE,
            before=change,
            after=after,
            reason=reason,
            verdict=AuditVerdict.REFUSED,
            by=by,
        )


async def rehearsed(desk: Desk, *, owner: str, change: Change) -> None:
    """A rehearsal ends here: everything was done but the sending. Its outcome names no subscription."""
    update = ChangeUpdate(outcome=Outcome(quantity=change.facts.target_quantity))
    async with desk.database.write() as tx:
        after = await tx.changes.move(change.id, to=ChangeState.COMPLETED, lease_owner=owner, set=update)
        await _tell(tx, desk, AuditName.SUBMIT_OUTCOME, before=change, after=after, reason=Mode.REHEARSAL)


async def give_back(desk: Desk, *, owner: str, change: Change, reason: str, by: Verdict | None = None) -> None:
    """Nothing was sent: let it be tried again later, until it expires."""
    async with desk.database.write() as tx:
        await give_back_in(tx, desk, owner=owner, change=change, reason=reason, by=by)


async def give_back_in(
    tx: Transaction, desk: Desk, *, owner: str, change: Change, reason: str, by: Verdict | None = None
) -> None:
    """As `give_back`, in a transaction of the caller's."""
    update = ChangeUpdate(due_at=tx.now + _pause(desk, change))
    after = await tx.changes.move(change.id, to=ChangeState.APPROVED, lease_owner=owner, set=update)
    await _tell(
        tx,
        desk,
        AuditName.SUBMIT_RETRY,
        before=change,
        after=after,
        reason=reason,
        verdict=AuditVerdict.UNDETERMINED,
        by=by,
    )


def _pause(desk: Desk, change: Change) -> timedelta:
    """The longer it has been tried, the longer the pause: a service that is down is not asked all the time."""
    age = desk.clock.now() - change.created_at
    return min(max(desk.config.retry_after, age / 4), _LONGEST_PAUSE)


async def _tell(
    tx: Transaction,
    desk: Desk,
    name: AuditName,
    *,
    before: Change,
    after: Change | None,
    reason: str,
    verdict: AuditVerdict = AuditVerdict.DONE,
    by: Verdict | None = None,
) -> None:
    """Nothing is told of a move that did not happen: the lease was lost, and somebody else tells what became of it."""
    if after is not None:
        entry = entry_by_system(name, before=before, after=after, verdict=verdict, reason=str(reason), by=by)
        await tell(tx, desk, change=after, entry=entry)
