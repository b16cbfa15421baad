"""The clock cuts the trail where a time is set, once a day at most, and the chain stays whole."""

from dataclasses import replace
from datetime import timedelta

from bot.desk.cut_trail import cut_trail
from bot.domain.audit import AuditName
from bot.domain.clock import ShiftedClock
from tests.support import made
from tests.support.desks import DeskKit

KEEP = timedelta(days=30)


async def test_old_entries_go_where_a_time_is_set_and_only_there(kit: DeskKit, clock: ShiftedClock) -> None:
    desk, database = kit.desk, kit.desk.database
    keeping = replace(desk, config=replace(desk.config, audit_keep=KEEP))
    for team_id in ("T1", "T2"):
        async with database.write() as tx:
            for _ in range(5):
                await tx.audit.append(made.entry(team_id=team_id))
    assert await cut_trail(keeping) == 0
    clock.advance(KEEP + timedelta(hours=1))
    assert await cut_trail(desk) == 0
    assert await cut_trail(keeping) == 2
    assert await cut_trail(keeping) == 0
    clock.advance(timedelta(hours=2))
    async with database.write() as tx:
        await tx.audit.append(made.entry(team_id="T1"))
    for team_id, left in (("T1", [6, 7]), ("T2", [6])):
        async with database.read() as tx:
            rows = (await tx.audit.page(team_id, newest_first=False)).items
            report = await tx.audit.verify(team_id)
        assert [row.number for row in rows] == left
        assert rows[0].entry.name is AuditName.TRAIL_CUT
        assert report.sound


async def test_it_is_cut_once_a_day_at_most(kit: DeskKit, clock: ShiftedClock) -> None:
    """Each cut is an entry: what is cut hourly would fill the trail with them."""
    desk, database = kit.desk, kit.desk.database
    keeping = replace(desk, config=replace(desk.config, audit_keep=KEEP))
    for _ in range(6):
        async with database.write() as tx:
            await tx.audit.append(made.entry())
        clock.advance(timedelta(hours=6))
    clock.advance(KEEP - timedelta(hours=30))
    cuts = []
    for _ in range(8):
        clock.advance(timedelta(hours=3))
        cuts.append(await cut_trail(keeping))
    assert sum(cuts) == 1
