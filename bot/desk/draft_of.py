"""The draft behind a modal that is open: ours, this person's, of the right kind, and not too old."""

import asyncio

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.hindrance import hindrance
from bot.desk.reasons import Why
from bot.desk.results import Admission
from bot.desk.trail import refusal_entry, refuse
from bot.domain.audit import AuditName
from bot.domain.changes import ChangeKind
from bot.domain.errors import HandleTooOld, HandleUnknown, Refused, UpgradeDeskError
from bot.domain.people import Caller
from bot.domain.policy import Action
from storage.records import Draft


async def draft_now(
    desk: Desk, *, caller: Caller, draft_id: str, kind: ChangeKind, within: float | None = None
) -> tuple[Admission, Draft, UpgradeDeskError | None]:
    """Who asks, their draft, and what stands against it now. `within` seconds bound it all (TimeoutError).

    Raises HandleUnknown, HandleTooOld, Refused, Undetermined, StorageUnavailable.
    """
    began = desk.clock.monotonic()
    admission = await admit(desk, caller=caller, action=Action.REQUEST, tried=AuditName.CHANGE_REQUEST, within=within)
    left = None if within is None else max(within - (desk.clock.monotonic() - began), 0.0)
    async with asyncio.timeout(left):
        draft = await _draft_of(desk, caller=caller, draft_id=draft_id, kind=kind, admission=admission)
        async with desk.database.read() as tx:
            against = await hindrance(tx, desk, admission=admission, facts=draft.facts)
    return admission, draft, against


async def _draft_of(desk: Desk, *, caller: Caller, draft_id: str, kind: ChangeKind, admission: Admission) -> Draft:
    async with desk.database.read() as tx:
        draft, now = await tx.drafts.get(draft_id), tx.now
    if draft is None or draft.team_id != caller.installed_team_id or draft.kind is not kind:
        raise HandleUnknown
    if draft.actor != caller.actor:
        error = Refused(Why.NOT_YOURS)
        entry = refusal_entry(
            error,
            caller=caller,
            tried=AuditName.CHANGE_REQUEST,
            admission=admission,
            customer_id=draft.customer_id,
            subscription_id=draft.subscription_id,
            data={"draft_id": draft.id},
        )
        await refuse(desk, error=error, entry=entry)
    if now - draft.created_at > desk.config.handle_max_age:
        raise HandleTooOld
    return draft
