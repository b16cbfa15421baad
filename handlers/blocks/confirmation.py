"""The modal before an order (screens.md, 2), and what it becomes once the order is recorded."""

from typing import Any

from bot.desk.results import Confirmation
from bot.domain.changes import Change
from bot.domain.eligibility_terms import HelpTopic
from bot.domain.errors import NeedsSecondPerson, OpenChangeExists
from bot.domain.policy import Mode
from handlers.blocks import limits
from handlers.blocks.errors import error_text
from handlers.blocks.frames import modal
from handlers.blocks.moves import moves_text
from handlers.blocks.names import SECOND_PERSON, role_names
from handlers.blocks.pen import Pen
from handlers.blocks.reasons import reasons_text
from handlers.blocks.sheet import Block, Button, Sheet
from handlers.blocks.subject import DOT, rehearsal_line, seats, subject_line, upgrade_line
from handlers.blocks.text import Md, bold, clamp, clean, esc, joined, plain_object

NOTE_FIELD = "note"
"""Block id and action id of the reason or ticket: constant, so that what was typed survives a new drawing."""
CONFIRM = "change.confirm"


def confirmation_view(pen: Pen, asked: Confirmation, *, url: str | None = None) -> Block:
    """The facts before the deed, the customer first. Without a hindrance it ends in a button that says what it does.

    `url`: the card of the change that is in the way, if there is one.
    """
    texts, facts = pen.texts, asked.facts
    sheet = Sheet(language=texts.language, nonce=asked.draft_id)
    sheet.section(rehearsal_line(pen, asked.mode), subject_line(pen, facts))
    sheet.section(
        pen.t("From {offer}", offer=_offer(pen, facts.offer_id, facts.offer_name, facts.quantity)),
        pen.t("To {offer}", offer=_offer(pen, facts.target_offer_id, facts.target_offer_name, facts.target_quantity)),
    )
    sheet.section(_moved(pen, asked))
    sheet.section(*_effects(pen, asked))
    sheet.section(bold(pen.t("This cannot be undone.")))
    if asked.hindrance is not None:
        return _hindered(pen, asked, sheet, url)
    sheet.section(_second_person(pen, asked))
    sheet.element(_note_input(pen, asked))
    submit = texts.t("Rehearse the order") if asked.mode is Mode.REHEARSAL else texts.t("Place binding order")
    return modal(
        texts,
        title=texts.t("Confirm the upgrade"),
        blocks=sheet.view_blocks(),
        callback_id=CONFIRM,
        submit=submit,
        close=texts.t("Cancel"),
        draft_id=asked.draft_id,
    )


def result_view(pen: Pen, change: Change, *, url: str | None = None) -> Block:
    """The request is recorded; nothing is claimed about its outcome yet."""
    sheet = Sheet(language=pen.texts.language, nonce=change.id)
    sheet.section(
        rehearsal_line(pen, Mode.REHEARSAL if change.rehearsal else None),
        bold(pen.t("Recorded as change {number}", number=change.number)),
    )
    sheet.section(subject_line(pen, change.facts), upgrade_line(pen, change.facts))
    sheet.section(pen.t("It is submitted now. You get a direct message with the outcome; this may take an hour."))
    if url is not None:
        sheet.buttons([Button(text=pen.texts.t("Open the card"), action_id="link.card", url=url)])
    return modal(pen.texts, title=pen.texts.t("Recorded"), blocks=sheet.view_blocks())


def _hindered(pen: Pen, asked: Confirmation, sheet: Sheet, url: str | None) -> Block:
    if isinstance(asked.hindrance, NeedsSecondPerson):
        sheet.section(_second_person(pen, asked))
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


def _effects(pen: Pen, asked: Confirmation) -> list[Md]:
    facts = asked.facts
    if asked.services_known:
        added, lost = pen.families(facts.services_added), pen.families(facts.services_lost)
    else:
        added = lost = pen.t("not known")
    billing = pen.t("Billing: the old subscription is cancelled, a new one starts at once.")
    return [
        joined([pen.t("New: {added}", added=added), pen.t("Goes: {lost}", lost=lost)], DOT),
        _accounts(pen, facts.accounts_reset),
        joined([billing, pen.help(HelpTopic.BILLING)], " "),
        joined([pen.t("Price: not known"), pen.t("can take an hour")], DOT),
    ]


def _accounts(pen: Pen, count: int | None) -> Md:
    if count is None:
        return pen.t("Accounts whose switched-off services come back on: not known")
    return pen.n(
        "{count} account: services that are switched off come back on",
        "{count} accounts: services that are switched off come back on",
        count=count,
    )


def _second_person(pen: Pen, asked: Confirmation) -> Md:
    if not asked.second_person:
        return Md("")
    roles = role_names(pen.texts, asked.asker_roles) or pen.texts.t("no role")
    why = joined([pen.t(SECOND_PERSON[reason]) for reason in asked.second_person], ", ")
    return pen.t("{roles}: a second person has to approve ({why})", roles=roles, why=why)


def _note_input(pen: Pen, asked: Confirmation) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": NOTE_FIELD, "max_length": limits.NOTE}
    prefill = clamp(clean(asked.prefill_note), limits.NOTE)
    return {
        "type": "input",
        "block_id": NOTE_FIELD,
        "optional": not asked.ticket_wanted,
        "label": plain_object(pen.texts.t("Ticket or reason"), limits.INPUT_LABEL),
        "element": element | ({"initial_value": prefill} if prefill else {}),
    }


def _offer(pen: Pen, offer_id: str | None, name: str | None, count: int) -> Md:
    return joined([bold(esc(pen.offer(offer_id, name))), seats(pen, count)], DOT)
