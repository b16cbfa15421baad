"""Steps of a change in its thread: a line per audit entry, worded from the entry alone; what waits goes together."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.people import SYSTEM
from bot.locales import msg
from handlers.blocks import limits
from handlers.blocks.names import STATES, role_names
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Message, Sheet
from handlers.blocks.subject import DOT
from handlers.blocks.text import Md, bold, esc, joined, mention, mention_of
from storage.records import AuditRow

N = AuditName

STEPS: Final[Mapping[AuditName, str]] = {
    N.OPTIONS_LOOK: msg("{person} looked at the options"),
    N.OPTIONS_SHARE: msg("{person} shared the options"),
    N.CHANNEL_LINK: msg("{person} linked a channel to this customer"),
    N.CHANNEL_UNLINK: msg("{person} ended the link of a channel to this customer"),
    N.CHANGE_REQUEST: msg("{person} asked for this"),
    N.CHANGE_APPROVE: msg("{person} approved"),
    N.CHANGE_REJECT: msg("{person} rejected"),
    N.CHANGE_WITHDRAW: msg("{person} withdrew"),
    N.CHANGE_SETTLE: msg("{person} settled this by hand"),
    N.CHANGE_CHECK: msg("{person} had the outcome checked"),
    N.CHANGES_LIST: msg("{person} looked at the changes"),
    N.FOLLOW_UPS_READ: msg("{person} read the list of accounts"),
    N.FOLLOW_UPS_TICK: msg("{person} ticked an account, or took a tick back"),
    N.FOLLOW_UPS_HAND_OVER: msg("{person} handed the list of accounts over"),
    N.FOLLOW_UPS_EXPORT: msg("{person} had the list of accounts sent as a file"),
    N.ROLE_READ: msg("{person} looked at their roles"),
    N.AUDIT_READ: msg("{person} read the trail"),
    N.STOP_PRESS: msg("{person} stopped all orders"),
    N.RESUME_PRESS: msg("{person} let orders go on"),
    N.SUBMIT_START: msg("Read again before sending"),
    N.SUBMIT_SEND: msg("Sent to the service"),
    N.SUBMIT_OUTCOME: msg("Outcome recorded"),
    N.SUBMIT_REFUSE: msg("Not sent: it is no longer possible"),
    N.SUBMIT_RETRY: msg("Not carried out yet, will be tried again"),
    N.CHANGE_NO_APPROVER: msg("Nobody here holds a role that may approve this"),
    N.CHANGE_REMIND: msg("This still waits for an approval"),
    N.CHANGE_ESCALATE: msg("This still waits for an approval, in spite of the reminder"),
    N.CHANGE_EXPIRE: msg("The time for this has passed"),
    N.FOLLOW_UPS_REMIND: msg("Whoever holds the list of accounts was reminded"),
    N.FOLLOW_UPS_FORGET: msg("The names of the accounts were deleted, their time was over"),
    N.TRAIL_CUT: msg("Old entries of the trail were removed, up to a checkpoint"),
    N.ROLE_GRANT: msg("A role was granted"),
    N.ROLE_REVOKE: msg("A role was revoked"),
    N.IDENTITY_LINK: msg("A Slack user was linked to a Microsoft user"),
    N.IDENTITY_UNLINK: msg("The link of a Slack user to a Microsoft user was undone"),
    N.TEXT_FORGET: msg("What people typed about this was deleted"),
    N.OPERATION_STOP: msg("Orders were stopped"),
    N.OPERATION_RESUME: msg("Orders were resumed"),
}

VERDICTS: Final[Mapping[AuditVerdict, str]] = {
    AuditVerdict.DONE: msg("done"),
    AuditVerdict.REFUSED: msg("refused"),
    AuditVerdict.UNDETERMINED: msg("could not be decided"),
}


def steps(pen: Pen, rows: Sequence[AuditRow], *, rehearsal: bool) -> tuple[Message, int]:
    """Steps of one change, oldest first, and how many there was room for: the first at least, if there are any.

    Of each: what, by whom in which role, from which state to which, when, and the number of the audit entry.
    """
    first = rows[0] if rows else None
    nonce = "step" if first is None else f"{first.entry.change_id or 'step'}.{first.number}"
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    for at, row in enumerate(rows):
        line, small = step_line(pen, row.entry), _small(pen, row, rehearsal=rehearsal)
        if at and not sheet.room(blocks=2, characters=len(line) + len(small), total=limits.TOTAL_POSTED):
            return sheet.message(text_limit=limits.TEXT_POSTED), at
        sheet.section(line)
        sheet.context(small)
    return sheet.message(text_limit=limits.TEXT_POSTED), len(rows)


def _small(pen: Pen, row: AuditRow, *, rehearsal: bool) -> Md:
    parts = [pen.when(row.at), pen.t("Audit entry {number}", number=row.number)]
    if rehearsal:
        parts.insert(0, bold(pen.t("REHEARSAL: nothing is really ordered")))
    return joined(parts, DOT)


def step_line(pen: Pen, entry: AuditEntry) -> Md:
    """What an entry says, in one line."""
    return joined([_headline(pen, entry), *_details(pen, entry)], DOT)


def _headline(pen: Pen, entry: AuditEntry) -> Md:
    if entry.actor == SYSTEM and entry.name is N.CHANGE_CHECK:
        return pen.t("The outcome was checked")
    person = mention(entry.actor.user_id) if entry.actor.user_id else pen.t("Upgrade Desk")
    words = pen.t(STEPS[entry.name], person=person)
    return words if entry.verdict is AuditVerdict.DONE else joined([words, pen.t(VERDICTS[entry.verdict])], ": ")


def _details(pen: Pen, entry: AuditEntry) -> list[Md]:
    details: list[Md] = []
    addressed = entry.data.get("mention")
    if isinstance(addressed, str):
        details.append(mention_of(addressed))
    if entry.actor.user_id and entry.evidence.roles:  # what the bot does by itself rests on the asker's roles
        details.append(esc(role_names(pen.texts, entry.evidence.roles)))
    if entry.after is not None and entry.after is not entry.before:
        details.append(bold(pen.t(STATES[entry.after])))
    if entry.free_text:
        details.append(pen.t("“{name}”", name=entry.free_text))
    correlation = entry.data.get("correlation_id")
    if isinstance(correlation, str):
        details.append(pen.t("Operation (correlation id): {id}", id=correlation))
    return details
