"""A customer as an option of a menu: by name, and by domain, because Slack filters menus by the option's text."""

from typing import Any, Final

from bot.domain.customers import Customer
from bot.locales import Texts
from handlers.blocks import limits
from handlers.blocks.pen import tail
from handlers.blocks.text import clean, plain, plain_object

_BETWEEN: Final = " · "
_SHORTEST_DOMAIN: Final = 8
"""Characters of a domain, below which a piece of it says nothing."""


def customer_option(texts: Texts, customer: Customer, value: str) -> dict[str, Any]:
    """An option. The domain is what is cut, and then stands below, with the end of the tenant id."""
    text, end = _text(customer), texts.t("Tenant {tail}", tail=tail(customer.id))
    domain = clean(customer.domain)
    if domain and not text.endswith(domain):
        end = f"{plain(domain, limits.OPTION_TEXT - len(end) - len(_BETWEEN))}{_BETWEEN}{end}"
    return {
        "text": plain_object(text, limits.OPTION_TEXT),
        "description": plain_object(end, limits.OPTION_TEXT),
        "value": value,
    }


def _text(customer: Customer) -> str:
    name, domain = plain(customer.name or customer.domain, limits.OPTION_TEXT), clean(customer.domain)
    left = limits.OPTION_TEXT - len(name) - len(_BETWEEN)
    if not customer.name or not domain or left < min(_SHORTEST_DOMAIN, len(domain)):
        return name
    return f"{name}{_BETWEEN}{plain(domain, left)}"
