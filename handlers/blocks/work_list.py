"""The accounts that need work after an upgrade, to be worked off: a modal for their holder, from the database."""

from collections.abc import Sequence
from typing import Any, Final

from bot.desk.after.hand_over import FIELD as COLLEAGUE_FIELD
from bot.desk.after.reach import FollowUps
from bot.domain.eligibility_terms import HelpTopic
from handlers.blocks import limits
from handlers.blocks.frames import modal
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Block, Button, Message, Sheet
from handlers.blocks.subject import DOT, subject_line, upgrade_line
from handlers.blocks.text import Md, bold, esc, joined, mention, mrkdwn_object, plain_object
from storage.follow_up_records import Account, FollowUpList

HAND_OVER: Final = "follow_ups.hand_over"
PAGE: Final = 40
"""Accounts of one modal: a block each, beside those at its head and foot."""


def work_list_view(pen: Pen, found: FollowUps, *, page: int = 1) -> Block:
    """Each account with the services to assign anew and a button that ticks it. `page` is brought into range."""
    texts, accounts = pen.texts, found.accounts
    pages = max(1, -(-len(accounts) // PAGE))
    page = min(max(page, 1), pages)
    sheet = Sheet(language=texts.language, nonce=f"{found.change.id}.accounts.{page}")
    sheet.section(subject_line(pen, found.change.facts), upgrade_line(pen, found.change.facts))
    sheet.section(_how_far(pen, found), pen.help(HelpTopic.REASSIGNING_LICENCES))
    sheet.divider()
    for account in accounts[(page - 1) * PAGE : page * PAGE]:
        _account(pen, sheet, account, page=page)
    if pages > 1:
        sheet.context(pen.t("Page {page} of {pages}", page=page, pages=pages))
    sheet.buttons(_turning(pen, found, page=page, pages=pages))
    sheet.buttons(_ways(pen, found))
    if found.work is not None and found.work.deleted_at is None and accounts:
        sheet.context(pen.t("The names are deleted on {date}.", date=texts.date(found.work.delete_at.date())))
    return modal(texts, title=texts.t("Follow-up work"), blocks=sheet.view_blocks(), draft_id=found.change.id)


def hand_over_view(pen: Pen, found: FollowUps) -> Block:
    """To whom the list goes."""
    texts = pen.texts
    sheet = Sheet(language=texts.language, nonce=f"{found.change.id}.hand_over")
    sheet.section(subject_line(pen, found.change.facts), upgrade_line(pen, found.change.facts))
    sheet.section(
        pen.t(
            "Your colleague gets the list, with the names, and the reminders. It has to be somebody whose partner role "
            "may look at customers here."
        )
    )
    sheet.element(
        {
            "type": "input",
            "block_id": COLLEAGUE_FIELD,
            "label": plain_object(texts.t("Colleague"), limits.INPUT_LABEL),
            "element": {"type": "users_select", "action_id": COLLEAGUE_FIELD},
        }
    )
    return modal(
        texts,
        title=texts.t("Hand the list over"),
        blocks=sheet.view_blocks(),
        callback_id=HAND_OVER,
        submit=texts.t("Hand over"),
        close=texts.t("Cancel"),
        draft_id=found.change.id,
    )


def handed_over_view(pen: Pen, found: FollowUps) -> Block:
    """It is done: who holds the list now."""
    sheet = Sheet(language=pen.texts.language, nonce=f"{found.change.id}.handed_over")
    sheet.section(subject_line(pen, found.change.facts))
    holder = mention(found.work.holder.user_id) if found.work is not None else pen.t("nobody")
    sheet.section(pen.t("{person} has the list now and is told by direct message.", person=holder))
    return modal(pen.texts, title=pen.texts.t("Handed over"), blocks=sheet.view_blocks())


def holder_message(pen: Pen, found: FollowUps, *, handed_by: str | None, nonce: str) -> Message:
    """To whoever holds the list: it was handed to them by `handed_by` (a user id), or, None, they are reminded."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    if handed_by is not None:
        sheet.section(pen.t("{person} has handed you a list of accounts to work off.", person=mention(handed_by)))
    else:
        sheet.section(pen.t("Some accounts still wait for your work after an upgrade."))
    sheet.section(subject_line(pen, found.change.facts), upgrade_line(pen, found.change.facts))
    sheet.section(_how_far(pen, found))
    sheet.buttons([list_button(pen, found.change.id)])
    return sheet.message()


def file_sent_view(pen: Pen, found: FollowUps) -> Block:
    """The file is on its way, and for how long it stays."""
    sheet = Sheet(language=pen.texts.language, nonce=f"{found.change.id}.file")
    sheet.section(pen.t("The list was sent to you as a file, by direct message. It is deleted with the names."))
    return modal(pen.texts, title=pen.texts.t("Follow-up work"), blocks=sheet.view_blocks())


def list_button(pen: Pen, change_id: str, *, number: str | None = None) -> Button:
    """The button that opens the list. `number` names the change for screen readers, where several are in a row."""
    text = pen.texts.t("Show the list")
    label = None if number is None else pen.texts.t("{button}: change {number}", button=text, number=number)
    return Button(text=text, label=label, action_id="change.follow_ups", value=change_id)


def open_line(pen: Pen, work: FollowUpList) -> Md:
    """How much of a list is open."""
    return pen.t("Open: {count} of {total} accounts", count=work.open, total=work.total)


def _how_far(pen: Pen, found: FollowUps) -> Md:
    work = found.work
    if work is None:
        return pen.t("No account needs work.")
    if work.deleted_at is not None:
        return pen.t("The names were deleted on {date}.", date=pen.texts.date(work.deleted_at.date()))
    if not work.open:
        return pen.t("All accounts are done.")
    return joined(
        [bold(open_line(pen, work)), pen.t("Assign the services named below anew, then tick the account.")], ". "
    )


def _account(pen: Pen, sheet: Sheet, account: Account, *, page: int) -> None:
    texts, about = pen.texts, account.about
    services = pen.row([esc(pen.family(each), limits.ID) for each in about.services]) or pen.t("services not named")
    lines = [joined([bold(esc(about.name)), esc(about.principal_name)], DOT), services]
    if account.done_at is None:
        text, label, action = texts.t("Tick off"), texts.t("Tick off: {name}", name=about.name), "account.done"
    else:
        who = mention(account.done_by) if account.done_by else pen.t("somebody")
        lines.append(pen.t("Done by {person}, {when}", person=who, when=pen.when(account.done_at)))
        text, label, action = texts.t("Undo"), texts.t("Undo: {name}", name=about.name), "account.open"
    button = Button(text=text, label=label, action_id=f"{action}.{page}", value=account.key)
    section: dict[str, Any] = {"type": "section", "text": mrkdwn_object(joined(lines, "\n"))}
    sheet.element(section | {"accessory": button.element()})


def _turning(pen: Pen, found: FollowUps, *, page: int, pages: int) -> Sequence[Button]:
    texts, change_id = pen.texts, found.change.id
    turning = []
    if page > 1:
        turning.append(Button(text=texts.t("Previous page"), action_id=f"follow_ups.page.{page - 1}", value=change_id))
    if page < pages:
        turning.append(Button(text=texts.t("Next page"), action_id=f"follow_ups.page.{page + 1}", value=change_id))
    return turning


def _ways(pen: Pen, found: FollowUps) -> Sequence[Button]:
    if not found.accounts:
        return []
    texts, change_id = pen.texts, found.change.id
    return [
        Button(text=texts.t("Send as file"), action_id="follow_ups.file", value=change_id),
        Button(text=texts.t("Hand over"), action_id="follow_ups.give", value=change_id),
    ]
