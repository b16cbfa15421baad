"""The card: the one channel message that shows a change. State first, in words; the same facts in every state."""

from datetime import datetime
from typing import Final

from bot.desk.approval_results import ApprovalStatus
from bot.desk.reasons import Ended
from bot.domain.changes import REQUESTABLE_AGAIN, Change, ChangeState
from bot.domain.policy import Mode
from handlers.blocks import limits
from handlers.blocks.card_waiting import (
    deciders,
    decision_buttons,
    ends_withdrawn,
    given_lines,
    progress,
    waiting_lines,
    waits_to_be_sent,
)
from handlers.blocks.error_words import ending_sentence
from handlers.blocks.moves import moves_text
from handlers.blocks.names import role_names, state_words
from handlers.blocks.pen import Pen
from handlers.blocks.service_words import SERVICE_CODES
from handlers.blocks.sheet import Button, Message, Sheet
from handlers.blocks.subject import DOT, rehearsal_line, subject_line, upgrade_line
from handlers.blocks.text import Md, bold, clean, esc, joined, mention

S = ChangeState
_UNDONE: Final = frozenset({S.FAILED, S.REFUSED, S.REJECTED, S.WITHDRAWN, S.EXPIRED})


def card(pen: Pen, change: Change, status: ApprovalStatus | None = None) -> Message:
    """The card as the row is now. Names of accounts are never in it; the channel gets their number."""
    sheet = Sheet(language=pen.texts.language, nonce=f"{change.id}.{change.row_version}")
    mode = Mode.REHEARSAL if change.rehearsal else None
    sheet.section(rehearsal_line(pen, mode), state_line(pen, change, status))
    sheet.section(subject_line(pen, change.facts), upgrade_line(pen, change.facts, _for_good(pen, change)))
    sheet.section(*outcome_lines(pen, change))
    sheet.context(asker_line(pen, change))
    sheet.context(*waiting_lines(pen, change, status), *given_lines(pen, change, status))
    sheet.buttons(card_buttons(pen, change, status, at=None))
    return sheet.message()


def state_line(pen: Pen, change: Change, status: ApprovalStatus | None = None) -> Md:
    """The state in words, by whom and when it came about; while it waits, how many have approved and until when."""
    words = bold(pen.t(state_words(change.state, approved=change.approvals_needed > 0)))
    if change.state is S.AWAITING_APPROVAL:
        given = progress(pen, given=len(status.given), needed=change.approvals_needed) if status else Md("")
        return joined([words, given, pen.t("until {when}", when=pen.when(change.expires_at))], DOT)
    parts = [joined([words, deciders(pen, change, status)], " "), pen.when(change.changed_at)]
    if ends_withdrawn(change, status):
        parts.append(pen.t("withdrawn, once it is sure that nothing was ordered"))
    elif change.state is S.APPROVED and waits_to_be_sent(change):
        parts.append(pen.t("tried in vain, next try {when}", when=pen.when(change.due_at)))
    if change.state is S.UNKNOWN and change.checked_at is not None:
        parts.append(pen.t("checked {when}", when=pen.when(change.checked_at)))
    return joined(parts, DOT)


def outcome_lines(pen: Pen, change: Change) -> list[Md]:
    """What came of it: the new subscription, follow-up work, what moved, what went wrong."""
    outcome = change.outcome
    if outcome is None:
        return []
    lines: list[Md] = []
    if outcome.target_subscription_id and not change.facts.of_seats:
        lines.append(pen.t("New subscription {tail}", tail=pen.tail(outcome.target_subscription_id)))
    if outcome.order_id:
        lines.append(pen.t("Order found in Partner Center: {id}", id=esc(outcome.order_id, limits.ID)))
    if change.state is S.COMPLETED and outcome.follow_ups:
        lines.append(follow_ups_line(pen, change))
    if outcome.moves:
        lines.append(moves_text(pen, outcome.moves))
    if change.state is not S.COMPLETED and (outcome.error_code or outcome.error_text):
        lines.append(fault_text(pen, outcome.error_code, outcome.error_text))
    if change.state in {S.FAILED, S.UNKNOWN} and outcome.reference:
        lines.append(pen.t("Reference {reference}", reference=outcome.reference))
    return lines


def follow_ups_line(pen: Pen, change: Change) -> Md:
    """How many accounts need work."""
    outcome = change.outcome
    if outcome is None or not outcome.follow_ups:
        return Md("")
    if outcome.accounts_total is None:
        return pen.n("Follow-up work: {count} account", "Follow-up work: {count} accounts", count=outcome.follow_ups)
    return pen.t("Follow-up work: {count} of {total} accounts", count=outcome.follow_ups, total=outcome.accounts_total)


def fault_text(pen: Pen, code: str | None, text: str) -> Md:
    """Why it failed: our sentence for a code of ours, else the service's own words, after ours where we have one."""
    if code == Ended.REJECTED:
        return pen.t("Reason: “{words}”", words=esc(text, limits.FREE_TEXT))
    sentence = ending_sentence(code)
    if sentence is not None:
        return pen.t(sentence)
    words = clean(text) or clean(code or "")
    told = pen.t("The service says “{words}” (code {code})", words=words.rstrip("."), code=code or "–")
    known = SERVICE_CODES.get(code or "")
    return told if known is None else joined([pen.t(known), told], " ")


def asker_line(pen: Pen, change: Change) -> Md:
    """Who asked, in which role, why, and the change's number."""
    return joined(
        [
            pen.t(
                "{person} ({roles})",
                person=mention(change.asker.user_id),
                roles=role_names(pen.texts, change.asker_roles) or pen.texts.t("no role"),
            ),
            esc(change.note, limits.FREE_TEXT),
            pen.t("Change {number}", number=change.number),
        ],
        DOT,
    )


def _for_good(pen: Pen, change: Change) -> Md:
    """An upgrade cannot be undone. Seats can be given back for a while, which their modals say."""
    return Md("") if change.state in _UNDONE or change.facts.of_seats else pen.t("cannot be undone")


def card_buttons(pen: Pen, change: Change, status: ApprovalStatus | None, *, at: datetime | None) -> list[Button]:
    """What can be done about a change, on its card and wherever else it is shown. `at`: when this is drawn."""
    buttons = decision_buttons(pen, change, status, at=at)
    if change.state in REQUESTABLE_AGAIN:
        return [again_button(pen, change)]
    if change.state in {S.UNKNOWN, S.ACCEPTED}:
        return [Button(text=pen.texts.t("Check the outcome"), action_id="change.check", value=change.id), *buttons]
    return buttons


def again_button(pen: Pen, change: Change) -> Button:
    """Asks for the same again, prefilled."""
    return Button(text=pen.texts.t("Request again"), action_id="change.request_again", value=change.id)
