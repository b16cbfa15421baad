"""The modal before an order (screens.md, 2), and what it becomes once the order is recorded."""

from bot.desk.results import Confirmation
from bot.domain.changes import Change, ChangeState
from bot.domain.errors import BadInput, OpenChangeExists
from bot.domain.policy import Mode
from bot.domain.roles import PartnerRole
from handlers.blocks.effects import billing_line, effects, from_and_to
from handlers.blocks.errors import error_text, plain_problem
from handlers.blocks.frames import modal
from handlers.blocks.moves import moves_text
from handlers.blocks.names import SECOND_PERSON, any_role, role_names
from handlers.blocks.note import note_input
from handlers.blocks.number_field import number_input, tell_number
from handlers.blocks.pen import Pen
from handlers.blocks.reasons import reasons_text
from handlers.blocks.sheet import Block, Button, Sheet
from handlers.blocks.subject import rehearsal_line, subject_line, upgrade_line
from handlers.blocks.text import Md, bold, esc, joined

CONFIRM = "change.confirm"


PART_TYPED = "part.typed"


def confirmation_view(
    pen: Pen,
    asked: Confirmation,
    *,
    url: str | None = None,
    problem: BadInput | None = None,
    typed: str = "",
    notice: str = "",
) -> Block:
    """The facts before the deed, the customer first. Without a hindrance it ends in a button that says what it does.

    `url`: the card of the change that is in the way, if there is one. Where a part of the seats can be upgraded, the
    facts are shown for `asked.facts.target_quantity` of them; `problem`: why `typed` is no such number; `notice`: what
    has to be read before it is submitted again.
    """
    texts, facts = pen.texts, asked.facts
    sheet = Sheet(language=texts.language, nonce=asked.draft_id)
    sheet.section(subject_line(pen, facts))
    sheet.section(rehearsal_line(pen, asked.mode))
    in_parts = facts.may_be_part and facts.quantity > 1 and asked.hindrance is None
    if not in_parts:
        sheet.section(*from_and_to(pen, facts))
    sheet.section(_moved(pen, asked))
    if in_parts:
        _part(pen, asked, sheet, problem=problem, typed=typed, notice=notice)
    sheet.section(*effects(pen, facts, services_known=asked.services_known, billing=not in_parts))
    sheet.section(bold(pen.t("This cannot be undone.")))
    if asked.hindrance is not None:
        return _hindered(pen, asked, sheet, url)
    if not in_parts:
        sheet.section(_second_person(pen, asked))
    sheet.element(note_input(pen, prefill=asked.prefill_note, wanted=asked.ticket_wanted))
    return modal(
        texts,
        title=texts.t("Confirm the upgrade"),
        blocks=sheet.view_blocks(),
        callback_id=CONFIRM,
        submit=_submit(pen, asked),
        close=texts.t("Cancel"),
        draft_id=asked.draft_id,
    )


def result_view(
    pen: Pen, change: Change, *, may: frozenset[PartnerRole] = frozenset(), url: str | None = None
) -> Block:
    """The request is recorded; nothing is claimed about its outcome yet. `may`: the roles that approve."""
    sheet = Sheet(language=pen.texts.language, nonce=change.id)
    sheet.section(
        rehearsal_line(pen, Mode.REHEARSAL if change.rehearsal else None),
        bold(pen.t("Recorded as change {number}", number=change.number)),
    )
    sheet.section(subject_line(pen, change.facts), upgrade_line(pen, change.facts))
    if change.state is ChangeState.AWAITING_APPROVAL:
        sheet.section(
            pen.n(
                "It waits for the approval of {count} person, until {when}. You get a direct message with the outcome.",
                "It waits for the approval of {count} people, until {when}. You get a direct message with the outcome.",
                count=change.approvals_needed,
                when=pen.when(change.expires_at),
            ),
            pen.t("May approve: {roles}", roles=any_role(pen.texts, may)) if may else Md(""),
        )
    else:
        sheet.section(pen.t("It is submitted now. You get a direct message with the outcome; this may take an hour."))
    if url is not None:
        sheet.buttons([Button(text=pen.texts.t("Open the card"), action_id="link.card", url=url)])
    return modal(pen.texts, title=pen.texts.t("Recorded"), blocks=sheet.view_blocks())


def _part(pen: Pen, asked: Confirmation, sheet: Sheet, *, problem: BadInput | None, typed: str, notice: str) -> None:
    """How many of the seats are upgraded, and what follows from the number."""
    texts, facts = pen.texts, asked.facts
    hint = texts.t("At most {most}. What is left stays as it is.", most=facts.quantity)
    initial = typed or str(facts.target_quantity)
    sheet.element(number_input(PART_TYPED, label=texts.t("Seats to upgrade"), hint=hint, initial=initial))
    if problem is not None:
        tell_number(sheet, None, esc(plain_problem(pen, problem)))
        return
    follows = [*from_and_to(pen, facts), billing_line(pen, facts), _second_person(pen, asked)]
    tell_number(sheet, facts.target_quantity, *follows, bold(esc(notice)) if notice else Md(""))


def _submit(pen: Pen, asked: Confirmation) -> str:
    """What the button does: it asks for an approval, rehearses, or orders."""
    if asked.second_person:
        return pen.texts.t("Ask for approval")
    if asked.mode is Mode.REHEARSAL:
        return pen.texts.t("Rehearse the order")
    return pen.texts.t("Place binding order")


def _hindered(pen: Pen, asked: Confirmation, sheet: Sheet, url: str | None) -> Block:
    if asked.hindrance is not None:
        sheet.section(bold(error_text(pen, asked.hindrance)))
    sheet.section(reasons_text(pen, asked.reasons))
    if url is not None and isinstance(asked.hindrance, OpenChangeExists):
        sheet.buttons([Button(text=pen.texts.t("Open the card"), action_id="link.card", url=url)])
    return modal(pen.texts, title=pen.texts.t("Not possible now"), blocks=sheet.view_blocks())


def _moved(pen: Pen, asked: Confirmation) -> Md:
    if not asked.moves:
        return Md("")
    what = moves_text(pen, asked.moves)
    if asked.listed_at is None:
        return bold(pen.t("Attention, this has changed: {what}", what=what))
    when = pen.clock_time(asked.listed_at)
    return pen.t("Attention, changed since {when}: {what}", when=when, what=what)


def _second_person(pen: Pen, asked: Confirmation) -> Md:
    if not asked.second_person:
        return Md("")
    roles = role_names(pen.texts, asked.asker_roles) or pen.texts.t("no role")
    why = joined([pen.t(SECOND_PERSON[reason]) for reason in asked.second_person], ", ")
    return pen.t("{roles}: a second person has to approve ({why})", roles=roles, why=why)
