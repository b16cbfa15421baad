"""Approvals where the policy file or the clock has a say, end to end (issue 3, 1, 4 and 6)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from structlog.testing import capture_logs

from bot.cli.doctor.finding import State
from bot.cli.doctor.run import examine
from bot.desk.roles import revoke_role
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.ids import RandomIds
from bot.domain.people import SYSTEM, Actor
from bot.domain.roles import PartnerRole
from bot.workspace.sample import APPROVALS, GENERAL, PEOPLE, TEAM
from tests.journeys.steps import DE, EN, WORDS, Words, asked, outcome
from tests.support.product import Product, running_product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import Person, wait_for
from tests.support.workspace_reading import buttons, reading

FINE: Final = customer("Fabrikam AG", subscription(BASIC, 12), domain="fabrikam.example")
WAITING: Final = "WAITING FOR APPROVAL"
ASK: Final = {"en-US": "Ask for approval", "de-DE": "Genehmigung anfordern"}
CHECK: Final = {"en-US": "Check and approve", "de-DE": "Prüfen und genehmigen"}
APPROVERS: Final = "S0APPROVE1"


@asynccontextmanager
async def product_with(folder: Path, *lines: str) -> AsyncIterator[Product]:
    """A product of this test's own, with this policy."""
    async with running_product(folder, customers=[FINE], policy="\n".join(lines) + "\n") as running:
        yield running


async def asks(product: Product, locale: str, who: str = "helpdesk_agent") -> Person:
    """Somebody asks for what somebody else has to approve."""
    person, words = await product.person(who, locale=locale), WORDS[locale]
    await person.press(await asked(person, "fabrikam.example"), "Office 365 E3")
    modal = await person.wait_for_modal(title=words.confirm)
    assert modal["submit"]["text"] == ASK[locale]
    assert (await person.submit({words.field: "4711"}))["result"] == "updated"
    await person.close(clear=True)
    return person


async def card(person: Person, words: str) -> dict[str, Any]:
    return await person.wait_for_message(APPROVALS, containing=words)


async def checks(person: Person, locale: str) -> str:
    """Open the sheet; what its submit says."""
    await person.press(await card(person, WAITING), "Check and approve")
    return str((await person.wait_for_modal(title=CHECK[locale]))["submit"]["text"])


async def done(product: Product, name: AuditName, verdict: AuditVerdict = AuditVerdict.DONE) -> list[AuditEntry]:
    """The entries of one kind, oldest first, with the chain walked."""
    await product.check_trail()
    return [row.entry for row in await product.trail() if (row.entry.name, row.entry.verdict) == (name, verdict)]


async def test_one_reminder_then_those_above_then_the_end(tmp_path: Path) -> None:
    """`notify` and `escalate_to`, each mentioned once in the card's thread; by the clock, each with its entry."""
    above = PEOPLE[PartnerRole.GLOBAL_ADMIN]
    policy = ("[approval]", 'remind_after = "4h"', f'notify = "{APPROVERS}"', f'escalate_to = "{above}"')
    async with product_with(tmp_path, *policy) as product:
        heidi = await asks(product, "de-DE")
        waiting = await card(heidi, WAITING)
        assert APPROVERS not in str(waiting), "the card pings nobody"

        async def mentions(wanted: str) -> list[str]:
            replies = [reading(each) for each in (await heidi.thread(APPROVALS, waiting["ts"]))[1:]]
            return [each for each in replies if wanted in each]

        for hours, mention, words in (
            (5, f"<!subteam^{APPROVERS}>", "This still waits for an approval"),
            (4, f"<@{above}>", "in spite of the reminder"),
        ):
            assert await mentions(mention) == []
            await product.slack.advance(hours * 3600)
            (told,) = await wait_for(lambda mention=mention: mentions(mention), wanted=mention)
            assert words in told
        await product.slack.advance(3600)
        await asyncio.sleep(0.3)
        assert (len(await mentions(f"<!subteam^{APPROVERS}>")), len(await mentions(f"<@{above}>"))) == (1, 1)
        await product.slack.advance(15 * 3600)
        assert "Check and approve" not in buttons(await card(heidi, "EXPIRED"))
        await outcome(heidi, "FRIST ABGELAUFEN", customer="Fabrikam AG")
        for name in (AuditName.CHANGE_REMIND, AuditName.CHANGE_ESCALATE, AuditName.CHANGE_EXPIRE):
            (entry,) = await done(product, name)
            assert (entry.actor, entry.before, entry.facts_version) == (SYSTEM, ChangeState.AWAITING_APPROVAL, 1)
        assert await product.orders() == 0


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en-US", "Nobody who may approve this was found (Global admin may)"),
        ("de-DE", "Es wurde niemand gefunden, der das genehmigen darf (dürfen: Globaler Administrator)"),
    ],
)
async def test_where_nobody_could_approve_the_asker_hears_it_at_once(tmp_path: Path, locale: str, said: str) -> None:
    """No clock is moved. The card says it too, and the change can be withdrawn from the message."""
    async with product_with(tmp_path, "[actions]", 'approve = ["global_admin"]') as product:
        greta = Actor(team_id=TEAM.id, user_id=PEOPLE[PartnerRole.GLOBAL_ADMIN])
        assert await revoke_role(product.app.desk.database, actor=greta, role=PartnerRole.GLOBAL_ADMIN, by="test")
        heidi = await asks(product, locale)
        told = await heidi.wait_for_message(heidi.direct, containing=said)
        assert any(each in buttons(told) for each in ("Withdraw", "Zurückziehen"))
        await card(heidi, "Nobody who may approve this was found.")
        (entry,) = await done(product, AuditName.CHANGE_NO_APPROVER)
        assert (entry.actor, entry.data["needed"]) == (SYSTEM, 1)
        assert len([each for each in await heidi.messages(heidi.direct) if said in reading(each)]) == 1


