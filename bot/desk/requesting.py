"""Ask for a change: the write of design.md. Whoever gets the change back knows that it is recorded, once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.desk.admit import admit
from bot.desk.asking import asked
from bot.desk.desk import Desk
from bot.desk.hindrance import expiry, hindrance, second_person_reasons
from bot.desk.reasons import Problem, Unclear, Why
from bot.desk.results import Admission
from bot.desk.trail import refusal_entry, tell
from bot.desk.typed import typed
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.changes import Change, ChangeKind, ChangeState
from bot.domain.errors import (
    BadInput,
    HandleTooOld,
    HandleUnknown,
    OpenChangeExists,
    Refused,
    TooLate,
    Undetermined,
    UpgradeDeskError,
)
from bot.domain.facts import Facts
from bot.domain.people import Caller
from bot.domain.policy import Action, Mode, Policy
from bot.domain.ticket_pattern import ticket_pattern
from storage.database import Transaction
from storage.errors import CommitUnknown, StorageUnavailable
from storage.records import Draft

FIELD: Final = "note"
_LEAST: Final = 0.05
"""Seconds below which asking is not begun: what is left must hold the transaction too."""


FillIn = Callable[[Facts], Facts]
"""The draft's facts with what was typed under them. Raises BadInput."""


async def record_request(
    desk: Desk,
    *,
    caller: Caller,
    draft_id: str,
    kind: ChangeKind,
    note: str,
    deadline: float | None,
    fill_in: FillIn,
) -> Change:
    """The change that the draft became: `approved` at birth, to be sent by the worker, or waiting for a second person.

    The same draft is one change, whatever was typed the second time.
    `deadline` by the desk's monotonic clock, counted from the caller's arrival. Raises TooLate (nothing was recorded),
    BadInput, HandleUnknown, HandleTooOld, Refused, NotPossibleAnyMore, OpenChangeExists, and Undetermined: with
    `not_confirmed`, submitting the same draft again finds out.
    """
    until = deadline if deadline is not None else desk.clock.monotonic() + desk.config.write_deadline
    try:
        admission = await admit(
            desk,
            caller=caller,
            action=Action.REQUEST,
            tried=AuditName.CHANGE_REQUEST,
            within=_left(desk, until),
        )
    except TimeoutError as error:
        raise TooLate from error
    text = _checked(note, policy=admission.policy, most=desk.config.note_limit)
    try:
        async with desk.database.write(within=_left(desk, until)) as tx:
            draft = await tx.drafts.get(draft_id)
            if draft is None or draft.kind is not kind:
                raise HandleUnknown
            result = await _claim(tx, desk, caller=caller, admission=admission, draft=draft, note=text, fill_in=fill_in)
    except CommitUnknown:
        result = await _look_again(desk, draft_id)
    if isinstance(result, UpgradeDeskError):
        raise result
    desk.wake()
    return result


def _left(desk: Desk, until: float) -> float:
    left = until - desk.clock.monotonic()
    if left < _LEAST:
        raise TooLate
    return left


def _checked(note: str, *, policy: Policy, most: int) -> str:
    text = typed(note, field=FIELD, most=most)
    pattern = policy.operation.ticket_pattern
    if pattern is not None and not ticket_pattern(pattern).fits(text):
        raise BadInput(field=FIELD, problem=Problem.TICKET_WANTED, pattern=pattern)
    return text


