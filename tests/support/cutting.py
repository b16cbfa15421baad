"""A trail that is cut, and whoever gets at its database."""

from datetime import timedelta

from sqlalchemy import text

from bot.domain.clock import ShiftedClock
from storage.database import Database
from storage.records import AuditCheckpoint, AuditHead, VerifyReport
from tests.support import made

OLD, NEW = 7, 4
DAY = timedelta(days=1)


async def filled(database: Database, clock: ShiftedClock) -> None:
    """Seven entries of two days ago with texts, four of now."""
    async with database.write() as tx:
        for number in range(OLD):
            await tx.audit.append(made.entry(data={"n": number}, free_text=f"text {number}"))
    clock.advance(2 * DAY)
    async with database.write() as tx:
        for number in range(NEW):
            await tx.audit.append(made.entry(data={"n": number}, free_text="kept"))


async def cut(database: Database, *, keep: timedelta = DAY, limit: int = 3) -> AuditCheckpoint | None:
    async with database.write() as tx:
        begun = await tx.audit_cuts.begin(made.TEAM, before=tx.now - keep)
    more = begun is not None
    while more:
        async with database.write() as tx:
            more = await tx.audit_cuts.advance(made.TEAM, limit=limit)
    return begun


async def verified(database: Database, expected: AuditHead | None = None) -> VerifyReport:
    async with database.read() as tx:
        return await tx.audit.verify(made.TEAM, expected=expected)


async def execute(database: Database, *statements: str, triggers: bool = True) -> None:
    async with database.write() as tx:
        connection, postgres = tx.audit.unit.connection, tx.audit.unit.postgres
        if not triggers:
            found = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            tables = ("audit_entries", "audit_checkpoints")
            off = [f"ALTER TABLE {each} DISABLE TRIGGER ALL" for each in tables]
            if not postgres:
                off = [f"DROP TRIGGER {each}" for each in (await connection.execute(text(found))).scalars()]
            for each in off:
                await connection.exec_driver_sql(each)
        for statement in statements:
            await connection.exec_driver_sql(statement)
