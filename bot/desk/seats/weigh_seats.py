"""What a number that is being typed would mean: reckoned from the draft alone, so that it is said at once."""

from bot.desk.desk import Desk
from bot.desk.draft_of import draft_now
from bot.desk.hindrance import second_person_reasons
from bot.desk.results import Admission
from bot.desk.seats.records import SeatSheet
from bot.desk.seats.seat_numbers import read_added, within_limit
from bot.domain.changes import ChangeKind
from bot.domain.errors import BadInput, UpgradeDeskError
from bot.domain.facts import moved
from bot.domain.people import Caller
from bot.eligibility.client_answers import offer_ref
from storage.records import Draft


async def weigh_seats(
    desk: Desk, *, caller: Caller, draft_id: str, text: str, within: float | None = None
) -> SeatSheet:
    """The sheet of a draft for what was typed. Nothing is read from the service, and nothing recorded.

    `within` seconds bound it (TimeoutError). Raises HandleUnknown, HandleTooOld, Refused, Undetermined,
    StorageUnavailable.
    """
    admission, draft, against = await draft_now(
        desk, caller=caller, draft_id=draft_id, kind=ChangeKind.SEATS, within=within
    )
    facts, added, problem = draft.facts, None, None
    try:
        added = read_added(text)
        within_limit(added, current=facts.quantity, limit=facts.seat_limit)
    except BadInput as bad:
        added, problem = None, bad
    return _sheet(desk, draft=draft, admission=admission, added=added, problem=problem, against=against)


def _sheet(
    desk: Desk,
    *,
    draft: Draft,
    admission: Admission,
    added: int | None,
    problem: BadInput | None,
    against: UpgradeDeskError | None,
) -> SeatSheet:
    facts = draft.facts
    counted = facts.model_copy(update={"target_quantity": facts.quantity + (added or 0)})
    return SeatSheet(
        draft_id=draft.id,
        person=admission.person,
        facts=facts,
        offer=offer_ref(offer_id=facts.offer_id, name=facts.offer_name, catalogue=desk.catalogue),
        limit=facts.seat_limit,
        moves=() if draft.listed is None else moved(before=draft.listed, after=facts),
        listed_at=None if draft.listed is None else draft.listed.read_at,
        reasons=(),
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
        either=None,
        problem=problem,
        prefill_note=draft.prefill_note,
    )