async def _claim(
    tx: Transaction,
    desk: Desk,
    *,
    caller: Caller,
    admission: Admission,
    draft: Draft,
    note: str,
    fill_in: FillIn,
) -> Change | UpgradeDeskError:
    """The change, or the error whose entry is in this transaction: it is to be committed either way."""
    if draft.team_id != caller.installed_team_id:
        return HandleUnknown()
    error: UpgradeDeskError | None
    if draft.actor != caller.actor:
        error = Refused(Why.NOT_YOURS)
    elif (earlier := await tx.changes.by_draft(draft.id)) is not None:
        return earlier
    elif tx.now - draft.created_at > desk.config.handle_max_age:
        return HandleTooOld()
    else:
        error = await hindrance(tx, desk, admission=admission, facts=draft.facts)
    if error is None:
        draft = replace(draft, facts=fill_in(draft.facts))
        wanted = _change(tx, desk, caller=caller, admission=admission, draft=draft, note=note)
        try:
            change = await tx.changes.add(wanted)
        except OpenChangeExists as exists:
            error = exists
        else:
            if change.id == wanted.id:
                await _ask(tx, admission, change)
                await tell(tx, desk, change=change, entry=_entry(desk, caller, admission, change))
            return change
    entry = refusal_entry(
        error,
        caller=caller,
        tried=AuditName.CHANGE_REQUEST,
        admission=admission,
        customer_id=draft.customer_id,
        subscription_id=draft.subscription_id,
        data={"draft_id": draft.id, "target_offer_id": draft.target_offer_id},
    )
    await tx.audit.append(entry)
    return error


def _change(tx: Transaction, desk: Desk, *, caller: Caller, admission: Admission, draft: Draft, note: str) -> Change:
    """The change as it is born. It rests on the facts that the person saw; the second look compares with them."""
    alone = not second_person_reasons(admission=admission, facts=draft.facts)
    return Change(
        id=desk.ids.opaque(),
        number=desk.ids.reference(),
        team_id=caller.installed_team_id,
        asker=caller.actor,
        asker_roles=tuple(sorted(admission.evidence.roles)),
        asker_locale=admission.person.locale,
        kind=draft.kind,
        state=ChangeState.APPROVED if alone else ChangeState.AWAITING_APPROVAL,
        facts=draft.facts,
        facts_version=1,
        note=note,
        rehearsal=desk.mode(admission.policy) is Mode.REHEARSAL,
        approvals_needed=0 if alone else admission.policy.approval.approvers,
        draft_id=draft.id,
        created_at=tx.now,
        changed_at=tx.now,
        expires_at=expiry(admission, tx.now),
        due_at=tx.now,
    )


async def _ask(tx: Transaction, admission: Admission, change: Change) -> None:
    """Ask the approvers, where the change needs any."""
    if change.state is ChangeState.AWAITING_APPROVAL:
        reasons = second_person_reasons(admission=admission, facts=change.facts)
        rule = admission.policy.approval
        await tx.approvals.ask(asked(change.id, reasons=reasons, rule=rule, now=tx.now, expires_at=change.expires_at))


def _entry(desk: Desk, caller: Caller, admission: Admission, change: Change) -> AuditEntry:
    return AuditEntry(
        name=AuditName.CHANGE_REQUEST,
        verdict=AuditVerdict.DONE,
        team_id=caller.installed_team_id,
        actor=caller.actor,
        evidence=admission.evidence,
        rule=admission.verdict.rule,
        reason=admission.verdict.reason,
        change_id=change.id,
        facts_version=change.facts_version,
        after=change.state,
        customer_id=change.facts.customer_id,
        subscription_id=change.facts.subscription_id,
        data={
            "number": change.number,
            "draft_id": change.draft_id,
            "target_offer_id": change.facts.target_offer_id,
            "quantity": change.facts.target_quantity,
            "mode": desk.mode(admission.policy).value,
            "approvals_needed": change.approvals_needed,
            "second_person": ",".join(second_person_reasons(admission=admission, facts=change.facts)) or None,
        },
        free_text=change.note or None,
    )


async def _look_again(desk: Desk, draft_id: str) -> Change:
    """The connection broke in the commit: only the database knows. A change that is there was recorded."""
    try:
        async with desk.database.read() as tx:
            change = await tx.changes.by_draft(draft_id)
    except StorageUnavailable as error:
        raise Undetermined(Unclear.NOT_CONFIRMED) from error
    if change is None:
        raise Undetermined(Unclear.NOT_CONFIRMED)
    return change
