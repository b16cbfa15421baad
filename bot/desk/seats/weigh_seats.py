"""What a number that is being typed would mean: reckoned from the draft alone, so that it is said at once."""

from dataclasses import dataclass

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.draft_of import draft_of
from bot.desk.hindrance import hindrance, second_person_reasons
from bot.desk.results import Admission
from bot.desk.seats.records import SeatSheet
from bot.desk.seats.seat_numbers import read_added, within_limit
from bot.domain.audit import AuditName
from bot.domain.changes import ChangeKind
from bot.domain.errors import BadInput, UpgradeDeskError
from bot.domain.facts import moved
from bot.domain.people import Caller
from bot.domain.policy import Action
from bot.eligibility.client_answers import offer_ref
from storage.records import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsWeighed:
    """The sheet with `prefill` as the number that was typed; `problem` says why it is none that can be ordered."""

    sheet: SeatSheet
    problem: BadInput | None


async def weigh_seats(
    desk: Desk, *, caller: Caller, draft_id: str, text: str, within: float | None = None
) -> SeatsWeighed:
    """Draw the sheet of a draft anew for what was typed. Nothing is read from the service, and nothing recorded.

    `within` seconds bound the asking who somebody is (TimeoutError). Raises HandleUnknown, HandleTooOld, Refused,
    Undetermined, StorageUnavailable.
    """
    admission = await admit(desk, caller=caller, action=Action.REQUEST, tried=AuditName.CHANGE_REQUEST, within=within)
    draft = await draft_of(desk, caller=caller, draft_id=draft_id, kind=ChangeKind.SEATS, admission=admission)
    facts, added, problem = draft.facts, None, None
    try:
        added = read_added(text)
        within_limit(added, current=facts.quantity, limit=facts.seat_limit)
    except BadInput as bad:
        added, problem = None, bad
    async with desk.database.read() as tx:
        against = await hindrance(tx, desk, admission=admission, facts=facts)
    return SeatsWeighed(
        sheet=_sheet(desk, draft=draft, admission=admission, added=added, against=against), problem=problem
    )


def _sheet(
    desk: Desk, *, draft: Draft, admission: Admission, added: int | None, against: UpgradeDeskError | None
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
        prefill_note=draft.prefill_note,
    )
