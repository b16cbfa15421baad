"""A channel is about a customer: link it, end that, open the customer. Where the channel is fit for it, at each use."""

from dataclasses import dataclass
from typing import Final

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.finding.channel_kind import ChannelKind
from bot.desk.reasons import Unclear, Why
from bot.desk.results import Admission, CustomerOpened
from bot.desk.trail import refusal_entry, refuse
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.customers import Customer
from bot.domain.errors import CustomerNotFound, LinkedCustomerGone, Refused, Undetermined
from bot.domain.people import Caller
from bot.domain.policy import Action
from storage.link_records import ChannelLink

_REFUSED: Final = {
    ChannelKind.SHARED: Why.LINK_IN_SHARED_CHANNEL,
    ChannelKind.DIRECT: Why.LINK_IN_DIRECT_MESSAGE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The channel is about `customer` now. `before`: the customer id it was about until now, where that is another."""

    customer: Customer
    before: str | None


async def link_channel(desk: Desk, *, caller: Caller, opened: CustomerOpened, kind: ChannelKind) -> Linked:
    """Link the caller's channel, whatever it was linked to. The link is committed with its entry.

    `opened` by `find_customer` or `open_customer` with CHANNEL_LINK. Raises Refused or Undetermined by the channel.
    """
    channel = await _fit(
        desk, caller=caller, admission=opened.admission, kind=kind, tried=AuditName.CHANNEL_LINK, of=opened.customer.id
    )
    async with desk.database.write() as tx:
        before = await tx.channel_links.put(
            team_id=caller.installed_team_id, channel_id=channel, customer_id=opened.customer.id, by=caller.actor
        )
        await tx.audit.append(
            _entry(caller, opened.admission, AuditName.CHANNEL_LINK, customer_id=opened.customer.id, before=before)
        )
    return Linked(customer=opened.customer, before=None if before == opened.customer.id else before)


async def unlink_channel(desk: Desk, *, caller: Caller) -> bool:
    """End the link of the caller's channel; False: there is none. Any channel: ending one is never dangerous."""
    admission = await admit(desk, caller=caller, action=Action.LOOK, tried=AuditName.CHANNEL_UNLINK)
    async with desk.database.write() as tx:
        was = await tx.channel_links.end(team_id=caller.installed_team_id, channel_id=caller.channel_id or "")
        if was is not None:
            await tx.audit.append(_entry(caller, admission, AuditName.CHANNEL_UNLINK, customer_id=was))
    return was is not None


async def link_of(desk: Desk, *, caller: Caller) -> ChannelLink | None:
    """The link of the caller's channel. Says nothing to anybody: whoever uses it goes through `open_linked`."""
    if not caller.channel_id:
        return None
    async with desk.database.look() as tx:
        return await tx.channel_links.of(team_id=caller.installed_team_id, channel_id=caller.channel_id)


async def read_link(desk: Desk, *, caller: Caller) -> ChannelLink | None:
    """The same for somebody who asks. Raises what `admit` raises."""
    await admit(desk, caller=caller, action=Action.LOOK, tried=AuditName.OPTIONS_LOOK)
    return await link_of(desk, caller=caller)


async def open_linked(desk: Desk, *, caller: Caller, link: ChannelLink, kind: ChannelKind) -> CustomerOpened:
    """The customer of the caller's channel, read now.

    Raises what `admit` and the service raise, Refused or Undetermined by the channel, and LinkedCustomerGone.
    """
    tried = AuditName.OPTIONS_LOOK
    admission = await admit(desk, caller=caller, action=Action.LOOK, tried=tried, customer_id=link.customer_id)
    await _fit(desk, caller=caller, admission=admission, kind=kind, tried=tried, of=link.customer_id)
    try:
        customer = await desk.service.customer(link.customer_id, correlation_id=desk.ids.uuid())
    except CustomerNotFound as error:
        raise LinkedCustomerGone(query=link.customer_id) from error
    return CustomerOpened(customer=customer, admission=admission)


async def _fit(
    desk: Desk, *, caller: Caller, admission: Admission, kind: ChannelKind, tried: AuditName, of: str
) -> str:
    """The channel's id. Raises, after the entry is committed, where a customer must not stand in it."""
    if kind is ChannelKind.OWN and caller.channel_id:
        return caller.channel_id
    why = _REFUSED.get(kind)
    error = Undetermined(Unclear.CHANNEL_UNREADABLE) if why is None else Refused(why)
    data = {"channel_id": caller.channel_id}
    entry = refusal_entry(error, caller=caller, tried=tried, admission=admission, customer_id=of, data=data)
    return await refuse(desk, error=error, entry=entry)


def _entry(
    caller: Caller, admission: Admission, name: AuditName, *, customer_id: str, before: str | None = None
) -> AuditEntry:
    return AuditEntry(
        name=name,
        verdict=AuditVerdict.DONE,
        team_id=caller.installed_team_id,
        actor=caller.actor,
        evidence=admission.evidence,
        rule=admission.verdict.rule,
        reason=admission.verdict.reason,
        customer_id=customer_id,
        data={"channel_id": caller.channel_id} | ({} if before is None else {"before_customer_id": before}),
    )
