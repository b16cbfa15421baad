"""Accounts of a customer that hold a product, and those for whom switched-off services would come back on.

Microsoft: an upgrade gives every user all services of the new plan, so services switched off one by one are lost
(facts/partner-center.md, 11). Whoever cannot read users (they need a user's token) does not know, and says so.
"""

from dataclasses import dataclass
from typing import Final

from bot.domain.errors import ServiceDenied, ServiceRejected
from bot.eligibility import wire
from bot.eligibility.client_faults import segment
from bot.eligibility.client_http import Transport
from bot.eligibility.client_pages import pages_of
from bot.eligibility.client_together import side_by_side

_SIDE_BY_SIDE: Final = 8
_DISABLED: Final = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """`total` accounts hold the product; for `reset` of them some of its services are switched off."""

    total: int
    reset: int


async def count_accounts(http: Transport, *, customer_id: str, sku_id: str, correlation_id: str) -> Accounts | None:
    """Count them, by the users' list where it tells licences, else user by user up to a bound; None: not known."""
    path = f"customers/{segment(customer_id)}/users"
    most = http.limits.user_pages
    try:
        users, complete = await pages_of(
            http, path, wire.CustomerUser, query={"size": "500"}, most=most, correlation_id=correlation_id
        )
        if not complete:
            return None
        told = [each.assigned_licenses for each in users]
        if all(each is not None for each in told):
            return _count([_in_list(each or [], sku_id) for each in told])
        if len(users) > http.limits.licence_reads:
            return None

        async def ask(user: wire.CustomerUser) -> bool | None:
            if user.assigned_licenses is not None:
                return _in_list(user.assigned_licenses, sku_id)
            licences, _ = await pages_of(
                http, f"{path}/{segment(user.id)}/licenses", wire.License, query={}, correlation_id=correlation_id
            )
            return _in_licences(licences, sku_id)

        return _count(await side_by_side([ask(each) for each in users], most=_SIDE_BY_SIDE))
    except (ServiceDenied, ServiceRejected):
        return None


def _count(held: list[bool | None]) -> Accounts:
    return Accounts(total=sum(each is not None for each in held), reset=sum(each is True for each in held))


def _in_list(licences: list[wire.AssignedLicense], sku_id: str) -> bool | None:
    """Whether plans of the product are switched off for this user; None where the user does not hold it."""
    mine = [each for each in licences if each.sku_id.casefold() == sku_id.casefold()]
    return any(each.disabled_plans for each in mine) if mine else None


def _in_licences(licences: list[wire.License], sku_id: str) -> bool | None:
    mine = [each for each in licences if each.product_sku.id.casefold() == sku_id.casefold()]
    if not mine:
        return None
    return any(
        (plan.capability_status or "").strip().lower() == _DISABLED for each in mine for plan in each.service_plans
    )
