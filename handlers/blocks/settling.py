"""The modal in which a second person settles an outcome that stayed unclear: what they saw, and what it means."""

from typing import Final

from bot.domain.changes import Change, ChangeState
from handlers.blocks import limits
from handlers.blocks.card import asker_line, outcome_lines, state_line
from handlers.blocks.frames import modal
from handlers.blocks.inputs import one_of, text_input
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Block, Sheet
from handlers.blocks.subject import subject_line, upgrade_line
from handlers.blocks.text import bold, esc

SETTLE: Final = "change.settle"
OUTCOME_FIELD: Final = "outcome"
ORDER_FIELD: Final = "order_id"
SEEN_FIELD: Final = "seen"
"""Block ids and action ids; the last two are also the `field`s of the desk's BadInput."""


def settling_view(pen: Pen, change: Change) -> Block:
    """What is settled, with the ids by which the order is found in Partner Center."""
    texts, outcome = pen.texts, change.outcome
    sheet = Sheet(language=texts.language, nonce=f"{change.id}.settle")
    sheet.section(subject_line(pen, change.facts), upgrade_line(pen, change.facts))
    sheet.section(state_line(pen, change), *outcome_lines(pen, change))
    if outcome is not None and outcome.correlation_id:
        words = pen.t("Operation (correlation id): {id}", id=esc(outcome.correlation_id, limits.ID))
        sheet.context(words, asker_line(pen, change))
    else:
        sheet.context(asker_line(pen, change))
    sheet.section(
        bold(pen.t("Look at the customer's subscriptions and orders in Partner Center first.")),
        pen.t("What you enter ends this change and frees the subscription. It is recorded under your name."),
    )
    if change.facts.of_seats:
        done, not_done = texts.t("The seats were added"), texts.t("The seats were not added")
        order = texts.t("Id of the order, if there is one")
    else:
        done, not_done = texts.t("The upgrade was carried out"), texts.t("The upgrade was not carried out")
        order = texts.t("Id of the order or of the new subscription, if there is one")
    answers = {ChangeState.COMPLETED.value: done, ChangeState.FAILED.value: not_done}
    sheet.element(one_of(OUTCOME_FIELD, label=texts.t("Outcome"), options=answers))
    sheet.element(text_input(ORDER_FIELD, label=order, most=100))
    sheet.element(
        text_input(
            SEEN_FIELD,
            label=texts.t("What you saw, and where"),
            most=limits.NOTE,
            multiline=True,
            optional=False,
        )
    )
    return modal(
        texts,
        title=texts.t("Settle by hand"),
        blocks=sheet.view_blocks(),
        callback_id=SETTLE,
        submit=texts.t("Record outcome"),
        close=texts.t("Cancel"),
        draft_id=change.id,
    )
