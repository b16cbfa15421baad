"""The audit trail for those whom the policy lets read it: of a change or a customer, page by page; itself audited."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.find_customer import find_customer
from bot.desk.handles import Data, HandleMaker, text_of
from bot.desk.naming import tenant_id
from bot.desk.open_customer import open_customer
from bot.desk.open_handle import open_handle
from bot.desk.purposes import Purpose
from bot.desk.results import Admission, CustomerChoice
from bot.desk.trail_export import ExportFormat, Selection, export
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.customers import Customer
from bot.domain.people import Caller, Person
from bot.domain.policy import Action
from storage.records import AuditRow

PAGE: Final = 10
_NUMBER: Final = re.compile(r"[A-Z0-9]{4,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a trail is about: one change, or everything about one customer. `name` is for people."""

    name: str
    customer_id: str = ""
    change_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    """A page of the trail, newest first.

    `more` and `file` are values of buttons: the next page (None: it is the last), all of it (None: there is nothing).
    """

    person: Person
    subject: Subject
    rows: tuple[AuditRow, ...]
    more: str | None
    file: str | None
    read_at: datetime


async def find_trail(desk: Desk, *, caller: Caller, text: str) -> TrailPage | CustomerChoice:
    """The first page of what `text` means: a change's number, a tenant id, or a customer as typed.

    A tenant id needs no service: the trail outlives a customer. Raises what `admit` and `find_customer` raise.
    """
    admission = await _admit(desk, caller)
    number = text.strip().upper()
    if _NUMBER.fullmatch(number):
        async with desk.database.read() as tx:
            change = await tx.changes.by_number(caller.installed_team_id, number)
        if change is not None:
            return await _page(desk, caller, admission, Subject(name=change.number, change_id=change.id))
    if (tenant := tenant_id(text)) is not None:
        return await _page(desk, caller, admission, Subject(name=tenant, customer_id=tenant))
    found = await find_customer(desk, caller=caller, text=text, action=Action.AUDIT, tried=AuditName.AUDIT_READ)
    if isinstance(found, CustomerChoice):
        return found
    return await _page(desk, caller, admission, _of(found.customer))


async def trail_of_chosen(desk: Desk, *, caller: Caller, handle: str) -> TrailPage:
    """The first page about a customer that was chosen from a menu. Raises what `open_customer` raises."""
    opened = await open_customer(desk, caller=caller, handle=handle, action=Action.AUDIT, tried=AuditName.AUDIT_READ)
    return await _page(desk, caller, opened.admission, _of(opened.customer))


async def more_of_trail(desk: Desk, *, caller: Caller, handle: str) -> TrailPage:
    """The page behind a button. Raises what `admit` and `open_handle` raise."""
    admission = await _admit(desk, caller)
    opened = await open_handle(desk, caller=caller, value=handle, purpose=Purpose.TRAIL)
    return await _page(desk, caller, admission, _subject(opened.data), after=text_of(opened.data, "after") or None)


async def trail_file(desk: Desk, *, caller: Caller, handle: str) -> tuple[Subject, AsyncIterator[bytes]]:
    """The whole trail of a subject as CSV; the entry of it is committed before the first byte. Raises as above."""
    admission = await _admit(desk, caller)
    opened = await open_handle(desk, caller=caller, value=handle, purpose=Purpose.TRAIL)
    subject = _subject(opened.data)
    await _enter(desk, caller, admission, subject, data={"format": ExportFormat.CSV.value})
    selection = Selection(
        team_ids=(caller.installed_team_id,),
        customer_id=subject.customer_id or None,
        change_id=subject.change_id or None,
    )
    return subject, export(desk.database, selection, ExportFormat.CSV)


async def _admit(desk: Desk, caller: Caller) -> Admission:
    return await admit(desk, caller=caller, action=Action.AUDIT, tried=AuditName.AUDIT_READ)


async def _page(
    desk: Desk, caller: Caller, admission: Admission, subject: Subject, *, after: str | None = None
) -> TrailPage:
    async with desk.database.read() as tx:
        page = await tx.audit.page(
            caller.installed_team_id,
            customer_id=subject.customer_id or None,
            change_id=subject.change_id or None,
            after=after,
            limit=PAGE,
        )
        read_at = tx.now
    about = {"name": subject.name, "customer_id": subject.customer_id, "change_id": subject.change_id}
    maker = HandleMaker(desk=desk, caller=caller)
    more = maker.make(Purpose.TRAIL, about | {"after": page.after}) if page.after is not None else None
    file = maker.make(Purpose.TRAIL, about) if page.items else None
    await _enter(desk, caller, admission, subject, data={"page_after": None if after is None else int(after)})
    await maker.keep()
    return TrailPage(person=admission.person, subject=subject, rows=page.items, more=more, file=file, read_at=read_at)


async def _enter(
    desk: Desk, caller: Caller, admission: Admission, subject: Subject, *, data: Mapping[str, str | int | None]
) -> None:
    """Reading the trail is an entry in it, committed before it is shown."""
    async with desk.database.write() as tx:
        await tx.audit.append(
            AuditEntry(
                name=AuditName.AUDIT_READ,
                verdict=AuditVerdict.DONE,
                team_id=caller.installed_team_id,
                actor=caller.actor,
                evidence=admission.evidence,
                rule=admission.verdict.rule,
                reason=admission.verdict.reason,
                change_id=subject.change_id or None,
                customer_id=subject.customer_id or None,
                data=data,
            )
        )


def _of(customer: Customer) -> Subject:
    return Subject(name=customer.name or customer.domain, customer_id=customer.id)


def _subject(data: Data) -> Subject:
    return Subject(
        name=text_of(data, "name"), customer_id=text_of(data, "customer_id"), change_id=text_of(data, "change_id")
    )
