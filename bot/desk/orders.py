"""The order of each kind of a change."""

from bot.desk.order import Order
from bot.desk.seats.seats_order import SEATS
from bot.desk.upgrade_order import UPGRADE
from bot.domain.changes import ChangeKind


def order_of(kind: ChangeKind) -> Order:
    """How a change of this kind is read, sent and proven."""
    return SEATS if kind is ChangeKind.SEATS else UPGRADE
