"""Deliveries past the page, as anybody, with real values behind every button and modal."""

import json
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest

from bot.desk.after.begin import begin_list
from bot.desk.desk import Desk
from bot.desk.find_customer import find_customer
from bot.desk.finding.finder import Wanted, prepare_finder
from bot.desk.handles import HandleMaker
from bot.desk.list_options import list_options
from bot.desk.list_places import ListName, Place, keep_places
from bot.desk.prepare_approval import prepare_approval
from bot.desk.prepare_upgrade import prepare_upgrade
from bot.desk.purposes import Purpose
from bot.desk.request_upgrade import request_upgrade
from bot.desk.results import CustomerChoice, CustomerOpened
from bot.desk.roles import grant_role
from bot.desk.seats.list_seats import list_seats
from bot.desk.seats.prepare_seats import prepare_seats
from bot.domain.changes import FollowUp
from bot.domain.people import Actor, Caller
from bot.domain.roles import PartnerRole
from bot.workspace.sample import APPROVALS, PEOPLE, TEAM
from handlers.payload import Kind
from handlers.registry import Route
from tests.support.product import Product
from tests.support.workspace_reading import reading


@dataclass(slots=True, kw_only=True)
class Door:
    """Deliveries past the page, as anybody; whatever is answered is collected."""

    product: Product
    address: str
    values: dict[str, str]
    told: list[str] = field(default_factory=list)

    async def knock(self, route: Route, *, user_id: str, team_id: str) -> str:
        """Deliver it; everything that was said in answer. Modals open at Sven's, whose trigger it is."""
        self.told.clear()
        body = self._body(route, user_id, team_id)
        app = self.product.app
        if route.kind is Kind.OPTIONS or ("view" in body and route.kind is Kind.ACTION):
            body["view"] |= await self._modal(body["trigger_id"])
        answer = await app.bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
        assert answer.status == 200, (route.name, answer.status)
        assert await app.runtime.drain(timeout=10) == 0
        if route.kind is Kind.VIEW:
            return str(json.loads(answer.body))
        if route.kind is Kind.OPTIONS:
            assert json.loads(answer.body) == {"options": []}
        sven = self.product.slack.member(PEOPLE["sales_agent"])
        if (view := await sven.modal()) is not None:
            self.told.append(reading(view))
            await sven.close(clear=True)
        return "\n".join(self.told)

    def _body(self, route: Route, user_id: str, team_id: str) -> dict[str, Any]:
        trigger = self.product.slack.server.workspace.triggers.new(PEOPLE["sales_agent"])
        value = self.values.get(route.name, "made-up")
        common = {"user": {"id": user_id, "team_id": team_id}, "team": {"id": TEAM.id}, "trigger_id": trigger}
        match route.kind:
            case Kind.COMMAND:
                return {
                    "command": route.name,
                    "text": "Fabrikam Reisen AG",
                    "team_id": team_id,
                    "user_id": user_id,
                    "channel_id": APPROVALS,
                    "trigger_id": trigger,
                    "response_url": self.address,
                }
            case Kind.EVENT:
                event = {"type": route.name, "user": user_id, "tab": "home", "channel": "D1"}
                return {"type": "event_callback", "team_id": team_id, "event_id": trigger, "event": event}
            case Kind.SHORTCUT:
                where = {"channel": {"id": APPROVALS}, "response_url": self.address}
                message = {"type": "message", "text": "fabrikam.example?", "ts": "1.2"}
                user = {"id": user_id, "name": "x"}  # as documented: without a team
                said = {"type": "message_action", "callback_id": route.name, "message": message}
                return {**said, "user": user, "team": {"id": team_id}, "trigger_id": trigger, **where}
            case Kind.OPTIONS:
                view = {"private_metadata": self.values["view customer.find"], "app_installed_team_id": TEAM.id}
                said = {"type": "block_suggestion", "action_id": route.name, "block_id": "customer", "value": ""}
                return {**said, **common, "view": view}
            case Kind.VIEW:
                values = {"outcome": {"outcome": {"selected_option": {"value": "failed"}}}}
                values |= {"customer": {"customer.search": {"selected_option": {"value": "made-up"}}}}
                values |= {name: {name: {"value": "seen it"}} for name in ("reason", "seen", "note")}
                values |= {"seats": {"seats.typed": {"value": "5"}}}
                view = {"id": "V1", "hash": trigger, "type": "modal", "callback_id": route.name}
                view |= {"private_metadata": self.values[f"view {route.name}"], "app_installed_team_id": TEAM.id}
                return {"type": "view_submission", **common, "view": view | {"state": {"values": values}}}
            case _:
                name = f"{route.name}.1" if route.pattern.search(f"{route.name}.1") else route.name
                action = {"type": "button", "action_id": name, "block_id": "en.x.0", "value": value}
                where: dict[str, Any] = {"channel": {"id": APPROVALS}, "response_url": self.address}
                if route.name.endswith(".typed"):  # what is typed is typed in a modal, with a draft behind it
                    where = {"view": {"private_metadata": value, "app_installed_team_id": TEAM.id}}
                    action |= {"type": "plain_text_input", "value": "5"}
                return {"type": "block_actions", **common, **where, "actions": [action]}

    async def _modal(self, trigger: str) -> dict[str, Any]:
        """A modal of Sven's, as a payload has it."""
        block = {"type": "section", "block_id": "en.x.0", "text": {"type": "plain_text", "text": "before"}}
        title = {"type": "plain_text", "text": "before"}
        view = {"type": "modal", "callback_id": "customer.find", "title": title, "blocks": [block]}
        opened = await self.product.app.client.views_open(trigger_id=trigger, view=view)
        return view | {"id": opened["view"]["id"]}


