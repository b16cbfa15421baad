"""Prepare an upgrade: read everything again, say what moved since the list, keep the draft that submit refers to."""

from collections.abc import Mapping
from datetime import datetime

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.facts import listed_facts, services_known
from bot.desk.handles import text_of
from bot.desk.hindrance import hindrance, second_person_reasons
from bot.desk.look import Counting, Look, look
from bot.desk.open_handle import open_handle
from bot.desk.purposes import Purpose
from bot.desk.results import Admission, Confirmation
from bot.domain.audit import AuditName
from bot.domain.changes import REQUESTABLE_AGAIN, Change, ChangeKind
from bot.domain.customers import Reason, ReasonKind
from bot.domain.errors import AlreadyDecided, ChangeUnknown
from bot.domain.facts import Facts, moved
from bot.domain.people import Caller
from bot.domain.policy import Action
from bot.eligibility.client_answers import offer_ref
from storage.records import Draft


async def prepare_upgrade(desk: Desk, *, caller: Caller, handle: str) -> Confirmation:
    """What a press on an option leads to. Raises SubscriptionGone and as `admit`, `open_handle` and the service do."""
    admission = await admit(desk, caller=caller, action=Action.REQUEST, tried=AuditName.CHANGE_REQUEST)
    opened = await open_handle(desk, caller=caller, value=handle, purpose=Purpose.UPGRADE)
    return await _prepared(desk, caller=caller, admission=admission, data=opened.data)


async def prepare_again(desk: Desk, *, caller: Caller, change_id: str) -> Confirmation:
    """Request again what came to nothing: the same upgrade, read now, with its note.

    Raises ChangeUnknown, AlreadyDecided where it cannot be asked for again, and what `prepare_upgrade` raises.
    """
    admission = await admit(
        desk, caller=caller, action=Action.REQUEST, tried=AuditName.CHANGE_REQUEST, change_id=change_id
    )
    async with desk.database.read() as tx:
        change = await tx.changes.get(change_id)
    if change is None or change.team_id != caller.installed_team_id or change.kind is not ChangeKind.UPGRADE:
        raise ChangeUnknown
    if change.state not in REQUESTABLE_AGAIN:
        raise AlreadyDecided(by=change.asker, at=change.changed_at, state=change.state)
    part = change.facts.target_quantity if change.facts.seats_left else None
    return await _prepared(
        desk, caller=caller, admission=admission, data=_of_change(change), note=change.note, part=part
    )


async def _prepared(
    desk: Desk,
    *,
    caller: Caller,
    admission: Admission,
    data: Mapping[str, str | int | None],
    note: str = "",
    part: int | None = None,
) -> Confirmation:
    target = offer_ref(
        offer_id=text_of(data, "target_offer_id"),
        name=text_of(data, "target_offer_name"),
        catalogue=desk.catalogue,
    )
    seen = await look(
        desk,
        customer_id=text_of(data, "customer_id"),
        subscription_id=text_of(data, "subscription_id"),
        target=target,
        counting=Counting.IF_POSSIBLE,
    )
    listed = listed_facts(data, fresh=seen.facts, catalogue=desk.catalogue)
    draft_id = desk.ids.opaque()
    async with desk.database.write() as tx:
        draft = _draft(draft_id, caller=caller, admission=admission, seen=seen, listed=listed, now=tx.now, note=note)
        await tx.drafts.add(draft)
        against = await hindrance(tx, desk, admission=admission, facts=seen.facts)
    return Confirmation(
        draft_id=draft_id,
        person=admission.person,
        facts=seen.facts,
        source=seen.subscription.offer,
        target=seen.target,
        services_known=services_known(seen.subscription.offer, seen.target),
        moves=moved(before=listed, after=seen.facts),
        listed_at=listed.read_at,
        reasons=_reasons(seen),
        second_person=second_person_reasons(admission=admission, facts=seen.facts),
        asker_roles=tuple(sorted(admission.evidence.roles)),
        mode=desk.mode(admission.policy),
        hindrance=against,
        ticket_wanted=admission.policy.operation.ticket_pattern is not None,
        prefill_note=note,
        prefill_seats=part if part is not None and seen.facts.may_be_part and part < seen.facts.quantity else None,
    )


def _reasons(seen: Look) -> tuple[Reason, ...]:
    """Why it is not possible. A target that is no longer listed has no reason of the service's: it is not found."""
    if seen.option is None:
        return (Reason(kind=ReasonKind.TARGET_NOT_FOUND, raw_code=ReasonKind.TARGET_NOT_FOUND),)
    return seen.option.reasons


def _draft(
    draft_id: str,
    *,
    caller: Caller,
    admission: Admission,
    seen: Look,
    listed: Facts,
    now: datetime,
    note: str,
) -> Draft:
    return Draft(
        id=draft_id,
        team_id=caller.installed_team_id,
        actor=caller.actor,
        kind=ChangeKind.UPGRADE,
        facts=seen.facts,
        listed=listed,
        locale=admission.person.locale,
        created_at=now,
        customer_id=seen.facts.customer_id,
        subscription_id=seen.facts.subscription_id,
        target_offer_id=seen.target.id,
        prefill_note=note,
    )


def _of_change(change: Change) -> Mapping[str, str | int | None]:
    """The facts that the earlier change rested on, as a list would have carried them."""
    facts = change.facts
    return {
        **facts.model_dump(mode="json", include={"customer_id", "customer_name", "customer_domain", "subscription_id"}),
        **facts.model_dump(mode="json", include={"subscription_name", "offer_id", "offer_name", "quantity", "status"}),
        **facts.model_dump(mode="json", include={"ends_on", "target_offer_id", "target_offer_name", "read_at"}),
    }
