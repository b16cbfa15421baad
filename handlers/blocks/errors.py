"""Errors as messages and modals: what happened, why, what to do next, and the reference that is in the log."""

from datetime import datetime
from typing import Any, Final

from bot.domain.changes import ChangeState
from bot.domain.errors import (
    AlreadyDecided,
    BadInput,
    DatabaseDown,
    Refused,
    TooLate,
    Undetermined,
    Unexpected,
    UpgradeDeskError,
)
from bot.domain.people import Actor
from bot.domain.policy import SecondPersonReason
from bot.domain.roles import PartnerRole
from handlers.blocks.error_words import DECIDED_BY_NOBODY, ERRORS, PROBLEMS, REFUSALS, UNCLEAR
from handlers.blocks.frames import modal
from handlers.blocks.names import SECOND_PERSON, any_role, state_words
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Block, Button, Message, Sheet
from handlers.blocks.text import Md, clean, esc, joined, mention

AT_FIELD: Final = (BadInput, DatabaseDown, TooLate, Undetermined, Unexpected)
"""After these, pressing again may well work: the modal stays open with what was typed in it."""


def error_text(pen: Pen, error: UpgradeDeskError) -> Md:
    """The sentence of an error. What an error does not carry is said in general words; it never fails."""
    return pen.t(_sentence(error), **_values(pen, error))


def plain_problem(pen: Pen, error: UpgradeDeskError) -> str:
    """The sentence at a field of a modal, in plain text. For `AT_FIELD`, whose sentences hold numbers at most."""
    sentence = pen.texts.t(_sentence(error), **_numbers(error))
    if not error.reference:
        return sentence
    return f"{sentence} {pen.texts.t('Reference {reference}', reference=error.reference)}"


def error_message(pen: Pen, error: UpgradeDeskError, *, nonce: str, url: str | None = None) -> Message:
    """An error, told to one person. `url` leads to what is in the way."""
    return _sheet(pen, error, nonce=nonce, url=url).message()


def error_view(pen: Pen, error: UpgradeDeskError, *, nonce: str, url: str | None = None) -> Block:
    """An error in a modal: it takes the place of what was being loaded or asked for."""
    sheet = _sheet(pen, error, nonce=nonce, url=url)
    return modal(pen.texts, title=pen.texts.t("That did not work"), blocks=sheet.view_blocks())


def home_of_error(pen: Pen, error: UpgradeDeskError, *, nonce: str, url: str | None = None) -> Block:
    """An error in the Home tab."""
    return {"type": "home", "blocks": _sheet(pen, error, nonce=nonce, url=url).view_blocks()}


def _sheet(pen: Pen, error: UpgradeDeskError, *, nonce: str, url: str | None) -> Sheet:
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    sheet.section(error_text(pen, error))
    if error.reference:
        sheet.context(pen.t("Reference {reference}", reference=error.reference))
    if url is not None:
        sheet.buttons([Button(text=pen.texts.t("Open the card"), action_id="link.card", url=url)])
    return sheet


def _sentence(error: UpgradeDeskError) -> str:
    table: dict[str, str] = {}
    word = ""
    if isinstance(error, Undetermined):
        table, word = {key.value: text for key, text in UNCLEAR.items()}, error.reason
    elif isinstance(error, Refused):
        table, word = {key.value: text for key, text in REFUSALS.items()}, error.reason
    elif isinstance(error, BadInput):
        table, word = {key.value: text for key, text in PROBLEMS.items()}, error.problem
    if word in table:
        return table[word]
    if isinstance(error, AlreadyDecided) and not error.by.user_id:
        return DECIDED_BY_NOBODY
    return next(ERRORS[kind] for kind in type(error).__mro__ if kind in ERRORS)


def _values(pen: Pen, error: UpgradeDeskError) -> dict[str, object]:
    given: dict[str, Any] = {**error.params, **vars(error)}
    by, at, state = given.get("by"), given.get("at"), given.get("state")
    known_states = {each.value: state_words(each, approved=True) for each in ChangeState}
    return {
        "query": given.get("query") or "",
        "number": given.get("number") or "",
        "person": mention(by.user_id) if isinstance(by, Actor) and by.user_id else pen.t("Somebody"),
        "when": pen.when(at) if isinstance(at, datetime) else "",
        "state": pen.t(known_states[ChangeState(state)]) if state in known_states else str(state or ""),
        "why": _reasons(pen, given.get("reasons")),
        "may": _roles(pen, given.get("may")),
        "wait": max(1, round(float(given.get("retry_after") or 1))),
        "words": clean(given.get("fault_text") or given.get("fault_code") or "").rstrip("."),
        "code": given.get("fault_code") or "–",
        **_numbers(error),
    }


def _numbers(error: UpgradeDeskError) -> dict[str, object]:
    """The numbers that a sentence about seats may hold."""
    found = {name: error.params.get(name) for name in ("limit", "most", "current")}
    return {name: value if isinstance(value, int) else "–" for name, value in found.items()}


def _reasons(pen: Pen, reasons: object) -> Md:
    named = reasons if isinstance(reasons, list | tuple) else ()
    known = [esc(pen.t(SECOND_PERSON[each])) for each in SecondPersonReason if each in named]
    return joined(known, ", ") or pen.t("see the policy")


def _roles(pen: Pen, may: object) -> Md:
    known = {each.value: each for each in PartnerRole}
    named = may if isinstance(may, list | tuple | set | frozenset) else ()
    roles = frozenset(known[each] for each in named if each in known)
    return esc(any_role(pen.texts, roles)) if roles else pen.t("see the policy")
