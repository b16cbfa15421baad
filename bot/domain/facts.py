"""The facts of a change: what was read, what a person confirmed, what a second look is compared with."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class Facts(BaseModel):
    """What a change rests on, as read from the service at `read_at`. Stored as JSON with the change's facts version.

    `accounts_reset` counts the accounts whose switched-off services come back on; None means it is not known.
    `services_*` are family keys of the catalogue. `target_*` are None for a change of seats.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    customer_id: str
    customer_name: str
    customer_domain: str
    subscription_id: str
    subscription_name: str
    offer_id: str
    offer_name: str
    quantity: int
    status: str
    ends_on: date | None = None
    target_offer_id: str | None = None
    target_offer_name: str | None = None
    target_quantity: int
    services_added: tuple[str, ...] = ()
    services_lost: tuple[str, ...] = ()
    accounts_reset: int | None = None
    permitted: bool = True
    flagged: bool = False
    read_at: datetime


_COMPARED = (
    "customer_name",
    "subscription_name",
    "offer_id",
    "quantity",
    "status",
    "target_offer_id",
    "target_quantity",
    "services_added",
    "services_lost",
    "accounts_reset",
    "permitted",
    "flagged",
)


class Move(BaseModel):
    """One fact that moved between two readings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    before: Any
    after: Any


def moved(*, before: Facts, after: Facts) -> tuple[Move, ...]:
    """What moved between two readings of the same change. Time passing alone moves nothing (defects.md, 12)."""
    return tuple(
        Move(field=name, before=getattr(before, name), after=getattr(after, name))
        for name in _COMPARED
        if getattr(before, name) != getattr(after, name)
    )
