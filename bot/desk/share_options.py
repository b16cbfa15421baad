"""Show a list to a channel: without anything to press, and never where another organisation reads along."""

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.handles import number_of, text_of
from bot.desk.open_handle import open_handle
from bot.desk.page import read_page
from bot.desk.purposes import Purpose
from bot.desk.reasons import Why
from bot.desk.results import OptionLine, OptionsList, SubscriptionCard
from bot.desk.trail import refusal_entry, refuse
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.errors import Refused
from bot.domain.people import Caller
from bot.domain.policy import Action


async def share_options(desk: Desk, *, caller: Caller, handle: str, shared_channel: bool) -> OptionsList:
    """The list behind a SHARE handle, read now, with no handles in it. The entry is committed before it is shown.

    `shared_channel`: whether the channel is shared with another organisation (or is about to be): then Refused.
    """
    admission = await admit(desk, caller=caller, action=Action.LOOK, tried=AuditName.OPTIONS_SHARE)
    opened = await open_handle(desk, caller=caller, value=handle, purpose=Purpose.SHARE)
    customer_id = text_of(opened.data, "customer_id")
    if shared_channel:
        error = Refused(Why.SHARED_CHANNEL)
        entry = refusal_entry(
            error, caller=caller, tried=AuditName.OPTIONS_SHARE, admission=admission, customer_id=customer_id
        )
        await refuse(desk, error=error, entry=entry)
    read = await read_page(desk, customer_id=customer_id, page=number_of(opened.data, "page"))
    async with desk.database.write() as tx:
        stopped = await tx.switches.stopped()
        await tx.audit.append(
            AuditEntry(
                name=AuditName.OPTIONS_SHARE,
                verdict=AuditVerdict.DONE,
                team_id=caller.installed_team_id,
                actor=caller.actor,
                evidence=admission.evidence,
                rule=admission.verdict.rule,
                reason=admission.verdict.reason,
                customer_id=customer_id,
                data={"channel_id": caller.channel_id, "page": read.page},
            )
        )
    return OptionsList(
        customer=read.customer,
        person=admission.person,
        cards=tuple(
            SubscriptionCard(
                subscription=each.subscription,
                options=tuple(OptionLine(option=option, handle=None) for option in each.options),
                trouble=each.trouble,
            )
            for each in read.lines
        ),
        page=read.page,
        pages=read.pages,
        total=read.total,
        cancelled_hidden=read.hidden,
        read_at=read.read_at,
        mode=desk.mode(admission.policy),
        stopped=stopped is not None,
    )
