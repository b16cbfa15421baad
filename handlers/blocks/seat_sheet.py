"""The modal before more seats are ordered: the new total as it will be sent, and what it means."""

from typing import Final

from bot.desk.seats.records import SeatSheet
from bot.domain.errors import OpenChangeExists
from bot.domain.policy import Mode, SecondPersonReason
from handlers.blocks.effects import new_total, seat_effects
from handlers.blocks.errors import error_text, plain_problem
from handlers.blocks.frames import modal
from handlers.blocks.moves import moves_text
from handlers.blocks.names import SECOND_PERSON, role_names
from handlers.blocks.note import note_input
from handlers.blocks.number_field import number_input, tell_number
from handlers.blocks.pen import Pen
from handlers.blocks.seats import against_line
from handlers.blocks.sheet import Block, Button, Sheet
from handlers.blocks.subject import DOT, rehearsal_line, seats, subject_line
from handlers.blocks.text import Md, bold, esc, joined

CONFIRM_SEATS: Final = "seats.confirm"
TYPED: Final = "seats.typed"
MORE: Final = "seats.more"
IN_ALL: Final = "seats.in_all"


def seat_view(
    pen: Pen,
    asked: SeatSheet,
    *,
    typed: str = "",
    notice: str = "",
    url: str | None = None,
) -> Block:
    """The facts before the deed, the customer first. Without a hindrance it ends in a button that says what it does.

    `asked.prefill` is the number whose consequences are shown. `typed` is what stands in the field.
    `notice`: what has to be read before it is submitted again. `url`: the card of the change that is in the way.
    """
    texts, facts = pen.texts, asked.facts
    sheet = Sheet(language=texts.language, nonce=asked.draft_id)
    sheet.section(subject_line(pen, facts))
    sheet.section(rehearsal_line(pen, asked.mode))
    sheet.section(*_now(pen, asked), _moved(pen, asked))
    if asked.hindrance is not None or asked.reasons:
        return _hindered(pen, asked, sheet, url)
    sheet.section(*seat_effects(pen, facts))
    initial = typed or ("" if asked.prefill is None else str(asked.prefill))
    hint = texts.t("How many more there are to be: {example} makes {total}.", example=5, total=facts.quantity + 5)
    sheet.element(number_input(TYPED, label=texts.t("Seats to add"), hint=hint, initial=initial))
    tell_number(sheet, asked.prefill, *_follows(pen, asked), bold(esc(notice)) if notice else Md(""))
    sheet.element(note_input(pen, prefill=asked.prefill_note, wanted=asked.ticket_wanted))
    return modal(
        texts,
        title=texts.t("Add seats"),
        blocks=sheet.view_blocks(),
        callback_id=CONFIRM_SEATS,
        submit=_submit(pen, asked),
        close=texts.t("Cancel"),
        draft_id=asked.draft_id,
    )


def question_view(pen: Pen, asked: SeatSheet, *, handle: str) -> Block:
    """A number that can mean two things: which one? `handle` is that of the subscription, with the number behind it."""
    texts, facts, either = pen.texts, asked.facts, asked.either
    sheet = Sheet(language=texts.language, nonce=asked.draft_id)
    sheet.section(subject_line(pen, facts))
    sheet.section(rehearsal_line(pen, asked.mode), *_now(pen, asked))
    if either is None:
        return modal(texts, title=texts.t("Add seats"), blocks=sheet.view_blocks())
    more, total = either.added.seats, either.total.seats
    sheet.section(bold(pen.t("“{number}” can mean two things:", number=texts.number(more))))
    buttons = []
    ways = (
        (MORE, more, pen.t("{count} more:", count=more), texts.t("{count} more", count=more)),
        (IN_ALL, total - facts.quantity, pen.t("{count} in all:", count=total), texts.t("{count} in all", count=total)),
    )
    for action_id, added, words, button in ways:
        if asked.room is not None and added > asked.room:
            sheet.section(joined([words, pen.t("not possible, {most} more at most", most=asked.room)], " "))
            continue
        sheet.section(joined([words, *new_total(pen, facts.quantity, facts.quantity + added, offer="")], " "))
        buttons.append(Button(text=button, action_id=action_id, value=handle))
    sheet.buttons(buttons)
    return modal(texts, title=texts.t("Add seats"), blocks=sheet.view_blocks(), close=texts.t("Cancel"))


def _now(pen: Pen, asked: SeatSheet) -> list[Md]:
    facts = asked.facts
    offer = bold(esc(pen.offer(facts.offer_id, facts.offer_name)))
    most = Md("") if asked.limit is None else pen.t("at most {limit}", limit=asked.limit)
    return [joined([offer, seats(pen, facts.quantity), most], DOT)]


def _follows(pen: Pen, asked: SeatSheet) -> list[Md]:
    """What follows from the number: the total as it is sent, and who else has to agree."""
    if asked.problem is not None:
        return [esc(plain_problem(pen, asked.problem))]
    facts = asked.facts
    if asked.prefill is None:
        return [pen.t("Type a number, and the new total stands here."), _second_person(pen, asked)]
    return [*new_total(pen, facts.quantity, facts.quantity + asked.prefill, offer=""), _second_person(pen, asked)]


def _second_person(pen: Pen, asked: SeatSheet) -> Md:
    if not asked.second_person:
        return Md("")
    roles = role_names(pen.texts, asked.asker_roles) or pen.texts.t("no role")
    why = joined([_why(pen, each, asked.second_person_above) for each in asked.second_person], ", ")
    return pen.t("{roles}: a second person has to approve ({why})", roles=roles, why=why)


def _why(pen: Pen, reason: SecondPersonReason, above: int) -> Md:
    if reason is SecondPersonReason.SEATS:
        return pen.t("more than {count} seats at once", count=above)
    return pen.t(SECOND_PERSON[reason])


def _submit(pen: Pen, asked: SeatSheet) -> str:
    """What the button does: it asks for an approval, rehearses, or orders."""
    if asked.second_person:
        return pen.texts.t("Ask for approval")
    if asked.mode is Mode.REHEARSAL:
        return pen.texts.t("Rehearse the order")
    return pen.texts.t("Place binding order")


def _moved(pen: Pen, asked: SeatSheet) -> Md:
    if not asked.moves:
        return Md("")
    what = moves_text(pen, asked.moves)
    if asked.listed_at is None:
        return bold(pen.t("Attention, this has changed: {what}", what=what))
    return pen.t("Attention, changed since {when}: {what}", when=pen.clock_time(asked.listed_at), what=what)


def _hindered(pen: Pen, asked: SeatSheet, sheet: Sheet, url: str | None) -> Block:
    if asked.hindrance is not None:
        sheet.section(bold(error_text(pen, asked.hindrance)))
    if asked.reasons:
        sheet.section(against_line(pen, asked.reasons))
    if url is not None and isinstance(asked.hindrance, OpenChangeExists):
        sheet.buttons([Button(text=pen.texts.t("Open the card"), action_id="link.card", url=url)])
    return modal(pen.texts, title=pen.texts.t("Not possible now"), blocks=sheet.view_blocks())
