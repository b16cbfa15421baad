"""Stop all orders, and go on: the operator's switch. What was sent stays sent; what was not, waits."""

from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from storage.database import Database
from storage.records import Switch


async def stop_orders(database: Database, *, team_ids: tuple[str, ...], by: str) -> bool:
    """Stop everything that was not sent, from this moment; False: it was stopped already. Audited per workspace."""
    async with database.write() as tx:
        stopped = await tx.switches.stop(by)
        if stopped:
            for each in sorted(team_ids):  # chains in the one order (docs/decisions/0047)
                await tx.audit.append(_entry(AuditName.OPERATION_STOP, team_id=each, by=by))
    return stopped


async def resume_orders(database: Database, *, team_ids: tuple[str, ...], by: str) -> bool:
    """Go on; False: it was not stopped."""
    async with database.write() as tx:
        resumed = await tx.switches.resume(by)
        if resumed:
            for each in sorted(team_ids):
                await tx.audit.append(_entry(AuditName.OPERATION_RESUME, team_id=each, by=by))
    return resumed


async def is_stopped(database: Database) -> Switch | None:
    """By whom and since when orders are stopped; None while they are not."""
    async with database.read() as tx:
        return await tx.switches.stopped()


def _entry(name: AuditName, *, team_id: str, by: str) -> AuditEntry:
    return AuditEntry(name=name, verdict=AuditVerdict.DONE, team_id=team_id, data={"by": by})
