"""The catalogue: the article's table as data, with what screens need to name it (docs/decisions/0010).

It lives in the domain because both the service and the bot's screens read it; service and client share only the wire.
"""

from bot.domain.catalogue.load import load_catalogue, load_default
from bot.domain.catalogue.lookup import Catalogue
from bot.domain.catalogue.model import (
    NO_LIMIT,
    CatalogueError,
    Family,
    HelpLink,
    LocalizedText,
    Offer,
    Path,
    ServicePlan,
)
from bot.domain.catalogue.parse import parse_catalogue

__all__ = [
    "NO_LIMIT",
    "Catalogue",
    "CatalogueError",
    "Family",
    "HelpLink",
    "LocalizedText",
    "Offer",
    "Path",
    "ServicePlan",
    "load_catalogue",
    "load_default",
    "parse_catalogue",
]
