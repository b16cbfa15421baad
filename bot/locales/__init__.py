"""What users read, in English and German: gettext catalogues and what reads them."""

from bot.locales.catalogues import Catalogues, load
from bot.locales.texts import Texts, msg

__all__ = ["Catalogues", "Texts", "load", "msg"]
