"""Delete what people typed about a change, and the names of its accounts: by the operator, audited, for good."""

from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.changes import OPEN
from bot.domain.errors import ChangeUnknown, Clash
from bot.domain.ids import Ids
from storage.database import Database
from storage.records import OutboxItem, OutboxKind
from storage.repositories.forgetting import Forgotten

_CARD = 3


async def forget(database: Database, *, ids: Ids, team_id: str, number: str, by: str) -> Forgotten:
    """Delete it, enter that it was deleted, and have the card drawn anew. `number` is the change's, for people.

    Raises ChangeUnknown, and Clash while the change is open: who decides has to know the reason.
    """
    async with database.write() as tx:
        change = await tx.changes.by_number(team_id, number.upper())
        if change is None:
            raise ChangeUnknown
        if change.state in OPEN:
            raise Clash
        gone = await tx.forgetting.of_change(change.id)
        if gone.notes:
            card = OutboxItem(
                id=ids.opaque(),
                team_id=team_id,
                kind=OutboxKind.CARD,
                change_id=change.id,
                due_at=tx.now,
                priority=_CARD,
            )
            await tx.outbox.add(card)
        await tx.audit.append(
            AuditEntry(
                name=AuditName.TEXT_FORGET,
                verdict=AuditVerdict.DONE,
                team_id=team_id,
                change_id=change.id,
                facts_version=change.facts_version,
                before=change.state,
                after=change.state,
                customer_id=change.facts.customer_id,
                subscription_id=change.facts.subscription_id,
                data={"by": by, "texts": gone.texts, "notes": gone.notes, "accounts": gone.accounts},
            )
        )
    return gone
