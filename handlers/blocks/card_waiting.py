"""What a card says about approving: how many of how many, until when, who may, why, and the buttons (screens.md, 3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.desk.approval_results import ApprovalStatus
from bot.domain.changes import SETTLEABLE, Change, ChangeState
from bot.domain.policy import SecondPersonReason
from bot.locales import Texts, msg
from handlers.blocks.names import any_role, role_names
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Button, Confirm
from handlers.blocks.text import Md, esc, joined, mention
from storage.approval_records import Decision, DecisionKind

S = ChangeState

SECOND_PERSON_HERE: Final[Mapping[SecondPersonReason, str]] = {
    SecondPersonReason.ROLE: msg("the role of whoever asked may not order alone"),
    SecondPersonReason.SEATS: msg("the number of seats is above the limit"),
    SecondPersonReason.FLAGGED_PATH: msg("this upgrade is marked as doubtful in the catalogue"),
}
"""Why a second person is needed, for everybody in the channel: nobody is addressed."""

_BY: Final = {
    S.REJECTED: DecisionKind.REJECT,
    S.WITHDRAWN: DecisionKind.WITHDRAW,
    S.COMPLETED: DecisionKind.SETTLE,
    S.FAILED: DecisionKind.SETTLE,
}


def progress(pen: Pen, *, given: int, needed: int) -> Md:
    """How many have approved of how many."""
    return pen.t("{given} of {needed}", given=given, needed=needed)


def deciders(pen: Pen, change: Change, status: ApprovalStatus | None) -> Md:
    """Who brought about the present state, as mentions; empty where the clock or the worker did, or it is not known."""
    if status is None:
        return Md("")
    if change.state is S.APPROVED:
        return pen.row([mention(each.actor.user_id) for each in status.given])
    decision = status.decision
    wanted = _BY.get(change.state)
    if decision is None or wanted is None or decision.kind is not wanted:
        return Md("")
    return mention(decision.actor.user_id)


def waiting_lines(pen: Pen, change: Change, status: ApprovalStatus | None) -> list[Md]:
    """Why a second person is needed, who may approve (role names, nobody is pinged), and who has."""
    if status is None or change.state is not S.AWAITING_APPROVAL:
        return []
    lines = [why_line(pen, status.reasons), may_line(pen, status)]
    if status.without_approver is not None:
        lines.append(pen.t("Nobody who may approve this was found. A global admin can give somebody the role."))
    return [each for each in lines if each]


def given_lines(pen: Pen, change: Change, status: ApprovalStatus | None) -> list[Md]:
    """Who has approved, in which role and when; an approval of one's own change is marked as such."""
    if status is None or change.approvals_needed == 0:
        return []
    return [_given(pen, each) for each in status.given]


def why_line(pen: Pen, reasons: tuple[SecondPersonReason, ...]) -> Md:
    """Why a second person is needed; empty where no reason was kept."""
    why = joined([pen.t(SECOND_PERSON_HERE[each]) for each in reasons], ", ")
    return pen.t("A second person is needed: {why}", why=why) if why else Md("")


def may_line(pen: Pen, status: ApprovalStatus) -> Md:
    """Which roles may approve."""
    if not status.may:
        return pen.t("The policy lets nobody approve.")
    return pen.t("May approve: {roles}", roles=any_role(pen.texts, status.may))


def decision_buttons(pen: Pen, change: Change, status: ApprovalStatus | None, *, at: datetime | None) -> list[Button]:
    """What may be decided about a change in this state. `at`: the moment that the drawing speaks for."""
    if change.state is S.AWAITING_APPROVAL:
        return [
            Button(text=pen.texts.t("Check and approve"), action_id="change.review", value=change.id, style="primary"),
            Button(text=pen.texts.t("Reject"), action_id="change.reject", value=change.id),
            withdraw_button(pen.texts, change),
        ]
    if change.state is S.APPROVED and waits_to_be_sent(change) and not ends_withdrawn(change, status):
        return [withdraw_button(pen.texts, change)]
    if change.state in SETTLEABLE and may_be_settled(change, status, at=at):
        return [Button(text=pen.texts.t("Settle by hand"), action_id="change.settle", value=change.id)]
    return []


def waits_to_be_sent(change: Change) -> bool:
    """Whether an approved change was tried in vain and waits: an outage, which its asker need not wait out."""
    return change.attempts > 0 and change.due_at > change.changed_at


def ends_withdrawn(change: Change, status: ApprovalStatus | None) -> bool:
    """Whether it was withdrawn after a sending, and is only looked into before it ends (bot.desk.closing)."""
    decision = status.decision if status is not None else None
    return change.state is S.APPROVED and decision is not None and decision.kind is DecisionKind.WITHDRAW


def may_be_settled(change: Change, status: ApprovalStatus | None, *, at: datetime | None) -> bool:
    """Whether an outcome that never showed is old enough. Each check draws the card anew."""
    moment = at or change.checked_at
    settle_from = status.settle_from if status is not None else None
    return settle_from is not None and moment is not None and moment >= settle_from


def withdraw_button(texts: Texts, change: Change) -> Button:
    """Withdraw, with a question before it; for the asker alone, which the desk checks."""
    nothing = texts.t("Nothing will be ordered. Only whoever asked for the change can withdraw it.")
    not_again = texts.t("It will not be sent again. Only whoever asked for the change can withdraw it.")
    ask = Confirm(
        title=texts.t("Withdraw this change?"),
        text=not_again if change.attempts else nothing,
        confirm=texts.t("Withdraw"),
        deny=texts.t("Keep it"),
    )
    return Button(text=texts.t("Withdraw"), action_id="change.withdraw", value=change.id, confirm=ask)


def _given(pen: Pen, given: Decision) -> Md:
    roles = role_names(pen.texts, given.roles) or pen.texts.t("no role")
    line = pen.t(
        "Approved: {person} ({roles}), {when}",
        person=mention(given.actor.user_id),
        roles=esc(roles),
        when=pen.when(given.at),
    )
    return joined([line, pen.t("own change, which the policy allows")], " · ") if given.self_made else line
