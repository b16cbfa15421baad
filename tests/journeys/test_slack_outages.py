"""Slack refuses, breaks, does not answer: everything is there in the end, once, in order; the operator is told."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from structlog.testing import capture_logs

from bot.workspace.acts.channels import archive, delete_message, keep_bot
from bot.workspace.core import Workspace
from bot.workspace.faults import RESPONSE_URL
from bot.workspace.sample import APPROVALS, AUDIT
from tests.journeys.steps import DE, EN, asked, card, ordered, ordered_once, outcome
from tests.support.outages import (
    all_sent,
    figures,
    kept_back,
    nothing_lost,
    once_and_in_order,
    posted,
    with_new_token,
)
from tests.support.product import Product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import Person, wait_for
from tests.support.workspace_reading import reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES: Final = (
    *("Adler", "Birke", "Celle", "Dorn", "Eiche", "Falke", "Ginster", "Hafen", "Insel", "Jagst", "Kiel", "Linde"),
    *("Mosel", "Oder", "Pader", "Quelle", "Ruhr"),
)
BOOK: Final = [customer(f"{each} GmbH", subscription(BASIC, 4), domain=f"{each.lower()}.example") for each in NAMES]
OF: Final = dict(zip(NAMES, BOOK, strict=True))
POST, UPDATE = "chat.postMessage", "chat.update"


@pytest.fixture
def slack(product: Product) -> Iterator[Workspace]:
    """The local Slack, sound again afterwards."""
    workspace = product.slack.server.workspace
    yield workspace
    workspace.faults.clear()
    for channel in (AUDIT, APPROVALS):
        archive(workspace, channel, archived=False)
        keep_bot(workspace, channel, member=True)


async def order(product: Product, name: str) -> Person:
    """Sven orders for this customer; it is recorded."""
    sven = await product.person("sales_agent", locale="en-US")
    await ordered(sven, await asked(sven, f"{name.lower()}.example"), "Office 365 E3", EN)
    return sven


async def done(product: Product, name: str) -> None:
    """The service has carried it out, whatever Slack does."""

    async def look() -> bool:
        return any(each.startswith("worker:change:outcome") for each in await product.trail_names(OF[name]["id"]))

    await wait_for(look, wanted="the order to be completed")


@pytest.mark.parametrize(
    ("name", "kind", "acts"),
    [
        ("Adler", "html", False),
        ("Birke", "empty", False),
        ("Celle", "cut", False),
        ("Dorn", "html_ok", True),
        ("Eiche", "empty", True),
        ("Falke", "cut", True),
        ("Ginster", "half_body", True),
        ("Hafen", "fatal", True),
    ],
)
async def test_what_slack_breaks_before_or_after_posting_stands_there_once(
    product: Product, slack: Workspace, name: str, kind: str, *, acts: bool
) -> None:
    """5xx with a page or nothing, an answer lost after posting: it is looked for before it is posted again."""
    slack.faults.arm(kind, POST, times=4, acts=acts)
    slack.faults.arm(kind, UPDATE, times=2, acts=acts)
    sven = await order(product, name)
    await done(product, name)
    await all_sent(product)
    assert [each for each in slack.faults.met if each[1] == POST]
    await outcome(sven, EN.completed, customer=name)
    await card(sven, name, EN.completed)
    await nothing_lost(product)
    await ordered_once(product, OF[name]["id"])


async def test_a_long_429_is_waited_for_and_others_go_on(product: Product, slack: Workspace) -> None:
    """Of one channel: who waits at the direct message does not wait for it. Slack is not asked again before."""
    slack.faults.arm("ratelimited", POST, channel=AUDIT, seconds=300, times=2)
    sven = await order(product, "Insel")
    await kept_back(product, "ratelimited")
    await done(product, "Insel")
    await outcome(sven, EN.completed, customer="Insel")
    assert (await figures(product))['upgrade_desk_slack_trouble{code="ratelimited"}'] >= 1
    met = len(slack.faults.met)
    await product.slack.advance(200)
    assert len(slack.faults.met) == met
    slack.faults.clear()
    await all_sent(product, moved=110)
    await card(sven, "Insel", EN.completed)
    await nothing_lost(product)


@pytest.mark.parametrize(("seconds", "told"), [(1, "here"), (600, "directly")])
async def test_a_429_at_a_response_url_does_not_leave_anybody_without_an_answer(
    product: Product, slack: Workspace, seconds: int, told: str
) -> None:
    """A short one is waited for; for a long one there is the direct message."""
    sven = await product.person("sales_agent", locale="en-US")
    slack.faults.arm("ratelimited", RESPONSE_URL, seconds=seconds, times=1 if told == "here" else 2)
    if told == "here":
        assert "Jagst GmbH" in reading(await asked(sven, "jagst.example"))
        return
    before = len(await sven.messages(sven.direct))
    await sven.send("C0GENERAL1", "/upgrade-options jagst.example")

    async def look() -> list[dict[str, Any]]:
        return (await sven.messages(sven.direct))[before:]

    (answer,) = await wait_for(look, wanted="a direct message")
    assert "Something went wrong on our side" in reading(answer)
    assert "Reference " in reading(answer)


@pytest.mark.parametrize(("name", "code"), [("Kiel", "is_archived"), ("Linde", "not_in_channel")])
async def test_a_closed_channel_keeps_the_audit_waiting_and_gets_it_in_order_when_it_is_open(
    product: Product, slack: Workspace, name: str, code: str
) -> None:
    """The operator is told by the log, the figures and `doctor` (tests/bot/cli/doctor); nothing is dropped."""
    if code == "is_archived":
        archive(slack, AUDIT)
    else:
        keep_bot(slack, AUDIT, member=False)
    with capture_logs() as lines:
        sven = await order(product, name)
        await done(product, name)
        await outcome(sven, EN.completed, customer=name)
        await kept_back(product, code)
        for _ in range(12):
            await product.slack.advance(600)
    assert {line["code"] for line in lines if line["event"] == "outbox_trouble"} == {code}
    assert all(line["reference"] for line in lines if line["event"] == "outbox_trouble")
    shown = await figures(product)
    assert shown[f'upgrade_desk_slack_trouble{{code="{code}"}}'] >= 1
    assert shown["upgrade_desk_outbox_waiting"] >= 2
    assert shown["upgrade_desk_outbox_oldest_seconds"] >= 6000
    assert shown["upgrade_desk_outbox_given_up"] == 0
    assert [each for each in posted(product) if each.channel == AUDIT and name in each.text] == []
    archive(slack, AUDIT, archived=False)
    keep_bot(slack, AUDIT, member=True)
    await all_sent(product)
    await card(sven, name, EN.completed)
    await nothing_lost(product)
    assert not [each for each in await figures(product) if each.startswith("upgrade_desk_slack_trouble")]


async def test_a_card_that_was_deleted_by_hand_is_drawn_again_and_its_steps_go_on_there(
    product: Product, slack: Workspace
) -> None:
    """A deleted card takes its thread along: what is told next stands under the new one."""
    heidi = await product.person("helpdesk_agent", locale="de-DE")
    await heidi.press(await asked(heidi, "mosel.example"), "Office 365 E3")
    await heidi.wait_for_modal(title=DE.confirm)
    assert (await heidi.submit({DE.field: "4711"}))["result"] == "updated"
    await heidi.close(clear=True)
    adele = await product.person("admin_agent", locale="en-US")
    first = await adele.wait_for_message(APPROVALS, containing="Mosel")
    await all_sent(product)
    delete_message(slack, APPROVALS, first["ts"])
    await product.slack.advance(4 * 3600 + 60)  # the reminder is a step in the thread
    again = await adele.wait_for_message(
        APPROVALS, containing="Mosel", where=lambda each: bool(each["ts"] != first["ts"])
    )
    await all_sent(product)
    assert len(await adele.thread(APPROVALS, again["ts"])) > 1
    await nothing_lost(product)


async def test_with_a_revoked_token_all_waits_and_goes_on_with_a_new_one(product: Product, slack: Workspace) -> None:
    """Orders go on meanwhile: they do not need Slack. A start with the old token says what to do."""
    product.faults.arm("slow", method="POST", path=OF["Oder"]["id"], seconds=1.0)
    sven = await order(product, "Oder")
    slack.tokens.revoke("account_inactive")
    await done(product, "Oder")
    await kept_back(product, "account_inactive")
    await product.slack.advance(3600)
    shown = await figures(product)
    assert shown['upgrade_desk_slack_trouble{code="account_inactive"}'] >= 1
    assert shown["upgrade_desk_outbox_oldest_seconds"] >= 3600
    await with_new_token(product, "xoxb-2")
    await all_sent(product)
    await outcome(sven, EN.completed, customer="Oder")
    await card(sven, "Oder", EN.completed)
    await nothing_lost(product)
    once_and_in_order(product)
