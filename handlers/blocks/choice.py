"""Which customer is meant: a menu, also when only one matches (design.md, rule 11)."""

from typing import Any, Final

from bot.desk.results import CustomerChoice, CustomerMatch
from handlers.blocks import limits
from handlers.blocks.customer_option import customer_option
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Message, Sheet
from handlers.blocks.text import Md, bold, esc, joined, plain_object

CHOOSE_CUSTOMER: Final = "customer.choose"


def choice_message(pen: Pen, choice: CustomerChoice, *, nonce: str, action_id: str = CHOOSE_CUSTOMER) -> Message:
    """How many match, each with its domain, and a menu of them. `action_id` says what choosing leads to."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    sheet.section(_headline(pen, choice))
    shown = choice.matches[: limits.MENU_OPTIONS]
    hidden = choice.total - len(shown)
    if hidden > 0 or choice.at_least:
        sheet.section(
            pen.t(
                "{shown} of {total} are shown. Type more of the name, a domain or a tenant id to narrow it down.",
                shown=len(shown),
                total=_total(pen, choice),
            )
        )
    sheet.element({"type": "actions", "elements": [_menu(pen, shown, action_id)]})
    sheet.context(*(_line(pen, match) for match in shown[: limits.LISTED]))
    return sheet.message(text_limit=limits.TEXT_POSTED)


def _headline(pen: Pen, choice: CustomerChoice) -> Md:
    if choice.same_name:
        return pen.n(
            "{count} customer is called “{query}”. Which one is it?",
            "{count} customers are called “{query}”. Which one is it?",
            count=choice.total,
            query=choice.query,
        )
    return pen.n(
        "{count} customer begins with “{query}”. Is this the one?",
        "{count} customers begin with “{query}”. Which one is it?",
        count=choice.total,
        query=choice.query,
    )


def _total(pen: Pen, choice: CustomerChoice) -> Md:
    return pen.t("more than {total}", total=choice.total) if choice.at_least else esc(pen.texts.number(choice.total))


def _menu(pen: Pen, matches: tuple[CustomerMatch, ...], action_id: str) -> dict[str, Any]:
    options = [customer_option(pen.texts, each.customer, each.handle) for each in matches]
    placeholder = plain_object(pen.texts.t("Choose a customer"), limits.PLACEHOLDER)
    return {"type": "static_select", "action_id": action_id, "placeholder": placeholder, "options": options}


def _line(pen: Pen, match: CustomerMatch) -> Md:
    customer = match.customer
    return joined([bold(esc(customer.name)), esc(customer.domain, limits.DOMAIN), pen.tail(customer.id)], " · ")
