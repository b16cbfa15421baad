"""The registry, walked: everybody who never gets in, at everything that is registered (issue 3, 3; defects.md 3 to 7).

A new command, button or modal without a place in these tables fails.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain.audit import AuditVerdict
from bot.domain.people import Actor
from bot.workspace.config import Label, Member
from bot.workspace.sample import OTHER_TEAM, PEOPLE, TEAM, sample_config
from handlers.payload import Kind
from handlers.registry import ROUTES
from tests.handlers.door import Door, values_behind
from tests.support import product as products
from tests.support.product import running_product

GONE = "U0GONE0001"
BOT = "U0UPGRADE1"
ONLY_MEMBERS = "Only members of the organisation|does not serve this workspace"
GUESTS = "Guests of this workspace|Gäste dieses Workspace"

STRANGERS = {
    "another organisation": (PEOPLE["external"], OTHER_TEAM.id, ONLY_MEMBERS),
    "another organisation, by what Slack says": (PEOPLE["external"], TEAM.id, ONLY_MEMBERS),
    "the same user id of another workspace": (PEOPLE["sales_agent"], "T0ELSEWHERE", ONLY_MEMBERS),
    "a payload that does not say which workspace": (PEOPLE["sales_agent"], "", ONLY_MEMBERS),
    "a guest": (PEOPLE["guest"], TEAM.id, GUESTS),
    "a guest of one channel": (PEOPLE["single_channel_guest"], TEAM.id, GUESTS),
    "a bot": (BOT, TEAM.id, "Apps may not use"),
    "a deleted user": (GONE, TEAM.id, "has been deactivated"),
}

NOT_THEIRS = "belongs to somebody else|gehört jemand anderem"
OWN = "yourself, so somebody else|selbst beantragt"
FOREIGN: dict[tuple[Kind, str], tuple[str, str]] = {
    (Kind.ACTION, "option.choose"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "customer.choose"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "part.typed"): ("admin_agent", NOT_THEIRS),
    **{
        (Kind.ACTION, f"seats.{name}"): ("admin_agent", NOT_THEIRS)
        for name in ("customer", "refresh", "page", "choose", "more", "in_all", "typed")
    },
    (Kind.VIEW, "seats.confirm"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "channel.customer"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "options.refresh"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "options.page"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "options.share"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "requests.more"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "requests.customer"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "audit.more"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "audit.file"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "audit.customer"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "home.older"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "change.withdraw"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "change.follow_ups"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "change.customer_text"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "customer_text.in"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "account.done"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "account.open"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "follow_ups.page"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "follow_ups.file"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "follow_ups.give"): ("admin_agent", NOT_THEIRS),
    (Kind.VIEW, "follow_ups.hand_over"): ("admin_agent", NOT_THEIRS),
    (Kind.ACTION, "change.review"): ("helpdesk_agent", OWN),
    (Kind.ACTION, "change.reject"): ("helpdesk_agent", OWN),
    (Kind.ACTION, "change.settle"): ("helpdesk_agent", OWN),
    (Kind.VIEW, "change.confirm"): ("admin_agent", NOT_THEIRS),
    (Kind.VIEW, "customer.find"): ("admin_agent", NOT_THEIRS),
    (Kind.OPTIONS, "customer.search"): ("admin_agent", NOT_THEIRS),
    (Kind.VIEW, "change.approve"): ("admin_agent", NOT_THEIRS),
    (Kind.VIEW, "change.reject"): ("helpdesk_agent", OWN),
    (Kind.VIEW, "change.settle"): ("helpdesk_agent", OWN),
}
"""Whose button it is not, though their role would let them, and what they read. Heidi asked for the change."""

OF_NOBODY = {"change.request_again", "change.check", "home.start", "home.stop", "home.resume"}
"""For everybody with the role: nothing in them belongs to somebody."""
NOTHING_BEHIND = {"link.card"}
"""Slack opens the address by itself."""

WALKED = [route for route in ROUTES if route.name not in NOTHING_BEHIND | {"*"}]


@pytest.fixture
async def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    """A product with somebody who left, and real values behind every button and modal."""

    def with_gone(**fields: Any) -> Any:
        config = sample_config(**fields)
        gone = Member(id=GONE, name="gone", real_name="Gone", title=Label(en="Gone", de="Weg"), deleted=True)
        return replace(config, members=(*config.members, gone))

    monkeypatch.setattr(products, "sample_config", with_gone)
    async with running_product(tmp_path) as product:
        door = Door(product=product, address="", values=await values_behind(product))

        async def take(request: web.Request) -> web.Response:
            door.told.append((await request.json())["text"])
            return web.Response(text="ok")

        app = web.Application()
        app.router.add_post("/", take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        door.address = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        yield door
        await runner.cleanup()


def test_everything_that_is_registered_has_its_place_in_these_tables() -> None:
    """A new command, button or modal fails here until somebody says whose it is."""
    for route in WALKED:
        if route.kind in {Kind.ACTION, Kind.VIEW}:
            assert ((route.kind, route.name) in FOREIGN) != (route.name in OF_NOBODY), route.name
    known = {(route.kind, route.name) for route in WALKED}
    assert set(FOREIGN) <= known


async def _refusals(door: Door, *, user_id: str, team_id: str) -> int:
    actor = Actor(team_id=team_id, user_id=user_id)
    async with door.product.app.desk.database.read() as tx:
        # What comes from a workspace that is not served stands in a chain of that workspace.
        pages = [await tx.audit.page(each, limit=200) for each in {TEAM.id, team_id}]
    entries = [row.entry for page in pages for row in page.items]
    return sum(each.actor == actor and each.verdict is AuditVerdict.REFUSED for each in entries)


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_strangers_are_refused_at_everything_in_words_and_with_an_entry(door: Door, stranger: str) -> None:
    """By team id, in messages and in modals alike; nothing that belongs to the product happens."""
    user_id, team_id, words = STRANGERS[stranger]
    for route in WALKED:
        before = await _refusals(door, user_id=user_id, team_id=team_id)
        answer = await door.knock(route, user_id=user_id, team_id=team_id)
        if route.kind is Kind.EVENT and (route.name, user_id) == ("app_home_opened", BOT):
            continue  # Bolt itself keeps an app's own events away from it
        if route.kind is not Kind.EVENT:  # Home of somebody who has none cannot be drawn
            assert re.search(words, answer), (route.kind, route.name, answer)
        assert await _refusals(door, user_id=user_id, team_id=team_id) > before, (route.kind, route.name)
    assert await door.product.orders() == 0
    await door.product.check_trail()


async def test_a_button_of_somebody_else_is_refused_though_the_role_would_do(door: Door) -> None:
    """Told so, and entered."""
    for (kind, name), (who, words) in FOREIGN.items():
        (route,) = [each for each in WALKED if (each.kind, each.name) == (kind, name)]
        before = await _refusals(door, user_id=PEOPLE[who], team_id=TEAM.id)
        answer = await door.knock(route, user_id=PEOPLE[who], team_id=TEAM.id)
        assert re.search(words, answer), (kind, name, answer)
        assert await _refusals(door, user_id=PEOPLE[who], team_id=TEAM.id) > before, (kind, name)
    assert await door.product.orders() == 0


async def test_a_member_without_a_role_is_refused_wherever_a_role_is_wanted(door: Door) -> None:
    """And hears which roles would do."""
    nobody = PEOPLE["none"]
    for route in WALKED:
        if route.rule is None:
            continue
        answer = await door.knock(route, user_id=nobody, team_id=TEAM.id)
        assert "you need one of these partner roles" in answer, (route.kind, route.name, answer)
    assert await _refusals(door, user_id=nobody, team_id=TEAM.id) >= sum(route.rule is not None for route in WALKED)
