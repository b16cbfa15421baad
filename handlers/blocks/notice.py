"""The outcome, told to the asker in a direct message (screens.md, 4)."""

from bot.desk.approval_results import ApprovalStatus
from bot.domain.changes import REQUESTABLE_AGAIN, Change, ChangeState
from bot.domain.eligibility_terms import HelpTopic
from bot.domain.policy import Mode
from handlers.blocks import limits
from handlers.blocks.card import again_button, fault_text, follow_ups_line, state_line
from handlers.blocks.card_waiting import withdraw_button
from handlers.blocks.moves import moves_text
from handlers.blocks.names import any_role
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Button, Message, Sheet
from handlers.blocks.subject import rehearsal_line, subject_line, upgrade_line
from handlers.blocks.text import Md, esc

S = ChangeState


def notice(pen: Pen, change: Change, status: ApprovalStatus | None = None, *, card_url: str | None = None) -> Message:
    """What became of a change, with both subscription ids and the correlation id. No names of accounts."""
    sheet = Sheet(language=pen.texts.language, nonce=f"{change.id}.notice.{change.state.value}")
    sheet.section(rehearsal_line(pen, Mode.REHEARSAL if change.rehearsal else None), state_line(pen, change, status))
    sheet.section(subject_line(pen, change.facts), upgrade_line(pen, change.facts))
    sheet.section(*_what(pen, change, status))
    sheet.context(*_ids(pen, change))
    sheet.buttons(_buttons(pen, change, card_url))
    return sheet.message()


def _what(pen: Pen, change: Change, status: ApprovalStatus | None) -> list[Md]:
    outcome, lines = change.outcome, []
    if change.state is S.AWAITING_APPROVAL:
        # The one notice of a waiting change: nobody is there who could approve it.
        roles = any_role(pen.texts, status.may) if status is not None else ""
        lines.append(
            pen.t(
                "Nobody who may approve this was found ({roles} may). A global admin can give somebody the role; "
                "until then it waits.",
                roles=roles or "–",
            )
        )
    if change.state is S.COMPLETED and not change.rehearsal:
        lines.append(_done(pen, change))
    if change.state is S.UNKNOWN:
        lines.append(pen.t("The order was sent, but no answer proves what became of it. Upgrade Desk keeps looking."))
    if change.state is S.ACCEPTED:
        lines.append(pen.t("The service has accepted the order and is carrying it out. You will hear again."))
    if outcome is not None and outcome.moves:
        lines.append(moves_text(pen, outcome.moves))
    if outcome is not None and change.state is not S.COMPLETED and (outcome.error_code or outcome.error_text):
        lines.append(fault_text(pen, outcome.error_code, outcome.error_text))
    follow_ups = follow_ups_line(pen, change) if change.state is S.COMPLETED else Md("")
    if follow_ups:
        lines.append(Md(f"{follow_ups} {pen.help(HelpTopic.REASSIGNING_LICENCES)}"))
    return lines


def _done(pen: Pen, change: Change) -> Md:
    """What is so now. The service was asked again for the seats: its number is told."""
    facts, outcome = change.facts, change.outcome
    if facts.of_seats:
        now = outcome.quantity if outcome is not None and outcome.quantity is not None else facts.target_quantity
        return pen.n("The service now reports {count} seat.", "The service now reports {count} seats.", count=now)
    if facts.seats_left:
        return pen.n(
            "The old subscription goes on with {count} seat, the new one is active.",
            "The old subscription goes on with {count} seats, the new one is active.",
            count=facts.seats_left,
        )
    return pen.t("The old subscription is cancelled, the new one is active.")


def _ids(pen: Pen, change: Change) -> list[Md]:
    outcome, about = change.outcome, esc(change.facts.subscription_id, limits.ID)
    lines = [
        pen.t("Change {number}", number=change.number),
        pen.t("Subscription: {id}", id=about) if change.facts.of_seats else pen.t("Old subscription: {id}", id=about),
    ]
    if outcome is not None and outcome.target_subscription_id and not change.facts.of_seats:
        lines.append(pen.t("New subscription: {id}", id=esc(outcome.target_subscription_id, limits.ID)))
    if outcome is not None and outcome.order_id:
        lines.append(pen.t("Order found in Partner Center: {id}", id=esc(outcome.order_id, limits.ID)))
    if outcome is not None and outcome.correlation_id:
        lines.append(pen.t("Operation (correlation id): {id}", id=esc(outcome.correlation_id, limits.ID)))
    if outcome is not None and outcome.reference:
        lines.append(pen.t("Reference {reference}", reference=outcome.reference))
    return lines


def _buttons(pen: Pen, change: Change, card_url: str | None) -> list[Button]:
    texts, buttons = pen.texts, []
    if change.state is S.COMPLETED and change.outcome is not None and change.outcome.follow_ups:
        buttons.append(Button(text=texts.t("Show the list"), action_id="change.follow_ups", value=change.id))
    if change.state is S.COMPLETED and not change.rehearsal:
        buttons.append(Button(text=texts.t("Text for the customer"), action_id="change.customer_text", value=change.id))
    if change.state in REQUESTABLE_AGAIN:
        buttons.append(again_button(pen, change))
    if change.state is S.AWAITING_APPROVAL:
        buttons.append(withdraw_button(texts, change))
    if card_url is not None:
        buttons.append(Button(text=texts.t("Open the card"), action_id="link.card", url=card_url))
    return buttons
