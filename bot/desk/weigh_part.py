"""What a part of a subscription would mean while its number is typed: reckoned from the draft alone."""

from dataclasses import dataclass

from bot.desk.desk import Desk
from bot.desk.draft_of import draft_now
from bot.desk.facts import services_known
from bot.desk.hindrance import second_person_reasons
from bot.desk.request_upgrade import in_part
from bot.desk.results import Confirmation
from bot.domain.changes import ChangeKind
from bot.domain.errors import BadInput
from bot.domain.facts import moved
from bot.domain.people import Caller
from bot.eligibility.client_answers import offer_ref


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWeighed:
    """The sheet for so many seats; `problem` says why what was typed is no number that can be upgraded."""

    sheet: Confirmation
    problem: BadInput | None


async def weigh_part(
    desk: Desk, *, caller: Caller, draft_id: str, text: str, within: float | None = None
) -> PartWeighed:
    """Draw the sheet of a draft anew for what was typed. Nothing is read from the service, and nothing recorded.

    `within` seconds bound it (TimeoutError). Raises HandleUnknown, HandleTooOld, Refused, Undetermined,
    StorageUnavailable.
    """
    admission, draft, against = await draft_now(
        desk, caller=caller, draft_id=draft_id, kind=ChangeKind.UPGRADE, within=within
    )
    facts, problem = draft.facts, None
    try:
        facts = in_part(facts, text)
    except BadInput as bad:
        problem = bad
    source, target = (
        offer_ref(offer_id=offer_id or "", name=name or "", catalogue=desk.catalogue)
        for offer_id, name in (
            (facts.offer_id, facts.offer_name),
            (facts.target_offer_id, facts.target_offer_name),
        )
    )
    sheet = Confirmation(
        draft_id=draft.id,
        person=admission.person,
        facts=facts,
        source=source,
        target=target,
        services_known=services_known(source, target),
        moves=() if draft.listed is None else moved(before=draft.listed, after=draft.facts),
        listed_at=None if draft.listed is None else draft.listed.read_at,
        reasons=(),
        second_person=second_person_reasons(admission=admission, facts=facts),
        asker_roles=tuple(sorted(admission.evidence.roles)),
        mode=desk.mode(admission.policy),
        hindrance=against,
        ticket_wanted=admission.policy.operation.ticket_pattern is not None,
        prefill_note=draft.prefill_note,
    )
    return PartWeighed(sheet=sheet, problem=problem)
