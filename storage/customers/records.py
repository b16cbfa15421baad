"""What the directory gives back."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.customers import Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A customer of the directory. `key` is random and stands for it wherever something is pressed or chosen."""

    key: str
    customer: Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What a text found, best first. `fitting`: how many of them hold it as it was typed, without an error in it.

    `as_of`: every change of the service's list before it is in the directory; None: it still fills.
    """

    found: tuple[Kept, ...]
    fitting: int
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the directory stands: its age as in `Hits`, and how many customers it has."""

    as_of: datetime | None
    customers: int
