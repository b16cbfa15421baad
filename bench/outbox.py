"""How long Slack's limits make a thousand changes wait: `python -m bench.outbox` (issue 4, 4).

Time is simulated: what is waited for passes at once, what the sending takes counts. Against a message for each card
and each step, one a second in the channel, in the order in which they were asked for.
"""

import argparse
import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

from bench.figures import Figure
from bot.desk.trail import tell
from bot.domain.audit import AuditName
from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.domain.people import Actor
from bot.worker.pacing import Pacing
from bot.workspace.sample import APPROVALS, AUDIT, PEOPLE, TEAM
from storage import migrate
from storage.database import Database
from tests.support import made
from tests.support.engines import AUDIT_KEY
from tests.support.post import Post, posting

STEPS = 5
_ASKER, _APPROVER = (Actor(team_id=TEAM.id, user_id=PEOPLE[name]) for name in ("helpdesk_agent", "admin_agent"))


async def _fill(post: Post, changes: int) -> list[Change]:
    filled = []
    async with post.desk.database.write() as tx:
        for number in range(changes):
            fields = {"team_id": TEAM.id, "asker": _ASKER, "state": ChangeState.AWAITING_APPROVAL}
            change = await tx.changes.add(made.change(tx, customer=f"customer-{number}", approvals_needed=1, **fields))
            for _ in range(STEPS):
                entry = made.entry(team_id=TEAM.id, change_id=change.id, actor=_ASKER)
                await tell(tx, post.desk, change=change, entry=entry)
            filled.append(change)
    return filled


async def _decide(post: Post, change: Change) -> None:
    async with post.desk.database.write() as tx:
        after = await tx.changes.move(change.id, to=ChangeState.REJECTED)
        assert after is not None
        entry = made.entry(
            name=AuditName.CHANGE_REJECT,
            team_id=TEAM.id,
            change_id=change.id,
            actor=_APPROVER,
            before=change.state,
            after=after.state,
        )
        await tell(tx, post.desk, change=after, entry=entry)


async def _step(post: Post) -> None:
    """Send what has a turn, or go on to the next one."""
    found = await post.outbox.step()
    await post.outbox.drain(seconds=60)
    if not found:
        post.clock.advance(timedelta(seconds=post.outbox.idle))


async def _drawn(post: Post, change: Change) -> bool:
    async with post.desk.database.read() as tx:
        card = await tx.cards.get(change.id)
    return card is not None and card.row_version > change.row_version


async def _waiting(post: Post) -> int:
    async with post.desk.database.read() as tx:
        return (await tx.outbox.depth()).waiting


async def _measure(folder: Path, changes: int) -> tuple[float, float]:
    """Simulated seconds: until all is sent, and until a decision in the middle is shown."""
    url, clock = f"sqlite:///{folder / 'desk.sqlite3'}", ShiftedClock()
    migrate.upgrade(url)
    database = Database(url, clock=clock, ids=RandomIds(), audit_key=AUDIT_KEY)
    await database.open()
    try:
        async with posting(database, clock, burst=3) as post:
            post.outbox.pacing = Pacing(approvals_channel=APPROVALS, audit_channel=AUDIT)
            filled, begun = await _fill(post, changes), clock.monotonic()
            while clock.monotonic() - begun < changes / 2:
                await _step(post)
            await _decide(post, filled[-1])
            decided = clock.monotonic()
            while not await _drawn(post, filled[-1]):
                await _step(post)
            shown = clock.monotonic()
            while await _waiting(post):
                await _step(post)
            return clock.monotonic() - begun, shown - decided
    finally:
        await database.close()


def measure(*, changes: int) -> list[Figure]:
    """The figures."""
    with tempfile.TemporaryDirectory(prefix="ud-bench-") as place:
        drained, shown = asyncio.run(_measure(Path(place), changes))
    one_by_one = changes * (1.0 + STEPS)
    print(f"  {changes} changes of {STEPS} steps: {drained:,.0f} s; a message for each: {one_by_one:,.0f} s")
    return [
        Figure(what="outbox: time of one by one, in ours", found=one_by_one / drained, target=2.5, at_least=True),
        Figure(what="outbox: a decision in the middle is shown", found=shown, target=3.0, at_least=False, unit="s"),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=300)
    for each in measure(changes=parser.parse_args().changes):
        print(each)
