"""The text for the customer: a modal for the asker and for whoever holds the list, from the database."""

from typing import Final

from bot.desk.after.customer_text import CustomerText
from bot.desk.after.reach import FollowUps
from bot.locales import msg
from handlers.blocks import limits
from handlers.blocks.frames import modal
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Block, Button, Sheet
from handlers.blocks.subject import subject_line
from handlers.blocks.text import clean, plain_object

LANGUAGES: Final = {"en": 1, "de": 2}
"""The languages that the text can be had in, by the number that their buttons' actions end in."""


def customer_text_view(pen: Pen, told: CustomerText, *, words: Pen) -> Block:
    """A text to copy into a mail to the customer, in the words of `words`; what stands around it in the reader's."""
    texts, found = pen.texts, told.found
    facts, on = found.change.facts, words.texts.date(told.on)
    paragraphs = _of_more_seats(words, found, on=on) if facts.of_seats else _of_upgrade(words, found, on=on)
    accounts = found.work.total if found.work is not None else 0
    if found.change.outcome is not None and found.change.outcome.follow_ups:
        accounts = found.change.outcome.follow_ups
    if accounts:
        paragraphs.append(
            words.texts.n(
                "For {count} account some services have to be assigned anew; we will get in touch about it.",
                "For {count} accounts some services have to be assigned anew; we will get in touch about them.",
                count=accounts,
            )
        )
    sheet = Sheet(language=texts.language, nonce=f"{found.change.id}.text.{words.texts.language}")
    sheet.section(subject_line(pen, facts))
    sheet.element({"type": "section", "text": plain_object("\n\n".join(paragraphs), limits.SECTION_TEXT)})
    sheet.buttons(
        Button(text=texts.t(NAMES[each]), action_id=f"customer_text.in.{number}", value=found.change.id)
        for each, number in LANGUAGES.items()
        if each != words.texts.language
    )
    return modal(texts, title=texts.t("Text for the customer"), blocks=sheet.view_blocks(), draft_id=found.change.id)


NAMES: Final = {"en": msg("In English"), "de": msg("In German")}


def _of_upgrade(pen: Pen, found: FollowUps, *, on: str) -> list[str]:
    texts, facts = pen.texts, found.change.facts
    first = texts.t(
        "Your subscription “{source}” has been upgraded to “{target}” on {date} ({seats}).",
        source=clean(pen.offer(facts.offer_id, facts.offer_name)),
        target=clean(pen.offer(facts.target_offer_id, facts.target_offer_name)),
        date=on,
        seats=texts.n("{count} seat", "{count} seats", count=facts.target_quantity),
    )
    if facts.seats_left:
        return [
            first,
            texts.n(
                "The old subscription goes on with {count} seat; for billing the new one is a new order.",
                "The old subscription goes on with {count} seats; for billing the new one is a new order.",
                count=facts.seats_left,
            ),
        ]
    return [
        first,
        texts.t(
            "For billing this is a cancellation and a new order: the old subscription is cancelled, the new one active."
        ),
    ]


def _of_more_seats(pen: Pen, found: FollowUps, *, on: str) -> list[str]:
    texts, facts = pen.texts, found.change.facts
    return [
        texts.t(
            "Since {date} your subscription “{source}” has {after} seats instead of {before}.",
            date=on,
            source=clean(pen.offer(facts.offer_id, facts.offer_name)),
            after=facts.target_quantity,
            before=facts.quantity,
        ),
        texts.t("They are billed pro rata from that day on, for the rest of the term."),
    ]
