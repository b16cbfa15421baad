"""A customer as an option of a menu: by name, and by domain, because Slack filters menus by the option's text."""

from typing import Any, Final

from bot.domain.customers import Customer
from handlers.blocks import limits
from handlers.blocks.pen import tail
from handlers.blocks.text import plain, plain_object

_BETWEEN: Final = " · "
_SHORTEST_DOMAIN: Final = 8
"""Characters of a domain, below which a piece of it says nothing."""


def customer_option(customer: Customer, value: str) -> dict[str, Any]:
    """An option. The domain is what is cut; the description says it once more, with the end of the tenant id."""
    end = tail(customer.id)
    description = f"{plain(customer.domain, limits.OPTION_TEXT - len(end) - len(_BETWEEN))}{_BETWEEN}{end}"
    return {
        "text": plain_object(_text(customer), limits.OPTION_TEXT),
        "description": plain_object(description, limits.OPTION_TEXT),
        "value": value,
    }


def _text(customer: Customer) -> str:
    name = plain(customer.name or customer.domain, limits.OPTION_TEXT)
    left = limits.OPTION_TEXT - len(name) - len(_BETWEEN)
    if not customer.name or not customer.domain or left < min(_SHORTEST_DOMAIN, len(customer.domain)):
        return name
    return f"{name}{_BETWEEN}{plain(customer.domain, left)}"
