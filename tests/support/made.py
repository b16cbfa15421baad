"""Records to store: sound ones, each field open to change."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.changes import Attempt, Change, ChangeKind, ChangeState
from bot.domain.facts import Facts
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from storage.database import Database, Transaction
from storage.records import OutboxItem, OutboxKind

TEAM: Final = "T0TEAM"
ASKER: Final = Actor(team_id=TEAM, user_id="U0ASKER")
LEASE: Final = timedelta(seconds=60)
_numbers = count(1)


def facts(**fields: Any) -> Facts:
    """Facts of an upgrade."""
    made: dict[str, Any] = {
        "customer_id": "customer-1",
        "customer_name": "Müller & Söhne <!channel> 😀",
        "customer_domain": "mueller.example",
        "subscription_id": "subscription-1",
        "subscription_name": "Zentrale: 1",
        "offer_id": "offer-1",
        "offer_name": "Business Basic",
        "quantity": 24,
        "status": "active",
        "target_offer_id": "offer-2",
        "target_offer_name": "Office 365 E3",
        "target_quantity": 24,
        "services_added": ("exchange",),
        "read_at": datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC),
    }
    return Facts(**made | fields)


def change(
    tx: Transaction, *, customer: str = "customer-1", subscription: str = "subscription-1", **fields: Any
) -> Change:
    """A change born now, approved, due at once."""
    number = next(_numbers)
    made: dict[str, Any] = {
        "id": f"change-{number}",
        "number": f"N{number:05d}",
        "team_id": TEAM,
        "asker": ASKER,
        "asker_roles": (PartnerRole.SALES_AGENT, PartnerRole.HELPDESK_AGENT),
        "asker_locale": "de-DE",
        "kind": ChangeKind.UPGRADE,
        "state": ChangeState.APPROVED,
        "facts": facts(customer_id=customer, subscription_id=subscription),
        "facts_version": 1,
        "note": "Ticket 4711: „bitte“\nheute",
        "rehearsal": False,
        "approvals_needed": 0,
        "draft_id": f"draft-{number}",
        "created_at": tx.now,
        "changed_at": tx.now,
        "expires_at": tx.now + timedelta(hours=24),
        "due_at": tx.now,
    }
    return Change(**made | fields)


async def stored(database: Database, **fields: Any) -> Change:
    """A change in the database, in a transaction of its own."""
    async with database.write() as tx:
        return await tx.changes.add(change(tx, **fields))


async def claimed(database: Database, owner: str = "worker-1") -> Change:
    """The next due change, claimed; there has to be one."""
    async with database.write() as tx:
        found = await tx.changes.claim_due(owner=owner, lease=LEASE)
    assert found is not None
    return found


def attempt(tx: Transaction, change_id: str, **fields: Any) -> Attempt:
    """An attempt sent now."""
    number = next(_numbers)
    made: dict[str, Any] = {
        "id": f"attempt-{number}",
        "change_id": change_id,
        "request_id": f"request-{number}",
        "correlation_id": f"correlation-{number}",
        "sent_at": tx.now,
    }
    return Attempt(**made | fields)


def entry(**fields: Any) -> AuditEntry:
    """An audit entry."""
    made: dict[str, Any] = {
        "name": AuditName.CHANGE_REQUEST,
        "verdict": AuditVerdict.DONE,
        "team_id": TEAM,
        "actor": ASKER,
        "change_id": "change-1",
        "customer_id": "customer-1",
        "data": {"b": 1, "a": "x", "c": None, "d": True},
    }
    return AuditEntry(**made | fields)


def item(tx: Transaction, kind: OutboxKind, change_id: str, **fields: Any) -> OutboxItem:
    """An outbox item due now."""
    made: dict[str, Any] = {"id": f"item-{next(_numbers)}", "team_id": TEAM, "kind": kind, "change_id": change_id}
    return OutboxItem(**made | {"due_at": tx.now} | fields)
