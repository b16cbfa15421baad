"""Sweep up after senders that are gone, and end what waited too long. Run by the clock, on any number of machines."""

from bot.desk.checking import FIRST_CHECK
from bot.desk.desk import Desk
from bot.desk.reasons import Ended
from bot.desk.results import Swept
from bot.desk.trail import entry_by_system, tell
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import Change, ChangeState, Outcome
from storage.database import Transaction
from storage.records import ChangeUpdate


async def sweep(desk: Desk) -> Swept:
    """Lapsed leases become `approved` (nothing was sent) or `unknown` (a mark without an answer); the overdue expire.

    One transaction a workspace: two chains in one could wait for each other. Call it again while it did something.
    """
    unknown = given_back = expired = 0
    async with desk.database.read() as tx:
        teams = {change.team_id for change in [*await tx.changes.lapsed(), *await tx.changes.expired()]}
    for team_id in sorted(teams):
        async with desk.database.write() as tx:
            for change in await tx.changes.lapsed(team_id):
                if await _give_back(tx, desk, change):
                    given_back += 1
                elif await _call_unknown(tx, desk, change):
                    unknown += 1
            for change in await tx.changes.expired(team_id):
                expired += await _expire(tx, desk, change)
    if given_back:
        desk.wake()
    return Swept(unknown=unknown, given_back=given_back, expired=expired)


async def prune(desk: Desk) -> int:
    """Forget what is too old: handles, drafts and reviews that nobody can press any more, and what went out to Slack.

    Returns how many; in batches, so call again while it is not 0.
    """
    async with desk.database.write() as tx:
        before = tx.now - desk.config.handle_keep
        seen = await tx.drafts.prune(before=before) + await tx.reviews.prune(before=before)
        sent = await tx.outbox.prune(before=before) + await tx.turns.prune()
        return await tx.handles.prune(before=before) + seen + sent


async def _give_back(tx: Transaction, desk: Desk, change: Change) -> bool:
    """To be sent again: the store refuses this where an attempt has no answer."""
    after = await tx.changes.move(
        change.id, to=ChangeState.APPROVED, lapsed=True, set=ChangeUpdate(due_at=tx.now + desk.config.retry_after)
    )
    if after is not None:
        entry = entry_by_system(
            AuditName.SUBMIT_RETRY,
            before=change,
            after=after,
            verdict=AuditVerdict.UNDETERMINED,
            reason="lease_lapsed",
        )
        await tell(tx, desk, change=after, entry=entry)
    return after is not None


async def _call_unknown(tx: Transaction, desk: Desk, change: Change) -> bool:
    attempts = await tx.attempts.of(change.id)
    correlation_id = attempts[-1].correlation_id if attempts else None
    outcome = Outcome(
        quantity=change.facts.target_quantity,
        correlation_id=correlation_id,
        error_code=Ended.OUTCOME_UNKNOWN,
        reference=desk.ids.reference(),
    )
    after = await tx.changes.move(
        change.id,
        to=ChangeState.UNKNOWN,
        lapsed=True,
        set=ChangeUpdate(outcome=outcome, due_at=tx.now + FIRST_CHECK),
    )
    if after is not None:
        entry = entry_by_system(
            AuditName.SUBMIT_OUTCOME,
            before=change,
            after=after,
            verdict=AuditVerdict.UNDETERMINED,
            reason="lease_lapsed",
            data={"correlation_id": correlation_id},
        )
        await tell(tx, desk, change=after, entry=entry)
    return after is not None


async def _expire(tx: Transaction, desk: Desk, change: Change) -> bool:
    after = await tx.changes.move(change.id, to=ChangeState.EXPIRED)
    if after is not None:
        await tell(tx, desk, change=after, entry=entry_by_system(AuditName.CHANGE_EXPIRE, before=change, after=after))
    return after is not None
