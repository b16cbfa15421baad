"""Look for the outcome of an unknown or accepted change. Reads only; only positive evidence settles it."""

from bot.desk.admit import admit
from bot.desk.after.begin import begin_list
from bot.desk.checking import next_check
from bot.desk.desk import Desk
from bot.desk.evidence import Evidence, find_evidence, that_left
from bot.desk.reasons import Ended
from bot.desk.results import Admission, Checked
from bot.desk.trail import entry_by_system, tell
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.changes import Attempt, Change, ChangeState, Outcome
from bot.domain.errors import ChangeUnknown
from bot.domain.people import Caller
from bot.domain.policy import Action
from storage.database import Transaction
from storage.records import ChangeUpdate

_LOOKED_INTO = frozenset({ChangeState.UNKNOWN, ChangeState.ACCEPTED})


async def check_status(desk: Desk, *, change_id: str, by: Caller | None = None) -> Checked:
    """Settle the change if the service shows its outcome; else note when to look again. `by` None: the clock.

    Raises ChangeUnknown; for a person also what `admit` raises.
    """
    admission = None
    if by is not None:
        admission = await admit(desk, caller=by, action=Action.LOOK, tried=AuditName.CHANGE_CHECK, change_id=change_id)
    async with desk.database.read() as tx:
        change = await tx.changes.get(change_id)
        attempts = await tx.attempts.of(change_id)
    if change is None or (by is not None and change.team_id != by.installed_team_id):
        raise ChangeUnknown
    if change.state not in _LOOKED_INTO or not attempts:
        return Checked(change=change, settled=change.state not in _LOOKED_INTO)
    evidence = await find_evidence(desk, change=change, attempts=that_left(attempts) or attempts)
    attempt = evidence.attempt or attempts[-1]
    async with desk.database.write() as tx:
        after = await _settle(tx, desk, change=change, attempt=attempt, evidence=evidence)
        settled = after is not None
        if after is None:
            later = next_check(sent_at=attempt.sent_at, now=tx.now)
            # A service that could not be asked was not looked at: the card goes on saying when it was.
            looked = None if evidence.unread else tx.now
            after = await tx.changes.touch(change.id, due_at=later, checked_at=looked)
        if after is None:  # somebody else settled it meanwhile
            return Checked(change=await tx.changes.get(change.id) or change, settled=True)
        if settled or by is not None:
            entry = _entry(by, admission, before=change, after=after, attempt=attempt, evidence=evidence)
            await tell(tx, desk, change=after, entry=entry)
    return Checked(change=after, settled=settled, unread=evidence.unread)


async def _settle(
    tx: Transaction, desk: Desk, *, change: Change, attempt: Attempt, evidence: Evidence
) -> Change | None:
    """Move the change as the evidence says. A failure on record ends an accepted change only: unknown is a person's."""
    was = change.outcome or Outcome()
    if evidence.completed:
        outcome = Outcome(
            target_subscription_id=evidence.target_subscription_id,
            quantity=change.facts.target_quantity,
            correlation_id=attempt.correlation_id,
            follow_ups=len(evidence.follow_ups),
            accounts_total=was.accounts_total,
        )
        update = ChangeUpdate(outcome=outcome, checked_at=tx.now)
        after = await tx.changes.move(change.id, to=ChangeState.COMPLETED, set=update)
    elif evidence.failed and change.state is ChangeState.ACCEPTED:
        outcome = Outcome(correlation_id=attempt.correlation_id, error_code=Ended.FAILED_LATER, reference=was.reference)
        update = ChangeUpdate(outcome=outcome, checked_at=tx.now)
        after = await tx.changes.move(change.id, to=ChangeState.FAILED, set=update)
    else:
        return None
    if after is not None:
        await begin_list(tx, desk, change=change, accounts=evidence.follow_ups if evidence.completed else ())
        await tx.attempts.answer(attempt.id, result=f"found:{evidence.by}")
    return after


def _entry(
    by: Caller | None,
    admission: Admission | None,
    *,
    before: Change,
    after: Change,
    attempt: Attempt,
    evidence: Evidence,
) -> AuditEntry:
    settled = after.state is not before.state
    verdict = AuditVerdict.DONE if settled else AuditVerdict.UNDETERMINED
    data: dict[str, str | int | bool | None] = {
        "correlation_id": attempt.correlation_id,
        "target_subscription_id": evidence.target_subscription_id,
        "follow_ups": len(evidence.follow_ups),
    }
    if by is None or admission is None:
        return entry_by_system(
            AuditName.SUBMIT_OUTCOME, before=before, after=after, verdict=verdict, reason=evidence.by, data=data
        )
    return AuditEntry(
        name=AuditName.CHANGE_CHECK,
        verdict=verdict,
        team_id=after.team_id,
        actor=by.actor,
        evidence=admission.evidence,
        rule=admission.verdict.rule,
        reason="service_trouble" if evidence.unread else evidence.by or "nothing_found",
        change_id=after.id,
        facts_version=after.facts_version,
        before=before.state,
        after=after.state,
        customer_id=after.facts.customer_id,
        subscription_id=after.facts.subscription_id,
        data=data,
    )
