"""Our sentences for the service's codes about seats (facts/partner-center.md, 3), for a card that everybody reads.

A code without a sentence is told in the service's own words alone.
"""

from collections.abc import Mapping
from typing import Final

from bot.locales import msg

_SUSPENDED: Final = msg("The subscription is suspended, so its number of seats stays as it is.")
_RANGE: Final = msg("The number of seats is outside the range of this product, so nothing was ordered.")
_TOO_MANY: Final = msg("That is more seats than the service allows for one subscription, so nothing was ordered.")
_PENDING: Final = msg(
    "Another operation is pending on this subscription, so nothing was ordered. It can take up to 24 hours."
)

SERVICE_CODES: Final[Mapping[str, str]] = {
    "2001": _SUSPENDED,
    "2002": _RANGE,
    "2011": msg("The subscription is cancelled, so nothing was ordered."),
    "2055": msg("Somebody else changed this subscription at the same moment, so nothing was ordered."),
    "800027": msg("The service does not let the number of seats of this subscription be changed."),
    "800067": _TOO_MANY,
    "800082": msg("The subscription is not ready to be changed yet, so nothing was ordered. Ask again in a while."),
    "800088": _TOO_MANY,
    "800089": msg("That is more seats than the service allows for this customer, so nothing was ordered."),
    "800090": msg("The subscription has more seats by now, and the service takes none away: nothing was ordered."),
    "800091": _SUSPENDED,
    "900275": _RANGE,
    "900278": _PENDING,
}