@pytest.mark.parametrize(
    ("locale", "first", "said"),
    [
        ("en-US", "Approve (1 of 2)", "You asked for this change yourself"),
        ("de-DE", "Genehmigen (1 von 2)", "Sie haben diese Änderung selbst beantragt"),
    ],
)
async def test_two_approvers_each_count_once_and_the_asker_never(
    tmp_path: Path, locale: str, first: str, said: str
) -> None:
    """`approvers = 2`, with a sales agent asking who could approve for others."""
    async with product_with(tmp_path, "[approval]", "approvers = 2", "for_seats_above = 5") as product:
        sven = await asks(product, locale, "sales_agent")
        await sven.press(await card(sven, WAITING), "Check and approve")
        own = await sven.wait_for_modal(containing=said)
        assert own.get("submit") is None
        await sven.close(clear=True)
        amara, greta = [await product.person(who, locale=locale) for who in ("admin_agent", "global_admin")]
        assert await checks(amara, locale) == first
        await amara.submit()
        await amara.close(clear=True)
        await card(amara, "1 of 2")
        await checks(amara, locale)
        await amara.submit()
        await amara.close(clear=True)
        shown = await card(amara, "1 of 2")
        assert f"Approved: <@{amara.id}>" in shown["text"]
        assert await product.orders() == 0
        await checks(greta, locale)
        await greta.submit()
        await outcome(sven, WORDS[locale].completed, customer="Fabrikam AG")
        counted = await done(product, AuditName.CHANGE_APPROVE)
        assert [(each.actor.user_id, each.after, each.data["counted"]) for each in counted] == [
            (amara.id, ChangeState.AWAITING_APPROVAL, 1),
            (greta.id, ChangeState.APPROVED, 2),
        ]
        assert await product.orders() == 1


async def test_an_approval_of_ones_own_change_is_marked_in_the_trail_and_on_the_card(tmp_path: Path) -> None:
    """`self_approval = true`, the way for a team of one."""
    async with product_with(tmp_path, "[approval]", "self_approval = true", "for_seats_above = 5") as product:
        sven = await asks(product, "de-DE", "sales_agent")
        assert await checks(sven, "de-DE") == "Verbindlich genehmigen"
        await sven.submit()
        assert "own change, which the policy allows" in (await card(sven, "COMPLETED"))["text"]
        (entry,) = await done(product, AuditName.CHANGE_APPROVE)
        assert (entry.actor.user_id, entry.data["self_approved"]) == (sven.id, True)
        assert entry.rule == "policy.toml [actions] approve"


DAMAGED: Final = {"en-US": "The policy file is damaged", "de-DE": "Die Richtliniendatei ist beschädigt"}


async def everybody_is_told(product: Product, locale: str) -> None:
    """At the command, at the card's buttons, by members of every kind."""
    said, words = DAMAGED[locale], WORDS[locale]
    for who in ("helpdesk_agent", "sales_agent", "global_admin", "none"):
        person = await product.person(who, locale=locale)
        assert said in reading(await asked(person, "fabrikam.example")), who
        await person.send(GENERAL, "/upgrade-requests")
        await person.wait_for_message(GENERAL, containing=said)
        for button in ("Check and approve", "Reject"):
            await person.press(await card(person, WAITING), button)
            assert said in reading(await person.wait_for_modal(title=words.failed)), (who, button)
            await person.close(clear=True)


@pytest.mark.parametrize("locale", WORDS)
async def test_a_policy_that_breaks_meanwhile_is_told_to_everybody_and_to_log_and_doctor(
    tmp_path: Path, locale: str
) -> None:
    """Nobody is admitted, nothing is approved, nothing is lost: mended, the approval goes through."""
    words: Words = {"en-US": EN, "de-DE": DE}[locale]
    async with product_with(tmp_path, "[approval]", "approvers = 1") as product:
        heidi, amara = await asks(product, locale), await product.person("admin_agent", locale=locale)
        await checks(amara, locale)
        policy = tmp_path / "policy.toml"
        with capture_logs() as logs:
            policy.write_text('[actions]\napprove = ["king"]\n', encoding="utf-8")
            await product.slack.advance(2)
            late = await amara.submit()
            assert DAMAGED[locale] in str(late), late
            await amara.close(clear=True)
            await everybody_is_told(product, locale)
        broken = [each for each in logs if each["event"] == "policy_broken"]
        assert {(each["log_level"], each["source"], each["line"]) for each in broken} == {("error", "policy.toml", 2)}
        found = await examine(product.app.settings, clock=product.clock, ids=RandomIds())
        (fault,) = [each for each in found if each.group == "policy"]
        assert fault.state is State.FAULT
        assert fault.says.startswith('policy.toml, line 2: approve: "king" is no partner role')
        for name in (AuditName.CHANGE_APPROVE, AuditName.CHANGE_REJECT, AuditName.OPTIONS_LOOK):
            unclear = await done(product, name, AuditVerdict.UNDETERMINED)
            assert {each.reason for each in unclear} == {"policy_broken"}, name
        assert not await done(product, AuditName.CHANGE_APPROVE)
        policy.write_text("[approval]\napprovers = 1\n", encoding="utf-8")
        await product.slack.advance(2)
        await checks(amara, locale)
        await amara.submit()
        await outcome(heidi, words.completed, customer="Fabrikam AG")
        assert await product.orders() == 1
