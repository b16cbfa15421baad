"""The steps of an approval in the browser, its words in both languages, and its evidence in the audit table."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from playwright.async_api import Locator, expect

from bot.bootstrap.demo import Demo
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.roles import PartnerRole
from bot.workspace.sample import PEOPLE, TEAM
from storage.records import AuditRow
from tests.support.browser import Visitor

PATIENCE: Final = 20_000
CUSTOMER: Final = "Fabrikam Reisen AG"
S = ChangeState


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a person reads and presses, in one language."""

    language: str
    confirm: str
    second: str
    ask: str
    note: str
    recorded: str
    may: str
    reject: str
    rejecting: str
    reason: str
    wanted: str
    rejected: str
    again: str
    check: str
    facts: tuple[str, ...]
    approve: str
    completed: str
    expired: str
    refused: str
    messages: str
    home: str
    try_out: str
    hours: str
    forward: str
    mine: str
    waiting: str
    roles: str
    entered: str
    microsoft: str
    age: str
    asking: str
    card: str


ENGLISH: Final = Words(
    language="English",
    confirm="Confirm the upgrade",
    second="Helpdesk agent: a second person has to approve",
    ask="Ask for approval",
    note="Ticket or reason",
    recorded="Recorded",
    may="May approve: Global admin, Admin agent, or Sales agent",
    reject="Reject",
    rejecting="Reject the change",
    reason="Reason",
    wanted="Please fill this in.",
    rejected="REJECTED",
    again="Request again",
    check="Check and approve",
    facts=(CUSTOMER, "fabrikam.example", "12 seats", "This cannot be undone."),
    approve="Approve and order",
    completed="COMPLETED",
    expired="EXPIRED",
    refused="That did not work",
    messages="Messages",
    home="Home",
    try_out="Try out",
    hours="Hours",
    forward="Move forward",
    mine="What you asked for",
    waiting="Waits for your decision",
    roles="Your partner roles",
    entered="entered in Upgrade Desk, read",
    microsoft="Microsoft Entra ID",
    age="at most a minute old",
    asking="Ask for upgrades and seats: yes, and a second person has to approve",
    card="Open the card",
)
GERMAN: Final = Words(
    language="Deutsch",
    confirm="Upgrade bestätigen",
    second="Helpdesk-Agent: eine zweite Person muss genehmigen",
    ask="Genehmigung anfordern",
    note="Ticket oder Grund",
    recorded="Erfasst",
    may="genehmigen dürfen: Globaler Administrator, Administrator-Agent oder Vertriebsbeauftragter",
    reject="Ablehnen",
    rejecting="Änderung ablehnen",
    reason="Grund",
    wanted="Bitte füllen Sie das aus.",
    rejected="ABGELEHNT",
    again="Neu beantragen",
    check="Prüfen und genehmigen",
    facts=(CUSTOMER, "fabrikam.example", "12 Lizenzen", "Kann nicht rückgängig gemacht werden."),
    approve="Verbindlich genehmigen",
    completed="ABGESCHLOSSEN",
    expired="FRIST ABGELAUFEN",
    refused="Das hat nicht geklappt",
    messages="Nachrichten",
    home="Startseite",
    try_out="Ausprobieren",
    hours="Stunden",
    forward="Vorstellen",
    mine="Von Ihnen beantragt",
    waiting="Wartet auf Ihre Entscheidung",
    roles="Ihre Partnerrollen",
    entered="in Upgrade Desk eingetragen, gelesen",
    microsoft="Microsoft Entra ID",
    age="höchstens eine Minute alt",
    asking="Upgrades und Lizenzen beantragen: ja, und eine zweite Person muss genehmigen",
    card="Karte öffnen",
)


async def closed(page: Visitor) -> None:
    """Close what is open."""
    await page.page.keyboard.press("Escape")
    await page.modal_closes()


async def asks(page: Visitor, words: Words, *, note: str = "Ticket 4711") -> None:
    """Ask for an upgrade that somebody else has to approve, and read who may."""
    await page.say(f"/upgrade-options {CUSTOMER}")
    button = page.message(CUSTOMER).get_by_role("button").filter(has_text="Office 365 E3")
    await expect(button).to_be_visible(timeout=PATIENCE)
    await button.click()
    modal = await page.modal_opens(words.confirm)
    await expect(modal).to_contain_text(words.second)
    await page.fill(words.note, note)
    await page.press(words.ask)
    modal = await page.modal_opens(words.recorded)
    await expect(modal).to_contain_text(words.may)
    await closed(page)


async def card(page: Visitor, state: str) -> Locator:
    """The newest card of the customer in the approvals channel, once it says so."""
    found = page.message(CUSTOMER)
    await expect(found).to_contain_text(state, timeout=PATIENCE)
    return found


async def direct(page: Visitor, words: Words) -> None:
    """Go to the messages of the app."""
    await page.visit("Upgrade Desk")
    await page.page.get_by_role("button", name=words.messages).click()


async def told_once(page: Visitor, outcome: str) -> Locator:
    """The direct message with this outcome: one, and no more after a while."""
    told = page.log.get_by_role("article").filter(has_text=outcome)
    await expect(told).to_have_count(1, timeout=PATIENCE)
    await page.page.wait_for_timeout(1_500)
    await expect(told).to_have_count(1)
    await expect(told).to_contain_text(CUSTOMER)
    return told


async def entries(demo: Demo) -> list[AuditRow]:
    """The audit table, oldest first, its chain walked."""
    async with demo.app.desk.database.read() as tx:
        page = await tx.audit.page(TEAM.id, limit=100, newest_first=False)
        report = await tx.audit.verify(TEAM.id)
    assert not report.faults
    return list(page.items)


async def entered(demo: Demo, name: AuditName, verdict: AuditVerdict = AuditVerdict.DONE) -> list[AuditRow]:
    """The entries of one kind."""
    return [row for row in await entries(demo) if (row.entry.name, row.entry.verdict) == (name, verdict)]


def by(
    row: AuditRow, who: PartnerRole, *, source: str, rule: str, before: S | None, after: S, version: int = 1
) -> None:
    """One decision's evidence: roles, source and age, rule, facts, and state before and after."""
    entry = row.entry
    assert entry.actor.user_id == PEOPLE[who]
    assert [(each.role, each.source.partition(":")[0]) for each in entry.evidence.held] == [(who, source)]
    assert not entry.evidence.unreachable
    ages = [row.at - each.read_at for each in entry.evidence.held]
    assert all(timedelta(seconds=-1) < each < timedelta(seconds=60) for each in ages), ages
    assert entry.rule == f"built-in [actions] {rule}"
    assert (entry.before, entry.after, entry.facts_version) == (before, after, version)
    assert entry.change_id
    assert entry.customer_id
    assert entry.subscription_id
