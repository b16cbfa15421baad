"""Steps of a change as replies in its thread: one per audit entry, worded from the entry alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.people import SYSTEM
from bot.locales import msg
from handlers.blocks.names import STATES, role_names
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Message, Sheet
from handlers.blocks.subject import DOT
from handlers.blocks.text import Md, bold, esc, joined, mention, mention_of

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


def step(pen: Pen, *, entry: AuditEntry, at: datetime, number: int, rehearsal: bool) -> Message:
    """One step: what, by whom in which role, from which state to which, when, and the number of the audit entry."""
    sheet = Sheet(language=pen.texts.language, nonce=f"{entry.change_id or 'step'}.{number}")
    sheet.section(step_line(pen, entry))
    parts = [pen.when(at), pen.t("Audit entry {number}", number=number)]
    if rehearsal:
        parts.insert(0, bold(pen.t("REHEARSAL: nothing is really ordered")))
    sheet.context(joined(parts, DOT))
    return sheet.message()


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
