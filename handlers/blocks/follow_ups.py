"""Accounts that need work, and the text for the customer: modals for the asker alone, from the database."""

from bot.desk.results import FollowUps
from bot.domain.changes import FollowUp
from bot.domain.eligibility_terms import HelpTopic
from handlers.blocks import limits
from handlers.blocks.card import follow_ups_line
from handlers.blocks.frames import modal
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Block, Sheet
from handlers.blocks.subject import subject_line, upgrade_line
from handlers.blocks.text import Md, bold, clean, esc, joined, plain_object

_MOST = 60_000
"""Characters of accounts in one modal: Slack takes views of 250 kB."""


def follow_ups_view(pen: Pen, found: FollowUps) -> Block:
    """Each account with the services concerned. What does not fit is counted."""
    sheet = Sheet(language=pen.texts.language, nonce=f"{found.change.id}.accounts")
    sheet.section(subject_line(pen, found.change.facts), upgrade_line(pen, found.change.facts))
    sheet.section(follow_ups_line(pen, found.change), pen.help(HelpTopic.REASSIGNING_LICENCES))
    sheet.divider()
    lines: list[Md] = []
    used = 0
    for account in found.accounts:
        line = _account(pen, account)
        used += len(line) + 1
        if used > _MOST:
            rest = len(found.accounts) - len(lines)
            lines.append(pen.n("and {count} more account", "and {count} more accounts", count=rest))
            break
        lines.append(line)
    sheet.section(*(lines or [pen.t("No account needs work.")]))
    return modal(pen.texts, title=pen.texts.t("Follow-up work"), blocks=sheet.view_blocks())


def customer_text_view(pen: Pen, found: FollowUps) -> Block:
    """A text to copy into a mail to the customer; in the asker's language."""
    texts, facts = pen.texts, found.change.facts
    source = clean(pen.offer(facts.offer_id, facts.offer_name))
    target = clean(pen.offer(facts.target_offer_id, facts.target_offer_name))
    count = texts.n("{count} seat", "{count} seats", count=facts.target_quantity)
    paragraphs = [
        texts.t(
            "Your subscription “{source}” has been upgraded to “{target}” on {date} ({seats}).",
            source=source,
            target=target,
            date=texts.date(found.change.changed_at.date()),
            seats=count,
        ),
        texts.t(
            "For billing this is a cancellation and a new order: the old subscription is cancelled, the new one active."
        ),
    ]
    if found.accounts:
        paragraphs.append(
            texts.n(
                "For {count} account some services have to be assigned anew; we will get in touch about it.",
                "For {count} accounts some services have to be assigned anew; we will get in touch about them.",
                count=len(found.accounts),
            )
        )
    sheet = Sheet(language=texts.language, nonce=f"{found.change.id}.text")
    sheet.section(subject_line(pen, facts))
    sheet.element({"type": "section", "text": plain_object("\n\n".join(paragraphs), limits.SECTION_TEXT)})
    return modal(texts, title=texts.t("Text for the customer"), blocks=sheet.view_blocks())


def _account(pen: Pen, account: FollowUp) -> Md:
    services = pen.row([esc(pen.family(each), limits.ID) for each in account.services]) or pen.t("services not named")
    return Md(f"{joined([bold(esc(account.name)), esc(account.principal_name)], ' · ')}: {services}")
