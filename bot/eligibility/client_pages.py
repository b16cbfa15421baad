"""Collections of the service, page by page, by the continuation token."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from bot.domain.errors import ServiceNonsense
from bot.eligibility import wire
from bot.eligibility.client_http import Transport

M = TypeVar("M", bound=wire.WireModel)

_TOKEN_HEADER: Final = "MS-ContinuationToken"  # noqa: S105 - the header's name
_MOST: Final = 100


async def pages_of(
    http: Transport,
    path: str,
    model: type[M],
    *,
    query: Mapping[str, str],
    correlation_id: str,
    most: int = _MOST,
) -> tuple[list[M], bool]:
    """The items of at most `most` pages, and whether these were all. Raises ServiceTrouble; nonsense is one of it."""
    items: list[M] = []
    token: str | None = None
    for _ in range(most):
        found, token = await one_page(http, path, model, query=query, token=token, correlation_id=correlation_id)
        items += found
        if token is None:
            return items, True
    return items, False


async def one_page(
    http: Transport,
    path: str,
    model: type[M],
    *,
    query: Mapping[str, str],
    token: str | None,
    correlation_id: str,
) -> tuple[list[M], str | None]:
    """The items of the page that `token` names (None: the first), and the next one's (None: it was the last)."""
    raw = await http.get(
        path,
        query={**query, "seekOperation": "Next"} if token else query,
        headers={_TOKEN_HEADER: token} if token else {},
        correlation_id=correlation_id,
    )
    try:
        page = _collection_of(model).model_validate_json(raw)
    except ValidationError as error:
        raise ServiceNonsense(correlation_id=correlation_id) from error
    if "items" not in page.model_fields_set:
        raise ServiceNonsense(correlation_id=correlation_id)
    following = _next_token(page.links, page.continuation_token)
    if following is not None and following == token:
        raise ServiceNonsense(correlation_id=correlation_id)
    return page.items, following


@cache
def _collection_of(model: type[wire.WireModel]) -> type[wire.Collection[Any]]:
    """A page's model. Kept: Pydantic keeps it weakly only, and building one takes longer than reading a page."""
    return wire.Collection[model]  # type: ignore[valid-type] # built at run time


def _next_token(links: wire.Links | None, token: str | None) -> str | None:
    link = links.next if links is not None else None
    if link is None:
        return token if links is None else None
    named = (each.value for each in link.headers if each.key.lower() == _TOKEN_HEADER.lower())
    return next(named, token)
