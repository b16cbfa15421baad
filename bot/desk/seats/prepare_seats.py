"""Prepare a change of seats: read the subscription again, say what moved, keep the draft that submit refers to."""

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.handles import Data, text_of
from bot.desk.hindrance import hindrance, second_person_reasons
from bot.desk.open_handle import open_handle
from bot.desk.purposes import Purpose
from bot.desk.reasons import Problem
from bot.desk.results import Admission
from bot.desk.seats.listed import listed_facts, of_change
from bot.desk.seats.reading import look_at_seats
from bot.desk.seats.records import SeatSheet
from bot.desk.seats.seat_numbers import FIELD, Either, Wanted, added_by, read_number, within_limit
from bot.domain.audit import AuditName
from bot.domain.changes import REQUESTABLE_AGAIN, ChangeKind
from bot.domain.errors import AlreadyDecided, BadInput, ChangeUnknown
from bot.domain.facts import Facts, moved
from bot.domain.people import Caller
from bot.domain.policy import Action
from storage.records import Draft


async def prepare_seats(desk: Desk, *, caller: Caller, handle: str, wanted: Wanted | None = None) -> SeatSheet:
    """What a press on "Add seats" leads to. `wanted` None: the number that was typed with the list, if any.

    Raises SubscriptionGone and as `admit`, `open_handle` and the service do.
    """
    admission = await admit(desk, caller=caller, action=Action.REQUEST, tried=AuditName.CHANGE_REQUEST)
    opened = await open_handle(desk, caller=caller, value=handle, purpose=Purpose.CHOOSE_SEATS)
    return await _prepared(desk, caller=caller, admission=admission, data=opened.data, wanted=wanted)


async def prepare_seats_again(desk: Desk, *, caller: Caller, change_id: str) -> SeatSheet:
    """Request again what came to nothing: as many seats more, reckoned from now, with its note.

    Raises ChangeUnknown, AlreadyDecided where it cannot be asked for again, and what `prepare_seats` raises.
    """
    admission = await admit(
        desk, caller=caller, action=Action.REQUEST, tried=AuditName.CHANGE_REQUEST, change_id=change_id
    )
    async with desk.database.read() as tx:
        change = await tx.changes.get(change_id)
    if change is None or change.team_id != caller.installed_team_id or change.kind is not ChangeKind.SEATS:
        raise ChangeUnknown
    if change.state not in REQUESTABLE_AGAIN:
        raise AlreadyDecided(by=change.asker, at=change.changed_at, state=change.state)
    return await _prepared(
        desk, caller=caller, admission=admission, data=of_change(change), wanted=None, note=change.note
    )


async def _prepared(
    desk: Desk, *, caller: Caller, admission: Admission, data: Data, wanted: Wanted | None, note: str = ""
) -> SeatSheet:
    customer_id, subscription_id = text_of(data, "customer_id"), text_of(data, "subscription_id")
    seen = await look_at_seats(desk, customer_id=customer_id, subscription_id=subscription_id)
    facts = seen.facts()
    listed = listed_facts(data, fresh=facts)
    meant: Wanted | Either | None = wanted
    added, problem = None, None
    try:
        if meant is None and (number := text_of(data, "number")):
            meant = read_number(number, current=facts.quantity)
        if meant is not None and not isinstance(meant, Either):
            added = _added(meant, facts)
    except BadInput as bad:
        meant, problem = None, bad
    # What a second person would be needed for, as far as it can be said: with a number, for that number.
    counted = facts.model_copy(update={"target_quantity": facts.quantity + (added or 0)})
    draft_id = desk.ids.opaque()
    async with desk.database.write() as tx:
        draft = Draft(
            id=draft_id,
            team_id=caller.installed_team_id,
            actor=caller.actor,
            kind=ChangeKind.SEATS,
            facts=facts,
            listed=listed,
            locale=admission.person.locale,
            created_at=tx.now,
            customer_id=facts.customer_id,
            subscription_id=facts.subscription_id,
            target_offer_id=None,
            prefill_note=note,
        )
        await tx.drafts.add(draft)
        against = await hindrance(tx, desk, admission=admission, facts=facts)
    return SeatSheet(
        draft_id=draft_id,
        person=admission.person,
        facts=facts,
        offer=seen.subscription.offer,
        limit=seen.limit,
        moves=moved(before=listed, after=facts),
        listed_at=listed.read_at,
        reasons=seen.reasons,
        second_person=second_person_reasons(admission=admission, facts=counted),
        second_person_above=admission.policy.approval.for_seats_above,
        refundable_quantity=facts.refundable_quantity,
        refundable_until=facts.refundable_until,
        term=facts.term,
        asker_roles=tuple(sorted(admission.evidence.roles)),
        mode=desk.mode(admission.policy),
        hindrance=against,
        ticket_wanted=admission.policy.operation.ticket_pattern is not None,
        prefill=added,
        either=meant if isinstance(meant, Either) else None,
        problem=problem,
        prefill_note=note,
    )


def _added(meant: Wanted, facts: Facts) -> int:
    """How many are added. Raises BadInput where by now there are as many as were to be, or it is over the limit."""
    added = added_by(meant, current=facts.quantity)
    if added < 1:
        raise BadInput(field=FIELD, problem=Problem.NOT_MORE_THAN_NOW, current=facts.quantity)
    within_limit(added, current=facts.quantity, limit=facts.seat_limit)
    return added
