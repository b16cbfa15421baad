"""The facts of a change: what was read, what a person confirmed, what a second look is compared with."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class Facts(BaseModel):
    """What a change rests on, as read from the service at `read_at`. Stored as JSON with the change's facts version.

    `accounts_reset` counts the accounts whose switched-off services come back on; None means it is not known.
    `services_*` are family keys of the catalogue. For a change of seats `target_offer_*` are None, `target_quantity` is
    the new total; for an upgrade it is how many seats move, fewer than `quantity` only where `may_be_part`.
    `seat_limit` is the most seats that the subscription may have (None: not known). `refundable_*` and `term` (ISO
    8601) are what the service tells about giving seats back.
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
    may_be_part: bool = False
    seat_limit: int | None = None
    refundable_quantity: int | None = None
    refundable_until: datetime | None = None
    term: str | None = None
    read_at: datetime

    @property
    def of_seats(self) -> bool:
        """Whether the change is one of seats: the product stays."""
        return self.target_offer_id is None

    @property
    def seats_concerned(self) -> int:
        """How many seats are added, or moved: what the policy's `for_seats_above` counts."""
        return self.target_quantity - self.quantity if self.of_seats else self.target_quantity

    @property
    def seats_left(self) -> int:
        """How many seats stay as they are where a part of the subscription is upgraded; 0 where all of it is."""
        return 0 if self.of_seats else max(self.quantity - self.target_quantity, 0)


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
    """What moved between two readings of the same change. Time passing alone moves nothing (defects.md, 12).

    That seats can no longer be added follows from what else moved, and is said only where nothing else did.
    """
    moves = tuple(
        Move(field=name, before=getattr(before, name), after=getattr(after, name))
        for name in _COMPARED
        if getattr(before, name) != getattr(after, name)
    )
    if after.of_seats and len(moves) > 1:
        return tuple(each for each in moves if each.field != "permitted")
    return moves
