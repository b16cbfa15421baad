"""The modal that asks for the customer, and what its menu offers."""

from collections.abc import Mapping
from typing import Any, Final

from bot.desk.directory_search import Suggested
from bot.desk.finding.finder import Finder, Wanted
from handlers.blocks import limits
from handlers.blocks.customer_option import customer_option
from handlers.blocks.frames import modal
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Block, Sheet
from handlers.blocks.subject import customer_line
from handlers.blocks.text import Md, mrkdwn_object, plain_object

FIND: Final = "customer.find"
FIELD: Final = "customer"
SEARCH: Final = "customer.search"

_NOTICE: Final = "notice"
_NAMED: Final = 10
"""Candidates that are named above the menu; all of them are in it."""
_SHORTEST: Final = 2
_KEPT: Final = ("type", "callback_id", "title", "submit", "close", "private_metadata", "blocks")


def finder_view(pen: Pen, finder: Finder, *, nonce: str) -> Block:
    """A field that searches as one types; the candidates of a message are there before anything is typed."""
    texts = pen.texts
    sheet = Sheet(language=texts.language, nonce=nonce)
    sheet.section(*_about_message(pen, finder))
    sheet.element(_field(pen, ready=bool(finder.candidates)))
    sheet.context(_standing(pen, finder))
    submit = texts.t("Show the options") if finder.wanted is Wanted.OPTIONS else texts.t("Show the seats")
    return modal(
        texts,
        title=texts.t("Find the customer"),
        blocks=sheet.view_blocks(),
        callback_id=FIND,
        submit=submit,
        close=texts.t("Cancel"),
        draft_id=finder.find_id,
    )


def suggestions(pen: Pen, suggested: Suggested, *, from_message: bool) -> dict[str, Any]:
    """What a menu is answered: options, under a heading where there is something to be said about them."""
    options = [customer_option(pen.texts, each.customer, each.key) for each in suggested.matches[: limits.MENU_OPTIONS]]
    label = None
    if from_message:
        label = pen.texts.t("In the message")
    elif suggested.as_of is None:
        label = pen.texts.t("Still being read: not every customer is here yet")
    if label is None or not options:
        return {"options": options}
    return {"option_groups": [{"label": plain_object(label, limits.OPTION_TEXT), "options": options}]}


def noticed(view: Mapping[str, Any], words: Md | None) -> Block | None:
    """The open modal with a notice above the field, or without it; None where it reads so already."""
    blocks = [dict(each) for each in view.get("blocks", []) if isinstance(each, Mapping)]
    others = [each for each in blocks if each.get("block_id") != _NOTICE]
    if words is None and len(others) == len(blocks):
        return None
    notice: list[Block] = []
    if words is not None:
        notice.append({"type": "section", "block_id": _NOTICE, "text": mrkdwn_object(words)})
    kept = {name: view[name] for name in _KEPT if view.get(name) is not None}
    return kept | {"blocks": [*notice, *others]}


def _about_message(pen: Pen, finder: Finder) -> list[Md]:
    if not finder.asked_in_message:
        return []
    if not finder.candidates:
        return [pen.t("The message does not say which customer it is about.")]
    named = [customer_line(pen, each.customer) for each in finder.candidates[:_NAMED]]
    count = len(finder.candidates)
    head = pen.n(
        "The message may be about this customer. Choose below, or type another one.",
        "The message may be about one of {count} customers. Choose below, or type another one.",
        count=count,
    )
    rest = pen.n("and {count} more", "and {count} more", count=count - _NAMED) if count > _NAMED else Md("")
    return [head, *named, rest]


def _field(pen: Pen, *, ready: bool) -> Block:
    texts = pen.texts
    hint = texts.t(
        "Any part of the name, several words in any order, a domain or a tenant id. A small typing error does no harm."
    )
    return {
        "type": "input",
        "block_id": FIELD,
        "label": plain_object(texts.t("Customer"), limits.INPUT_LABEL),
        "hint": plain_object(hint, limits.INPUT_LABEL),
        "element": {
            "type": "external_select",
            "action_id": SEARCH,
            "placeholder": plain_object(texts.t("Name, domain or tenant id"), limits.PLACEHOLDER),
            "min_query_length": 0 if ready else _SHORTEST,
        },
    }


def _standing(pen: Pen, finder: Finder) -> Md:
    if finder.as_of is not None:
        return pen.t("Customers as of {when}", when=pen.when(finder.as_of))
    return pen.t("The list of customers is still being read: somebody may be missing. A domain or a tenant id works.")
