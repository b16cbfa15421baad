"""Cut the trail where `AUDIT_KEEP` says how long it is kept. Run by the clock, on any number of machines."""

from datetime import timedelta
from typing import Final

from bot.desk.desk import Desk

_AT_MOST_EVERY: Final = timedelta(days=1)


async def cut_trail(desk: Desk) -> int:
    """Remove entries that are old enough, batch by batch, each in a transaction; returns how many chains were cut.

    Nothing where no time is set. It may die at any moment: the next one goes on (storage/repositories/audit_cuts.py).
    """
    keep = desk.config.audit_keep
    if keep is None:
        return 0
    async with desk.database.read() as tx:
        teams, before = await tx.audit.teams(), tx.now - keep
    cut = 0
    for team_id in teams:
        async with desk.database.read() as tx:
            was = await tx.audit.checkpoint(team_id)
            # Each cut is an entry itself: a day's worth goes at once.
            if was is not None and was.number == was.until and tx.now - was.sealed_at < _AT_MOST_EVERY:
                continue
        async with desk.database.write() as tx:
            more = await tx.audit_cuts.begin(team_id, before=before) is not None
        cut += more
        while more:
            async with desk.database.write() as tx:
                more = await tx.audit_cuts.advance(team_id)
    return cut
