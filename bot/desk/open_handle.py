"""Open what a pressed value stands for: ours, this person's, of the right purpose, and not too old."""

import re
from typing import Final

from bot.desk.desk import Desk
from bot.desk.purposes import Purpose
from bot.desk.reasons import Why
from bot.desk.trail import refusal_entry, refuse
from bot.domain.audit import AuditName
from bot.domain.errors import HandleTooOld, HandleUnknown, Refused
from bot.domain.people import Caller
from storage.records import Handle

_VALUE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")

_TRIED: Final = {
    Purpose.UPGRADE: AuditName.CHANGE_REQUEST,
    Purpose.CHOOSE_SEATS: AuditName.CHANGE_REQUEST,
    Purpose.SHARE: AuditName.OPTIONS_SHARE,
    Purpose.LIST: AuditName.CHANGES_LIST,
    Purpose.TRAIL: AuditName.AUDIT_READ,
}


async def open_handle(desk: Desk, *, caller: Caller, value: str, purpose: Purpose) -> Handle:
    """The handle. Raises HandleUnknown (made up, pruned, another workspace's), Refused (not theirs) or HandleTooOld."""
    if _VALUE.fullmatch(value) is None:
        raise HandleUnknown
    async with desk.database.look() as tx:
        handle, now = await tx.handles.get(value), tx.now
    if handle is None or handle.purpose != purpose or handle.team_id != caller.installed_team_id:
        raise HandleUnknown
    if handle.user_id is not None and handle.user_id != caller.actor.user_id:
        error = Refused(Why.NOT_YOURS)
        tried = _TRIED.get(purpose, AuditName.OPTIONS_LOOK)
        await refuse(desk, error=error, entry=refusal_entry(error, caller=caller, tried=tried))
    if now - handle.created_at > desk.config.handle_max_age:
        raise HandleTooOld
    return handle
