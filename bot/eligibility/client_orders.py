"""How an order came out: a closed union, and what proves which (design.md, rule 2).

Only two things prove that nothing happened: the service's own refusal, and a request that cannot have left. Only the
service's own yes proves that something did. All else is Unclear, and nobody sends it again.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from pydantic import ValidationError

from bot.domain.catalogue import Catalogue
from bot.domain.changes import FollowUp
from bot.domain.customers import Reason
from bot.eligibility import wire
from bot.eligibility.client_answers import reason_of
from bot.eligibility.client_faults import Answer, fault_of, fault_words

_TEXT_LIMIT: Final = 256
_REFUSALS: Final = frozenset({400, 401, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 417, 422, 428, 431})
"""Statuses that refuse before acting. 408 is not one: the service may have acted before it gave up."""

_ETAG: Final = re.compile(r"[!#-~]{1,1000}")
"""What an etag is made of (RFC 9110, 8.8.3), in ASCII."""

ANOTHER_NUMBER: Final = "another_number"
"""`Unclear.why`: the service took the change and showed the subscription with another number of seats."""

_CARRIED_OUT: Final = 3000
"""With 409 our service says by it that this request id did act, in another wording: something between us altered it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It is done. `follow_ups` are the accounts that need work."""

    target_subscription_id: str
    quantity: int
    follow_ups: tuple[FollowUp, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedForLater:
    """202: the service carries it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The service said no: nothing happened. `code` and `text` are its own words, `reasons` ours for them.

    `sent` is false where nothing was even sent. `quantity_now`: the seats that there are, where that is why.
    """

    code: str
    text: str = ""
    reasons: tuple[Reason, ...] = ()
    sent: bool = True
    quantity_now: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """Nothing happened, and it may be tried again after `retry_after` seconds. `why` is one word for the log."""

    retry_after: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """Nobody knows whether it happened. `why` is one word for the log."""

    why: str
    status: int | None = None


OrderAnswer = Done | AcceptedForLater | Declined | NotNow | Unclear
UpgradeAnswer = OrderAnswer


def upgrade_outcome(answer: Answer, *, subscription_id: str, quantity: int, catalogue: Catalogue) -> OrderAnswer:
    """What the answer to POST …/upgrades says. One about another subscription says nothing about ours."""
    if (common := _common(answer)) is not None:
        return common
    try:
        result = wire.UpgradeResult.model_validate_json(answer.body or b"")
    except ValidationError:
        return Unclear(why="nonsense", status=answer.status)
    source = (result.source_subscription_id or "").strip()
    if source and source.casefold() != subscription_id.casefold():
        return Unclear(why="contradiction", status=answer.status)
    target = (result.target_subscription_id or "").strip()
    if target and not result.upgrade_errors:
        follow_ups = tuple(_follow_up(each, catalogue) for each in result.license_errors)
        return Done(target_subscription_id=target[:100], quantity=quantity, follow_ups=follow_ups)
    if result.upgrade_errors and not target:
        reasons = tuple(reason_of(each, catalogue) for each in result.upgrade_errors)
        return Declined(code=reasons[0].raw_code, text=reasons[0].raw_text, reasons=reasons)
    return Unclear(why="contradiction", status=answer.status)


def quantity_outcome(answer: Answer, *, subscription_id: str, quantity: int) -> OrderAnswer:
    """What the answer to PATCH of a subscription says. A 200 with another number of seats is no yes to ours, yet."""
    if (common := _common(answer)) is not None:
        return common
    try:
        found = wire.Subscription.model_validate_json(answer.body or b"")
    except ValidationError:
        return Unclear(why="nonsense", status=answer.status)
    if found.id.casefold() != subscription_id.casefold():
        return Unclear(why="contradiction", status=answer.status)
    if found.quantity != quantity:
        return Unclear(why=ANOTHER_NUMBER, status=answer.status)
    return Done(target_subscription_id=found.id, quantity=quantity)


def _common(answer: Answer) -> OrderAnswer | None:
    """The outcome by the status alone; None for a 200, whose body decides."""
    status = answer.status
    if status == HTTPStatus.OK:
        return None if answer.body is not None else Unclear(why="half_a_body", status=status)
    if status == HTTPStatus.ACCEPTED:
        return AcceptedForLater()
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return NotNow(retry_after=answer.retry_after, why="throttled")
    if status in _REFUSALS:
        fault = fault_of(answer)
        if status == HTTPStatus.CONFLICT and fault.number == _CARRIED_OUT:
            return Unclear(why="carried_out_before", status=status)
        code, text = fault_words(fault)
        return Declined(code=code or f"http_{status}", text=text)
    return Unclear(why=f"http_{status}", status=status)


def recorded_follow_ups(text: str | None, catalogue: Catalogue) -> tuple[FollowUp, ...]:
    """The accounts of an UpgradeResult that our service kept in its audit record; none where it kept none."""
    try:
        result = wire.UpgradeResult.model_validate_json(text or "")
    except ValidationError:
        return ()
    return tuple(_follow_up(each, catalogue) for each in result.license_errors)


def _follow_up(error: wire.UserLicenseError, catalogue: Catalogue) -> FollowUp:
    """The account with its services by name, or by what the fault says where it names none."""
    named = error.services or _told(error.errors)
    services = tuple(dict.fromkeys(_service(each, catalogue) for each in named if each.strip()))
    return FollowUp(
        user_id=error.user_object_id[:100],
        name=(error.name or "")[:_TEXT_LIMIT],
        principal_name=(error.email or "")[:_TEXT_LIMIT],
        services=services,
    )


def _service(text: str, catalogue: Catalogue) -> str:
    plan = catalogue.plan(text)
    return text.strip()[:_TEXT_LIMIT] if plan is None else plan.name.en


def _told(faults: Sequence[wire.ApiFault]) -> list[str]:
    told = []
    for fault in faults:
        data = [each for each in fault.data or [] if isinstance(each, str) and each.strip()]
        told += data or [fault.description or fault.code]
    return told


def if_match(etag: str | None) -> dict[str, str]:
    """The header that holds an order to the version that was read; none where the service keeps no version.

    Raises ValueError for what no header may carry: it would end the order after it was marked as sent.
    """
    if etag is None:
        return {}
    bare = etag.strip('"')
    if _ETAG.fullmatch(bare) is None:
        raise ValueError("no etag")
    return {"If-Match": f'"{bare}"'}


def order_body(entry: dict[str, Any], *, quantity: int) -> bytes:
    """The body that orders an upgrade: the very item of the GET with the quantity asked for.

    In ASCII, which holds what UTF-8 cannot (half a surrogate pair): it is made after the order was marked as sent.
    """
    kept = {key: value for key, value in entry.items() if key.casefold() != "quantity"}
    return json.dumps({**kept, "quantity": quantity}, ensure_ascii=True, separators=(",", ":")).encode()
