"""A page of the audit trail, newest entry first."""

from typing import Final

from bot.desk.audit_trail import TrailPage
from bot.domain.audit import AuditVerdict
from handlers.blocks import limits
from handlers.blocks.gathered import BECAUSE
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Button, Message, Sheet
from handlers.blocks.steps import step_line
from handlers.blocks.subject import DOT
from handlers.blocks.text import Md, bold, clamp_md, esc, joined
from storage.records import AuditRow

AUDIT_COMMAND: Final = "/upgrade-audit"
_ENTRY: Final = 2_000
"""Characters of one entry; a page of them fits what a response_url takes."""


def trail_message(pen: Pen, page: TrailPage, *, nonce: str) -> Message:
    """What was done and tried, by whom, when, and why it was refused."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    about = pen.t("Change {number}", number=page.subject.name) if page.subject.change_id else esc(page.subject.name)
    sheet.section(bold(joined([pen.t("Audit trail"), about], ": ")))
    sheet.context(pen.t("as of {when}", when=pen.when(page.read_at)))
    if not page.rows:
        sheet.section(pen.t("The trail has no entry about this."))
    for row in page.rows:
        sheet.section(_entry(pen, row))
    buttons = []
    if page.more is not None:
        buttons.append(Button(text=pen.texts.t("Older"), action_id="audit.more", value=page.more))
    if page.file is not None:
        buttons.append(Button(text=pen.texts.t("Send as file"), action_id="audit.file", value=page.file))
    sheet.buttons(buttons)
    sheet.context(pen.t("Reading the trail is entered in it."))
    return sheet.message(text_limit=limits.TEXT_POSTED)


def trail_sent(pen: Pen, *, nonce: str) -> Message:
    """The file is on its way."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    sheet.section(pen.t("The trail was sent to you as a file, by direct message."))
    return sheet.message()


def trail_help(pen: Pen, *, nonce: str) -> Message:
    """How to use the command."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    command = Md(f"`{AUDIT_COMMAND}`")
    sheet.section(
        bold(pen.t("How to use it")),
        pen.t("{command} 8F2K3M: the trail of a change, by the number that its card shows.", command=command),
        pen.t("{command} Contoso GmbH: the trail of a customer, by full name, domain or tenant id.", command=command),
    )
    return sheet.message()


def _entry(pen: Pen, row: AuditRow) -> Md:
    entry = row.entry
    small = [pen.when(row.at), pen.t("Audit entry {number}", number=row.number)]
    if entry.verdict is not AuditVerdict.DONE and entry.reason:
        small.append(pen.t(BECAUSE[entry.reason]) if entry.reason in BECAUSE else esc(entry.reason, limits.ID))
    if row.text_deleted:
        small.append(pen.t("what was typed is deleted"))
    return clamp_md(joined([step_line(pen, entry), joined(small, DOT)], "\n"), _ENTRY)
