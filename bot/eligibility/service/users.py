"""/v1/customers/{id}/users: users and their licences."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from bot.eligibility import wire
from bot.eligibility.service import resources
from bot.eligibility.service.calls import known_id
from bot.eligibility.service.documents import LIST, ONE, Licences, PagedUsers
from bot.eligibility.service.errors import InvalidInput, UserUnknown
from bot.eligibility.service.filters import SimpleFilter, filter_of
from bot.eligibility.service.paging import TOKEN_HEADER, Pager, page_size
from bot.eligibility.service.parts import Service, customer_of
from storage.book.book import BookTransaction
from storage.book.records import UserRecord

_ALLOWED = {"userstate": frozenset({"equals"})}
_STATES = {"active": True, "inactive": False}


def router(service: Service) -> APIRouter:
    """The routes of users."""
    routes = APIRouter(tags=["users"])

    @routes.get("/customers/{customer_id}/users", responses=LIST, response_model=PagedUsers)
    async def list_users(
        customer_id: str,
        size: Annotated[int | None, Query(ge=0, description="items of a page; 0: as many as there may be")] = None,
        filter_: Annotated[
            str | None,
            Query(alias="filter", description='{"Field":"UserState","Value":"Inactive","Operator":"equals"}'),
        ] = None,
        seek: Annotated[str | None, Query(alias="seekOperation", description="Next, with the token")] = None,
        token: Annotated[str | None, Header(alias=TOKEN_HEADER)] = None,
    ) -> Response:
        """Active users with their licences; inactive (deleted) ones by the filter."""
        active = _state(filter_of(filter_, allowed=_ALLOWED))
        query = {} if filter_ is None else {"filter": filter_}
        async with service.book.read() as tx:
            customer = await customer_of(tx, customer_id)
            pager = Pager(key=service.book.paging_key, path=f"/v1/customers/{customer.id}/users", query=query)
            after = pager.after(seek=seek, token=token)
            limit = page_size(size)
            page = await tx.users.page(customer.id, active=active, size=limit, after=after)
        links, following = pager.links(page, size=limit)
        items = [resources.user(each, service.catalogue) for each in page.items]
        return Response(wire.collection(items, links=links, token=following).to_json(), media_type="application/json")

    @routes.get("/customers/{customer_id}/users/{user_id}", responses=ONE, response_model=wire.CustomerUser)
    async def get_user(customer_id: str, user_id: str) -> Response:
        """One user."""
        async with service.book.read() as tx:
            found = await _user(tx, customer_id, user_id)
        return Response(resources.user(found, service.catalogue).to_json(), media_type="application/json")

    @routes.get("/customers/{customer_id}/users/{user_id}/licenses", responses=ONE, response_model=Licences)
    async def list_licences(
        customer_id: str,
        user_id: str,
        groups: Annotated[
            list[str] | None, Query(alias="licenseGroupIds", description="group1 (all of ours), group2 (none)")
        ] = None,
    ) -> Response:
        """A user's licences; service plans that are switched off have `capabilityStatus` `Disabled`."""
        async with service.book.read() as tx:
            found = await _user(tx, customer_id, user_id)
        shown = found.licences or ()
        if groups is not None and "group1" not in {each.casefold() for each in groups}:
            shown = ()
        items = [
            resources.licence(service.catalogue.by_offer_id(each.offer_id), each.offer_id, disabled=each.disabled)
            for each in shown
        ]
        return Response(wire.collection(items).to_json(), media_type="application/json")

    return routes


async def _user(tx: BookTransaction, customer_id: str, user_id: str) -> UserRecord:
    customer = await customer_of(tx, customer_id)
    known = known_id(user_id)
    found = None if known is None else await tx.users.get(customer.id, known)
    if found is None:
        raise UserUnknown
    return found


def _state(wanted: SimpleFilter | None) -> bool:
    if wanted is None:
        return True
    state = _STATES.get(wanted.value.casefold())
    if state is None:
        raise InvalidInput("UserState is Active or Inactive.")
    return state
