"""The second look: read again what a change rests on, outside any transaction, and say whether it still holds."""

from dataclasses import dataclass, field
from typing import Any

from bot.desk.desk import Desk
from bot.desk.look import Counting, look
from bot.desk.reasons import Ended
from bot.domain.changes import Change
from bot.domain.customers import ReasonKind
from bot.domain.errors import CustomerNotFound, SubscriptionGone
from bot.domain.facts import Facts, Move, moved
from bot.eligibility.client_answers import offer_ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """Nothing moved and the service permits it: `entry` orders it."""

    entry: dict[str, Any] = field(repr=False)
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
    """Compare with the facts that were confirmed. Raises ServiceTrouble, where nothing can be said.

    Accounts that were confirmed as not known are not compared; those that were known must be read again.
    """
    facts = change.facts
    target = offer_ref(
        offer_id=facts.target_offer_id or "", name=facts.target_offer_name or "", catalogue=desk.catalogue
    )
    try:
        seen = await look(
            desk,
            customer_id=facts.customer_id,
            subscription_id=facts.subscription_id,
            target=target,
            counting=Counting.NO if facts.accounts_reset is None else Counting.MUST,
        )
    except SubscriptionGone:
        return Impossible(why=Ended.SUBSCRIPTION_GONE)
    except CustomerNotFound:
        return Impossible(why=Ended.CUSTOMER_NOT_FOUND)
    moves = moved(before=facts, after=seen.facts)
    if seen.entry is None or not seen.facts.permitted:
        reasons = () if seen.option is None else seen.option.reasons
        pending = any(each.kind is ReasonKind.OPERATION_PENDING for each in reasons)
        return Impossible(why=Ended.NOT_POSSIBLE_ANY_MORE, moves=moves, pending=pending)
    if moves:
        return Moved(facts=seen.facts, moves=moves)
    return Holds(entry=seen.entry, accounts_total=None if seen.accounts is None else seen.accounts.total)
