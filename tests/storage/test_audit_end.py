"""Whether the newest entry was made with the key at hand: one short read, for `doctor`."""

from datetime import timedelta

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


async def test_the_end_is_sound_where_all_before_it_was_cut(database: Database, clock: ShiftedClock) -> None:
    """The newest entry is then the one that says so, and its predecessor is known from the checkpoint alone."""
    async with database.write() as tx:
        await tx.audit.append(made.entry())
    clock.advance(timedelta(days=2))
    async with database.write() as tx:
        begun = await tx.audit_cuts.begin(made.TEAM, before=tx.now - timedelta(days=1))
    assert begun is not None
    more = True
    while more:
        async with database.write() as tx:
            more = await tx.audit_cuts.advance(made.TEAM, limit=9)
    async with database.read() as tx:
        assert len((await tx.audit.page(made.TEAM, limit=9)).items) == 1
        assert await tx.audit.end_is_sound(made.TEAM)
