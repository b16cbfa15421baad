"""Approvals in Chromium, on what `make demo` starts, in both languages (issue 3, "Seen to work").

The channel reads English and each person their own language. Every decision is looked up in the audit table, with its
evidence: by which roles, from where and how old, by which rule, about which facts.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from bot.bootstrap.demo import Demo, running_demo
from bot.bootstrap.demo_files import DemoFolder
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.people import SYSTEM
from bot.domain.roles import PartnerRole
from bot.workspace.sample import APPROVALS, GENERAL, PEOPLE, SHARED, TEAM
from tests.support.approval_pages import (
    CUSTOMER,
    ENGLISH,
    GERMAN,
    PATIENCE,
    Words,
    asks,
    by,
    card,
    closed,
    direct,
    entered,
    told_once,
)
from tests.support.browser import Visitor, chromium, visitor

pytestmark = pytest.mark.browser

S = ChangeState
Opens = Callable[..., Awaitable[Visitor]]


@pytest.fixture(params=[ENGLISH, GERMAN], ids=["english", "german"])
def words(request: pytest.FixtureRequest) -> Words:
    """The language that everybody reads."""
    found: Words = request.param
    return found


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """What `make demo` starts, with fresh data."""
    async with running_demo(port=0, folder=DemoFolder(tmp_path / "demo")) as running:
        yield running


@pytest.fixture
async def opens(demo: Demo, words: Words) -> AsyncIterator[Opens]:
    """Windows, one for each person, in the language."""
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(chromium())

        async def opened(who: str, *, channel: str = GENERAL) -> Visitor:
            page = await stack.enter_async_context(visitor(browser, address=demo.address))
            await page.open(member=PEOPLE[who], channel=channel)
            await page.speak(words.language)
            return page

        yield opened


async def rejects(demo: Demo, sven: Visitor, words: Words) -> None:
    """With a reason, which is required: an empty one is refused at its field, and entered nowhere."""
    waiting = await card(sven, "WAITING FOR APPROVAL")
    await expect(waiting).to_contain_text(ENGLISH.may)
    await expect(waiting).to_contain_text("Ticket 4711")
    await waiting.get_by_role("button", name="Reject").click()
    await sven.modal_opens(words.rejecting)
    for empty in ("", "   "):
        await sven.fill(words.reason, empty)
        await sven.press(words.reject)
        field = sven.modal.get_by_label(words.reason)
        await expect(field).to_have_attribute("aria-invalid", "true")
        assert not await entered(demo, AuditName.CHANGE_REJECT)
    await expect(sven.modal).to_contain_text(words.wanted)
    await sven.fill(words.reason, "Wrong customer?")
    await sven.press(words.reject)
    await sven.modal_opens(words.recorded)
    await closed(sven)
    await expect(await card(sven, "REJECTED")).to_contain_text("Wrong customer?")
    await expect(sven.message(CUSTOMER).get_by_role("button", name="Check and approve")).to_have_count(0)


async def approves(demo: Demo, amara: Visitor, words: Words) -> None:
    """After checking: one touch orders nothing."""
    waiting = await card(amara, "WAITING FOR APPROVAL")
    await waiting.get_by_role("button", name="Check and approve").click()
    modal = await amara.modal_opens(words.check)
    for fact in words.facts:
        await expect(modal).to_contain_text(fact)
    assert not await entered(demo, AuditName.SUBMIT_SEND), "one touch orders nothing"
    await amara.press(words.approve)
    await amara.modal_opens(words.recorded)
    await closed(amara)
    await expect((await card(amara, "COMPLETED")).get_by_role("button", name="Check and approve")).to_have_count(0)
    await expect(amara.message(CUSTOMER)).to_contain_text("Approved: @Amara Okafor (Admin agent)")


async def test_asked_rejected_asked_again_and_approved(demo: Demo, opens: Opens, words: Words) -> None:
    """A helpdesk agent asks, a sales agent rejects with a reason, she asks again, an admin agent approves."""
    heidi = await opens(PartnerRole.HELPDESK_AGENT)
    await asks(heidi, words)

    sven = await opens(PartnerRole.SALES_AGENT, channel=APPROVALS)
    await rejects(demo, sven, words)

    await direct(heidi, words)
    told = await told_once(heidi, words.rejected)
    await expect(told).to_contain_text("Wrong customer?")
    await told.get_by_role("button", name=words.again).click()
    modal = await heidi.modal_opens(words.confirm)
    await expect(modal.get_by_label(words.note)).to_have_value("Ticket 4711")
    await heidi.press(words.ask)
    await heidi.modal_opens(words.recorded)
    await closed(heidi)

    amara = await opens(PartnerRole.ADMIN_AGENT, channel=APPROVALS)
    await approves(demo, amara, words)
    await told_once(heidi, words.completed)
    await told_once(heidi, words.rejected)

    first, second = await entered(demo, AuditName.CHANGE_REQUEST)
    for row in (first, second):
        by(row, PartnerRole.HELPDESK_AGENT, source="grant", rule="request", before=None, after=S.AWAITING_APPROVAL)
        assert row.entry.data["second_person"] == "role"
    (rejected,) = await entered(demo, AuditName.CHANGE_REJECT)
    waits, sales = S.AWAITING_APPROVAL, PartnerRole.SALES_AGENT
    by(rejected, sales, source="grant", rule="approve", before=waits, after=S.REJECTED)
    assert rejected.entry.free_text == "Wrong customer?"
    (approved,) = await entered(demo, AuditName.CHANGE_APPROVE)
    admin = PartnerRole.ADMIN_AGENT
    by(approved, admin, source="graph", rule="approve", before=waits, after=S.APPROVED)
    assert (first.entry.change_id, second.entry.change_id) == (rejected.entry.change_id, approved.entry.change_id)
    (sent,) = await entered(demo, AuditName.SUBMIT_SEND)
    assert (sent.entry.actor, sent.entry.change_id) == (SYSTEM, second.entry.change_id)
    (ended,) = await entered(demo, AuditName.SUBMIT_OUTCOME)
    assert ended.entry.after is S.COMPLETED


async def test_a_member_of_another_organisation_is_refused_at_every_button(
    demo: Demo, opens: Opens, words: Words
) -> None:
    """In the channel that they share; both attempts are entered, and the change waits on."""
    heidi, sven = await opens(PartnerRole.HELPDESK_AGENT), await opens(PartnerRole.SALES_AGENT, channel=APPROVALS)
    await asks(heidi, words)
    await card(sven, "WAITING FOR APPROVAL")
    history: Any = await demo.app.client.conversations_history(channel=APPROVALS)
    (found,) = [each for each in history["messages"] if CUSTOMER in each["text"]]
    await demo.app.client.chat_postMessage(channel=SHARED, text=found["text"], blocks=found["blocks"])
    erik = await opens("external", channel=SHARED)
    for button in ("Check and approve", "Reject"):
        await erik.message(CUSTOMER).get_by_role("button", name=button).click()
        # Nobody asks Slack about a stranger, their language included: they read that of what they pressed.
        modal = await erik.modal_opens(ENGLISH.refused)
        await expect(modal).to_contain_text("Only members of the organisation that runs Upgrade Desk may use it.")
        await expect(modal.get_by_role("button", name="Approve and order")).to_have_count(0)
        await closed(erik)
    refused = [
        row.entry
        for name in (AuditName.CHANGE_APPROVE, AuditName.CHANGE_REJECT)
        for row in await entered(demo, name, AuditVerdict.REFUSED)
    ]
    assert [each.name for each in refused] == [AuditName.CHANGE_APPROVE, AuditName.CHANGE_REJECT]
    for each in refused:
        assert (each.actor.user_id, each.actor.team_id != TEAM.id) == (PEOPLE["external"], True)
        assert (each.reason, each.evidence.held) == ("other_organisation", ())
        assert (each.before, each.after, each.facts_version) == (S.AWAITING_APPROVAL, S.AWAITING_APPROVAL, 1)
    await expect(await card(sven, "WAITING FOR APPROVAL")).to_be_visible()


async def test_the_clock_ends_what_nobody_decides(demo: Demo, opens: Opens, words: Words) -> None:
    """By the page's control: a reminder, then the end. Buttons go, the asker hears once, and nobody pressed."""
    heidi, sven = await opens(PartnerRole.HELPDESK_AGENT), await opens(PartnerRole.SALES_AGENT, channel=APPROVALS)
    await asks(heidi, words)
    await card(sven, "WAITING FOR APPROVAL")
    await sven.page.get_by_role("button", name=words.try_out).click()
    for hours, state in ((5, "WAITING FOR APPROVAL"), (20, "EXPIRED")):
        await sven.thread.get_by_label(words.hours).fill(str(hours))
        await sven.thread.get_by_role("button", name=words.forward).click()
        await card(sven, state)
    ended = await card(sven, "EXPIRED")
    await expect(ended.get_by_role("button", name="Check and approve")).to_have_count(0)
    await expect(ended.get_by_role("button", name="Reject")).to_have_count(0)
    await direct(heidi, words)
    told = await told_once(heidi, words.expired)
    await expect(told.get_by_role("button", name=words.again)).to_be_visible()
    (expired,) = await entered(demo, AuditName.CHANGE_EXPIRE)
    assert (expired.entry.actor, expired.entry.before, expired.entry.after) == (SYSTEM, S.AWAITING_APPROVAL, S.EXPIRED)
    assert expired.entry.facts_version == 1
    assert not await entered(demo, AuditName.SUBMIT_SEND)


