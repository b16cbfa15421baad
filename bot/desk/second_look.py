"""The second look: read again what a change rests on, outside any transaction, and say whether it still holds."""

from dataclasses import dataclass, field
from typing import Any

from bot.desk.desk import Desk
from bot.desk.orders import order_of
from bot.desk.reasons import Ended
from bot.domain.changes import Change
from bot.domain.customers import ReasonKind
from bot.domain.errors import CustomerNotFound, SubscriptionGone
from bot.domain.facts import Facts, Move, moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """Nothing moved and the service permits it: `entry` orders it, for a kind that needs one."""

    entry: dict[str, Any] | None = field(repr=False)
    accounts_total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Something moved since it was confirmed; it might still be possible. `facts` are the new ones."""

    facts: Facts
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """It is not possible any more. `pending`: because another operation is under way on the subscription."""

    why: Ended
    moves: tuple[Move, ...] = ()
    pending: bool = False


async def second_look(desk: Desk, change: Change) -> Holds | Moved | Impossible:
    """Compare with the facts that were confirmed. Raises ServiceTrouble, where nothing can be said."""
    facts = change.facts
    try:
        seen = await order_of(change.kind).read(desk, change)
    except SubscriptionGone:
        return Impossible(why=Ended.SUBSCRIPTION_GONE)
    except CustomerNotFound:
        return Impossible(why=Ended.CUSTOMER_NOT_FOUND)
    moves = moved(before=facts, after=seen.facts)
    if not seen.facts.permitted:
        pending = any(each.kind is ReasonKind.OPERATION_PENDING for each in seen.reasons)
        # Seats are reckoned from a number: where that moved, it is what stands against them, and is said as such.
        another = facts.of_seats and any(each.field != "permitted" for each in moves)
        why = Ended.FACTS_MOVED if another else Ended.NOT_POSSIBLE_ANY_MORE
        return Impossible(why=why, moves=moves, pending=pending)
    if moves:
        return Moved(facts=seen.facts, moves=moves)
    return Holds(entry=seen.entry, accounts_total=seen.accounts_total)
