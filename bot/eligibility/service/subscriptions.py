"""/v1/customers/{id}/subscriptions: the list, one, a change of seats, and what the tenant has of each product."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from bot.eligibility import wire
from bot.eligibility.service import resources
from bot.eligibility.service.calls import known_id
from bot.eligibility.service.documents import CHANGE, ONE, Skus, Subscriptions, body_document
from bot.eligibility.service.errors import CustomerUnknown
from bot.eligibility.service.parts import OURS, Service, holding_of, ours
from bot.eligibility.service.seats import change_seats
from bot.eligibility.service.skus import subscribed_skus
from bot.eligibility.service.writes import Done, Write, once


def router(service: Service) -> APIRouter:
    """The routes of subscriptions."""
    routes = APIRouter(tags=["subscriptions"])

    @routes.get("/customers/{customer_id}/subscriptions", responses=ONE, response_model=Subscriptions)
    async def list_subscriptions(customer_id: str) -> Response:
        """All subscriptions that we sold, cancelled ones too."""
        holding = await holding_of(service.book, customer_id)
        sold = [each for each in holding.subscriptions if each.sold_by == OURS]
        items = [resources.subscription(each, service.catalogue) for each in sold]
        return Response(wire.collection(items).to_json(), media_type="application/json")

    @routes.get(
        "/customers/{customer_id}/subscriptions/{subscription_id}", responses=ONE, response_model=wire.Subscription
    )
    async def get_subscription(customer_id: str, subscription_id: str) -> Response:
        """One subscription, with its ETag."""
        found = ours(await holding_of(service.book, customer_id), subscription_id)
        body = resources.subscription(found, service.catalogue).to_json()
        etag = f'"{resources.etag_of(found)}"'
        return Response(body, headers={"ETag": etag}, media_type="application/json")

    @routes.patch(
        "/customers/{customer_id}/subscriptions/{subscription_id}",
        responses=CHANGE,
        response_model=wire.Subscription,
        openapi_extra=body_document("Subscription"),
    )
    async def patch_subscription(
        customer_id: str,
        subscription_id: str,
        request: Request,
        if_match: Annotated[str | None, Header(alias="If-Match")] = None,
    ) -> Response:
        """A new total of seats. The body is the whole resource as it was read; what is left out is reset."""

        async def act(write: Write) -> Done:
            return await change_seats(service, write, subscription_id=subscription_id, if_match=if_match)

        return await once(service, request, customer_id=customer_id, act=act)

    @routes.get("/customers/{customer_id}/subscribedskus", responses=ONE, response_model=Skus)
    async def list_subscribed_skus(customer_id: str) -> Response:
        """What the tenant has of each product, from whomever it was bought."""
        known = known_id(customer_id)
        async with service.book.read() as tx:
            holding = None if known is None else await tx.customers.holding(known)
            if holding is None:
                raise CustomerUnknown
            consumed = await tx.users.counts(holding.customer.id)
        items = subscribed_skus(holding, consumed, service.catalogue)
        return Response(wire.collection(items).to_json(), media_type="application/json")

    return routes