async def test_where_people_look(demo: Demo, opens: Opens, words: Words) -> None:
    """App Home, drawn anew after the own press and with each opening, `/upgrade-requests` and `/partner-role`."""
    heidi, amara = await opens(PartnerRole.HELPDESK_AGENT), await opens(PartnerRole.ADMIN_AGENT)
    await asks(heidi, words)
    await heidi.say("/upgrade-requests")
    listed = heidi.message(words.mine)
    await expect(listed).to_contain_text(CUSTOMER, timeout=PATIENCE)
    await amara.say("/upgrade-requests waiting")
    await expect(amara.message(words.waiting)).to_contain_text(CUSTOMER, timeout=PATIENCE)
    await heidi.say("/partner-role")
    for part in (words.entered, words.asking, words.age):
        await expect(heidi.message(words.roles)).to_contain_text(part, timeout=PATIENCE)
    await amara.say("/partner-role")
    await expect(amara.message(words.roles)).to_contain_text(words.microsoft, timeout=PATIENCE)
    home = amara.page.locator(".home")
    await amara.visit("Upgrade Desk")
    await amara.page.get_by_role("button", name=words.home, exact=True).click()
    await expect(home).to_contain_text(words.waiting, timeout=PATIENCE)
    await expect(home).to_contain_text(words.roles)
    await expect(home.get_by_role("link", name=words.card).first).to_be_visible(timeout=PATIENCE)
    await home.get_by_role("button", name=words.check).first.click()
    await amara.modal_opens(words.check)
    await amara.press(words.approve)
    await amara.modal_opens(words.recorded)
    await closed(amara)
    await expect(home.get_by_role("button", name=words.check)).to_have_count(0, timeout=PATIENCE)
    await expect(home).to_contain_text("@Amara Okafor")
    await direct(heidi, words)
    await told_once(heidi, words.completed)
    await amara.visit("general")
    await amara.visit("Upgrade Desk")
    await amara.page.get_by_role("button", name=words.home, exact=True).click()
    await expect(home).to_contain_text(words.completed, timeout=PATIENCE)
    (approved,) = await entered(demo, AuditName.CHANGE_APPROVE)
    assert approved.entry.after is S.APPROVED
