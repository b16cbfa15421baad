"""/v1/customers: the list, searched by the beginning of a name or domain, and one customer."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from bot.eligibility import wire
from bot.eligibility.service import resources
from bot.eligibility.service.documents import LIST, ONE, PagedCustomers
from bot.eligibility.service.filters import filter_of
from bot.eligibility.service.paging import TOKEN_HEADER, Pager, page_size
from bot.eligibility.service.parts import Service, customer_of
from storage.book.customers import DOMAIN, NAME

_ALLOWED = {"companyname": frozenset({"starts_with"}), "domain": frozenset({"starts_with"})}
_PATH = "/v1/customers"


def router(service: Service) -> APIRouter:
    """The routes of customers."""
    routes = APIRouter(tags=["customers"])

    @routes.get("/customers", responses=LIST, response_model=PagedCustomers)
    async def list_customers(
        size: Annotated[int | None, Query(ge=0, description="items of a page; 0: as many as there may be")] = None,
        filter_: Annotated[
            str | None,
            Query(alias="filter", description='{"Field":"CompanyName"|"Domain","Value":…,"Operator":"starts_with"}'),
        ] = None,
        seek: Annotated[str | None, Query(alias="seekOperation", description="Next, with the token")] = None,
        token: Annotated[str | None, Header(alias=TOKEN_HEADER)] = None,
    ) -> Response:
        """Customers, in the order of their names (or domains, where the filter is about those)."""
        wanted = filter_of(filter_, allowed=_ALLOWED)
        field = DOMAIN if wanted is not None and wanted.field == "domain" else NAME
        text = "" if wanted is None else wanted.value
        query = {} if filter_ is None else {"filter": filter_}
        pager = Pager(key=service.book.paging_key, path=_PATH, query=query)
        after = pager.after(seek=seek, token=token)
        limit = page_size(size)
        async with service.book.look() as tx:
            page = await tx.customers.starting_with(text, field=field, size=limit, after=after)
        links, following = pager.links(page, size=limit)
        items = [resources.listed_customer(each) for each in page.items]
        return Response(wire.collection(items, links=links, token=following).to_json(), media_type="application/json")

    @routes.get("/customers/{customer_id}", responses=ONE, response_model=wire.Customer)
    async def get_customer(customer_id: str) -> Response:
        """One customer, with `allowDelegatedAccess`, which lists do not have."""
        async with service.book.look() as tx:
            found = await customer_of(tx, customer_id)
        return Response(resources.whole_customer(found).to_json(), media_type="application/json")

    return routes
