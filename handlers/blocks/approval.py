"""The modal in which somebody checks and approves: facts as read at that moment; its submit is the approval."""

from typing import Final

from bot.desk.approval_results import ApprovalSheet, Decided
from bot.domain.changes import Change, ChangeState
from bot.domain.errors import FactsMoved
from bot.domain.facts import Facts
from bot.domain.policy import Mode
from handlers.blocks import limits
from handlers.blocks.card import asker_line, state_line
from handlers.blocks.card_waiting import given_lines, progress, why_line
from handlers.blocks.effects import effects, from_and_to
from handlers.blocks.errors import error_text
from handlers.blocks.frames import modal
from handlers.blocks.moves import moves_text
from handlers.blocks.pen import Pen
from handlers.blocks.reasons import reasons_text
from handlers.blocks.sheet import Block, Sheet
from handlers.blocks.subject import rehearsal_line, subject_line, upgrade_line
from handlers.blocks.text import Md, bold, mention, plain_object

APPROVE: Final = "change.approve"


def approval_view(pen: Pen, sheet: ApprovalSheet) -> Block:
    """The facts before the decision, the customer first. With a hindrance it says why, and has nothing to submit."""
    change = sheet.change
    page = _facts(pen, change, sheet.facts, services_known=sheet.services_known, nonce=sheet.review_id)
    if sheet.moves:
        page.section(bold(pen.t("Changed since this was asked for: {what}", what=moves_text(pen, sheet.moves))))
    page.section(why_line(pen, sheet.status.reasons), *given_lines(pen, change, sheet.status))
    page.context(asker_line(pen, change))
    if sheet.hindrance is not None:
        page.section(bold(error_text(pen, sheet.hindrance)), reasons_text(pen, sheet.reasons))
        return modal(pen.texts, title=pen.texts.t("Not possible now"), blocks=page.view_blocks())
    if sheet.moves:
        page.section(
            pen.t("First the new facts are put into the change: approvals so far no longer count. Then you approve it.")
        )
        return _frame(pen, page, review_id=sheet.review_id, submit=pen.texts.t("Take over new facts"))
    submit = _submit(pen, change, given=len(sheet.status.given))
    return _frame(pen, page, review_id=sheet.review_id, submit=submit)


def moved_view(pen: Pen, error: FactsMoved) -> Block | None:
    """After a submit that met other facts: what moved, and the same question anew. None where it cannot be put anew."""
    if error.change is None or error.review_id is None:
        return None
    change = error.change
    page = _facts(pen, change, change.facts, services_known=_known(pen, change.facts), nonce=error.review_id)
    page.section(
        bold(pen.t("Nothing was approved: the facts have moved. {what}", what=moves_text(pen, error.moves))),
        pen.t("The change now rests on the facts above; approvals so far no longer count. Submit again to approve."),
    )
    page.context(asker_line(pen, change))
    return _frame(pen, page, review_id=error.review_id, submit=_submit(pen, change, given=0))


def decided_view(pen: Pen, decided: Decided) -> Block:
    """The decision is recorded; nothing is claimed about an outcome yet."""
    change = decided.change
    page = Sheet(language=pen.texts.language, nonce=f"{change.id}.decided")
    page.section(rehearsal_line(pen, _mode(change)), state_line(pen, change))
    page.section(subject_line(pen, change.facts), upgrade_line(pen, change.facts))
    if decided.again:
        page.section(pen.t("You had approved this before: it counts once."))
    if change.state is ChangeState.AWAITING_APPROVAL:
        page.section(
            pen.t(
                "Your approval is recorded: {progress}. Somebody else has to approve it too.",
                progress=progress(pen, given=decided.counted, needed=decided.needed),
            )
        )
    elif change.state is ChangeState.APPROVED:
        page.section(
            pen.t("It is read once more and then submitted. {person} is told the outcome.", person=_asker(pen, change))
        )
    else:
        page.section(pen.t("{person} is told the outcome.", person=_asker(pen, change)))
    return modal(pen.texts, title=pen.texts.t("Recorded"), blocks=page.view_blocks())


def with_again(pen: Pen, view: Block, review_id: str) -> Block:
    """A modal that told of a passing trouble, with a button that submits the same approval once more."""
    again = plain_object(pen.texts.t("Try again"), limits.VIEW_TITLE)
    return view | {"callback_id": APPROVE, "private_metadata": review_id, "submit": again}


def _facts(pen: Pen, change: Change, facts: Facts, *, services_known: bool, nonce: str) -> Sheet:
    page = Sheet(language=pen.texts.language, nonce=nonce)
    page.section(rehearsal_line(pen, _mode(change)), subject_line(pen, facts))
    page.section(*from_and_to(pen, facts))
    page.section(*effects(pen, facts, services_known=services_known))
    if not facts.of_seats:
        page.section(bold(pen.t("This cannot be undone.")))
    return page


def _frame(pen: Pen, page: Sheet, *, review_id: str, submit: str) -> Block:
    texts = pen.texts
    return modal(
        texts,
        title=texts.t("Check and approve"),
        blocks=page.view_blocks(),
        callback_id=APPROVE,
        submit=submit,
        close=texts.t("Cancel"),
        draft_id=review_id,
    )


def _submit(pen: Pen, change: Change, *, given: int) -> str:
    """What the button does: approve and thereby order, approve as one of several, or approve a rehearsal."""
    if change.approvals_needed - given > 1:
        return pen.texts.t("Approve ({given} of {needed})", given=given + 1, needed=change.approvals_needed)
    return pen.texts.t("Approve rehearsal") if change.rehearsal else pen.texts.t("Approve and order")


def _known(pen: Pen, facts: Facts) -> bool:
    offers = (facts.offer_id,) if facts.of_seats else (facts.offer_id, facts.target_offer_id)
    return all(each is not None and pen.catalogue.by_offer_id(each) is not None for each in offers)


def _mode(change: Change) -> Mode | None:
    return Mode.REHEARSAL if change.rehearsal else None


def _asker(pen: Pen, change: Change) -> Md:
    return mention(change.asker.user_id) if change.asker.user_id else pen.t("Somebody")
