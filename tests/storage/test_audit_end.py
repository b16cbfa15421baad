"""Whether the newest entry was made with the key at hand: one short read, for `doctor`."""

from bot.domain.clock import ShiftedClock
from storage.database import Database
from tests.support import made
from tests.support.counting_ids import CountingIds


async def test_the_end_is_sound_by_the_right_key_alone(
    database: Database, database_url: str, clock: ShiftedClock, ids: CountingIds
) -> None:
    async with database.read() as tx:
        assert await tx.audit.end_is_sound(made.TEAM)
    other = Database(database_url, clock=clock, ids=ids, audit_key=b"another key than the trail's own")
    await other.open()
    for _ in range(3):
        async with database.write() as tx:
            await tx.audit.append(made.entry())
        async with database.read() as tx:
            assert await tx.audit.end_is_sound(made.TEAM)
        async with other.read() as tx:
            assert not await tx.audit.end_is_sound(made.TEAM)
    await other.close()
