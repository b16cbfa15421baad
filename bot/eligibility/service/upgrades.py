"""/v1/customers/{id}/subscriptions/{id}/upgrades: what a subscription may become, and the order."""

from fastapi import APIRouter, Request, Response

from bot.eligibility import wire
from bot.eligibility.service import judging
from bot.eligibility.service.documents import CHANGE, ONE, Upgrades, body_document
from bot.eligibility.service.ordering import order_upgrade
from bot.eligibility.service.parts import Service, holding_of, ours
from bot.eligibility.service.writes import Done, Write, once

_PATH = "/customers/{customer_id}/subscriptions/{subscription_id}/upgrades"


def router(service: Service) -> APIRouter:
    """The routes of upgrades."""
    routes = APIRouter(tags=["upgrades"])
    offers = judging.target_offers(service.catalogue)

    @routes.get(_PATH, responses=ONE, response_model=Upgrades)
    async def list_upgrades(customer_id: str, subscription_id: str) -> Response:
        """One entry per target offer of the table, with every reason against it."""
        holding = await holding_of(service.book, customer_id)
        source = ours(holding, subscription_id)
        options = judging.options_of(holding, source, service.catalogue)
        items = [judging.upgrade(each, source=source, offers=offers) for each in options]
        return Response(wire.collection(items).to_json(), media_type="application/json")

    @routes.post(_PATH, responses=CHANGE, response_model=wire.UpgradeResult, openapi_extra=body_document("Upgrade"))
    async def post_upgrade(customer_id: str, subscription_id: str, request: Request) -> Response:
        """Order one of the entries. 200 alone is not success: look at `upgradeErrors` and `licenseErrors`."""

        async def act(write: Write) -> Done:
            return await order_upgrade(service, write, subscription_id=subscription_id)

        return await once(service, request, customer_id=customer_id, act=act)

    return routes
