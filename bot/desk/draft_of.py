"""The draft behind a modal that is open: ours, this person's, of the right kind, and not too old."""

from bot.desk.desk import Desk
from bot.desk.reasons import Why
from bot.desk.results import Admission
from bot.desk.trail import refusal_entry, refuse
from bot.domain.audit import AuditName
from bot.domain.changes import ChangeKind
from bot.domain.errors import HandleTooOld, HandleUnknown, Refused
from bot.domain.people import Caller
from storage.records import Draft


async def draft_of(desk: Desk, *, caller: Caller, draft_id: str, kind: ChangeKind, admission: Admission) -> Draft:
    """The draft. Raises HandleUnknown, HandleTooOld, and Refused (not theirs) after its entry is committed."""
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