def _caller(who: str) -> Caller:
    actor = Actor(team_id=TEAM.id, user_id=PEOPLE[who])
    return Caller(actor=actor, installed_team_id=TEAM.id, delivery_id="t", channel_id=APPROVALS)


async def page_of_trail(desk: Desk, *, caller: Caller) -> str:
    """A value that leads to a page of the trail."""
    maker = HandleMaker(desk=desk, caller=caller)
    value = maker.make(Purpose.TRAIL, {"name": "x", "customer_id": "x", "change_id": "", "after": "9"})
    await maker.keep()
    return value


async def values_behind(product: Product) -> dict[str, str]:
    """What they have before them: lists and a draft of Sven's, a change that Heidi asked for, Sven's review of it."""
    desk, sven, heidi = product.app.desk, _caller("sales_agent"), _caller("helpdesk_agent")
    found = await find_customer(desk, caller=sven, text="Fabrikam Reisen AG")
    assert isinstance(found, CustomerOpened)
    chosen = await find_customer(desk, caller=sven, text="Fabrikam Re")
    assert isinstance(chosen, CustomerChoice)
    shown = {who.actor: await list_options(desk, caller=who, customer_id=found.customer.id) for who in (sven, heidi)}
    buttons = {who: [line.handle for card in each.cards for line in card.options] for who, each in shown.items()}
    handles = {who: next(each for each in row if each is not None) for who, row in buttons.items()}
    mine = await prepare_upgrade(desk, caller=sven, handle=handles[sven.actor])
    hers = await prepare_upgrade(desk, caller=heidi, handle=handles[heidi.actor])
    seats = await list_seats(desk, caller=sven, customer_id=found.customer.id, number="25")
    (seat,) = [each.handle for each in seats.offers if each.handle is not None]
    more = await prepare_seats(desk, caller=sven, handle=seat)
    change = await request_upgrade(desk, caller=heidi, draft_id=hers.draft_id, note="4711")
    review = await prepare_approval(desk, caller=sven, change_id=change.id)
    (place,) = await keep_places(desk, caller=sven, places=[Place(name=ListName.MINE, after="1.x")])
    further = await page_of_trail(desk, caller=sven)
    finder = await prepare_finder(desk, caller=sven, wanted=Wanted.OPTIONS, address="", candidates=())
    async with desk.database.write() as tx:
        account = FollowUp(user_id="u", name="Felix", principal_name="felix@fabrikam.example", services=("Teams",))
        await begin_list(tx, desk, change=change, accounts=[account])
    async with desk.database.read() as tx:
        (work,) = await tx.follow_ups.of(change.id)
    # From here on she may approve what others ask for; not this.
    await grant_role(desk.database, actor=heidi.actor, role=PartnerRole.ADMIN_AGENT, by="test")
    listed = shown[sven.actor]
    return {
        "option.choose": handles[sven.actor],
        "part.typed": mine.draft_id,
        "seats.customer": chosen.matches[0].handle,
        "seats.refresh": seats.refresh_handle,
        "seats.page": seats.refresh_handle,
        **{f"seats.{name}": seat for name in ("choose", "more", "in_all")},
        "seats.typed": more.draft_id,
        "view seats.confirm": more.draft_id,
        "customer.choose": chosen.matches[0].handle,
        "channel.customer": chosen.matches[0].handle,
        "options.refresh": listed.refresh_handle or "",
        "options.page": listed.refresh_handle or "",
        "options.share": listed.share_handle or "",
        "requests.more": place,
        "requests.customer": chosen.matches[0].handle,
        "audit.more": further,
        "audit.file": further,
        "audit.customer": chosen.matches[0].handle,
        "home.older": place,
        **{f"change.{name}": change.id for name in ("request_again", "check", "review", "reject", "withdraw")},
        **{f"change.{name}": change.id for name in ("settle", "follow_ups", "customer_text")},
        **{f"follow_ups.{name}": change.id for name in ("page", "file", "give")},
        **{f"account.{name}": work.key for name in ("done", "open")},
        "customer_text.in": change.id,
        "view follow_ups.hand_over": change.id,
        "view customer.find": finder.find_id,
        "view change.confirm": mine.draft_id,
        "view change.approve": review.review_id,
        "view change.reject": change.id,
        "view change.settle": change.id,
    }
