"""The trail: the audit entry of a decision, and what it makes go out, in the transaction of the decision."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NoReturn

import structlog

from bot.desk.desk import Desk
from bot.desk.reasons import Unclear
from bot.desk.results import Admission
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.changes import Change, ChangeState
from bot.domain.errors import Refused, TooLate, Undetermined, UpgradeDeskError
from bot.domain.people import SYSTEM, Caller, RoleEvidence
from bot.domain.policy import Verdict
from storage.database import Transaction
from storage.records import AuditRow, OutboxItem, OutboxKind

log = structlog.get_logger(__name__)

TOLD_TO_ASKER: Final = frozenset(
    {
        ChangeState.COMPLETED,
        ChangeState.ACCEPTED,
        ChangeState.FAILED,
        ChangeState.UNKNOWN,
        ChangeState.REFUSED,
        ChangeState.REJECTED,
        ChangeState.EXPIRED,
    }
)
"""States of which the asker is told by direct message."""

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DECIDED, _NOTICE, _FOR_PEOPLE, _CARD, _STEP = 0, 1, 2, 3, 6
"""What goes out first: what was just decided, who waits for an answer, what waits for somebody, the rest, the trail.

Each step is worth an hour of waiting (`storage.repositories.outbox_rows`), so that none of them starves.
"""


async def tell(tx: Transaction, desk: Desk, *, change: Change, entry: AuditEntry, notice: bool = False) -> AuditRow:
    """Append the entry, and let card, step and (where the state, or the caller, says so) notice go out. Comes last."""

    def item(kind: OutboxKind, priority: int) -> OutboxItem:
        return OutboxItem(
            id=desk.ids.opaque(),
            team_id=change.team_id,
            kind=kind,
            change_id=change.id,
            due_at=tx.now,
            priority=priority,
            state=change.state if kind is OutboxKind.NOTICE else None,
        )

    out = [item(OutboxKind.CARD, _urgency(change, entry)), item(OutboxKind.STEP, _STEP)]
    if notice or change.state in TOLD_TO_ASKER:
        out.append(item(OutboxKind.NOTICE, _NOTICE))
    return await tx.audit.append(entry, out=out)


def _urgency(change: Change, entry: AuditEntry) -> int:
    if entry.actor != SYSTEM and entry.before is not None and entry.after is not entry.before:
        return _DECIDED
    return _FOR_PEOPLE if change.state is ChangeState.AWAITING_APPROVAL else _CARD


def entry_by_system(
    name: AuditName,
    *,
    before: Change,
    after: Change,
    verdict: AuditVerdict = AuditVerdict.DONE,
    reason: str | None = None,
    data: Mapping[str, str | int | bool | None] | None = None,
    by: Verdict | None = None,
) -> AuditEntry:
    """The entry of what the worker or the clock did to a change by itself. `by`: the verdict about its asker."""
    return AuditEntry(
        name=name,
        verdict=verdict,
        team_id=after.team_id,
        actor=SYSTEM,
        evidence=RoleEvidence() if by is None else by.evidence,
        rule=None if by is None else by.rule,
        reason=reason,
        change_id=after.id,
        facts_version=after.facts_version,
        before=before.state,
        after=after.state,
        customer_id=after.facts.customer_id,
        subscription_id=after.facts.subscription_id,
        data=data or {},
    )


def refusal_entry(
    error: UpgradeDeskError,
    *,
    caller: Caller,
    tried: AuditName,
    admission: Admission | None = None,
    evidence: RoleEvidence | None = None,
    rule: str | None = None,
    customer_id: str | None = None,
    subscription_id: str | None = None,
    change_id: str | None = None,
    change: Change | None = None,
    data: Mapping[str, str | int | bool | None] | None = None,
) -> AuditEntry:
    """The entry of a refusal, or of what could not be found out, with the evidence that it rests on.

    `change` is what it is about as it is and stays, where it is known; else the ids say what they can: `change_id` may
    have been made up, and is left out where no id looks like it.
    """
    if change_id is not None and _ID.fullmatch(change_id) is None:
        change_id = None
    held = evidence if evidence is not None else admission.evidence if admission is not None else RoleEvidence()
    return AuditEntry(
        name=tried,
        verdict=AuditVerdict.UNDETERMINED if isinstance(error, Undetermined) else AuditVerdict.REFUSED,
        team_id=caller.installed_team_id,
        actor=caller.actor,
        evidence=held,
        rule=rule if rule is not None else admission.verdict.rule if admission is not None else None,
        reason=reason_of(error),
        customer_id=customer_id if change is None else change.facts.customer_id,
        subscription_id=subscription_id if change is None else change.facts.subscription_id,
        change_id=change_id if change is None else change.id,
        facts_version=None if change is None else change.facts_version,
        before=None if change is None else change.state,
        after=None if change is None else change.state,
        data=data or {},
    )


def reason_of(error: UpgradeDeskError) -> str:
    """The word by which an entry names an error: its reason where it has one, else its code."""
    return str(error.reason) if isinstance(error, Refused | Undetermined) else error.code


async def refuse(desk: Desk, *, error: UpgradeDeskError, entry: AuditEntry, within: float | None = None) -> NoReturn:
    """Commit the entry, then raise the error: nobody is refused without a trace (design.md, rule 3).

    What cannot be recorded `within` seconds is not told as a refusal: Undetermined then, and a line in the log.
    """
    try:
        async with desk.database.write(within=within) as tx:
            await tx.audit.append(await _as_it_is(tx, entry))
    except TooLate:
        log.warning("refusal_not_recorded", name=entry.name.value, reason=entry.reason)
        raise Undetermined(Unclear.NOT_RECORDED) from error
    raise error


async def _as_it_is(tx: Transaction, entry: AuditEntry) -> AuditEntry:
    """A refusal's entry about a change, whose state was read before: who moves it just now is waited for."""
    if entry.change_id is None or entry.after is None:
        return entry
    change = await tx.changes.stays(entry.change_id)
    if change is None:
        return entry
    return replace(entry, before=change.state, after=change.state, facts_version=change.facts_version)
