"""A thousand wait: Slack's limits hold, people go first, order holds, nothing is lost or twice (issue 4, 4)."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import pytest
import structlog

from bot.desk.trail import tell
from bot.domain.audit import AuditName
from bot.domain.changes import Change, ChangeState
from bot.domain.people import Actor
from bot.worker.outbox import Outbox
from bot.worker.pacing import Pacing
from bot.workspace.sample import APPROVALS, AUDIT, PEOPLE, TEAM
from bot.workspace.state.board import Message
from storage.records import OutboxKind
from tests.bot.worker.conftest import Post
from tests.support import made

CHANGES: Final = 170
ENTRIES: Final = 5
NOTICES: Final = CHANGES // 5 + 2
ASKERS: Final = ("sales_agent", "helpdesk_agent", "user_admin", "admin_agent", "global_admin")
PATIENCE: Final = 3_600.0


@pytest.fixture
def burst() -> int:
    """As the local workspace has it by default."""
    return 3


class Backlog:
    """Two workers on one database, with Slack's own pace, through simulated time."""

    def __init__(self, post: Post) -> None:
        self.post = post
        post.outbox.pacing = Pacing(approvals_channel=APPROVALS, audit_channel=AUDIT)
        self.workers: Sequence[Outbox] = (post.outbox, post.beside("worker-2"))
        self.seconds = 0.0

    @property
    def board(self) -> Any:
        return self.post.slack.server.workspace.board

    async def step(self) -> None:
        """What can be sent now, then on to the next turn."""
        found = await asyncio.gather(*(worker.step() for worker in self.workers))
        for worker in self.workers:
            assert await worker.drain(seconds=30) == 0
        if not any(found):
            pause = min(worker.idle for worker in self.workers) + 0.001
            self.post.clock.advance(timedelta(seconds=pause))
            self.seconds += pause

    async def run(self, *, seconds: float) -> None:
        until = self.seconds + seconds
        while self.seconds < until:
            await self.step()

    async def drain(self) -> None:
        while await self.waiting():
            assert self.seconds < PATIENCE
            await self.step()

    async def waiting(self) -> int:
        async with self.post.desk.database.read() as tx:
            return (await tx.outbox.depth()).waiting

    def cards(self, channel: str) -> dict[str, Message]:
        """By the change."""
        return {payload(each)["change"]: each for each in self.board.history(channel)}


def payload(message: Message) -> Mapping[str, Any]:
    return (message.metadata or {}).get("event_payload") or {}


async def fill(post: Post) -> list[Change]:
    """Every second change waits for an approval, of every fifth the asker is told; five entries each."""
    people = [PEOPLE[name] for name in ASKERS]
    async with post.desk.database.write() as tx:
        changes = []
        for number in range(CHANGES):
            waits, told = number % 2 == 0, number % 5 == 0
            state = ChangeState.AWAITING_APPROVAL if waits else ChangeState.APPROVED
            actor = Actor(team_id=TEAM.id, user_id=people[number % len(people)])
            fields = {"team_id": TEAM.id, "asker": actor, "state": state, "approvals_needed": int(waits)}
            change = await tx.changes.add(made.change(tx, customer=f"customer-{number}", **fields))
            for _ in range(ENTRIES):
                entry = made.entry(team_id=TEAM.id, change_id=change.id, actor=actor, after=state)
                await tell(tx, post.desk, change=change, entry=entry, notice=told)
            changes.append(change)
    return changes


async def reject(post: Post, change: Change) -> None:
    """A decision, as the desk records it."""
    async with post.desk.database.write() as tx:
        after = await tx.changes.move(change.id, to=ChangeState.REJECTED)
        assert after is not None
        approver = Actor(team_id=TEAM.id, user_id=PEOPLE["admin_agent"])
        entry = made.entry(
            name=AuditName.CHANGE_REJECT,
            team_id=TEAM.id,
            change_id=change.id,
            actor=approver,
            before=change.state,
            after=after.state,
        )
        await tell(tx, post.desk, change=after, entry=entry)


async def redraw(post: Post, changes: Sequence[str]) -> None:
    """Cards that moved on by themselves."""
    async with post.desk.database.write() as tx:
        for change_id in changes:
            await tx.outbox.add(made.item(tx, OutboxKind.CARD, change_id, team_id=TEAM.id, priority=3))


@pytest.mark.timeout(300)
async def test_a_thousand_go_out_in_order_once_and_no_faster_than_slack_takes_them(post: Post) -> None:
    """And a decision in the middle is shown within seconds, where the card stands and where it does not yet."""
    backlog = Backlog(post)
    changes = await fill(post)
    assert await backlog.waiting() >= 1000
    updated: list[float] = []
    count_updates(post, updated)
    with structlog.testing.capture_logs() as lines:
        await backlog.run(seconds=45)
        await redraw(post, [*backlog.cards(APPROVALS), *backlog.cards(AUDIT)])
        await backlog.run(seconds=5)
        there = backlog.cards(APPROVALS)
        shown = next(each for each in changes if each.id in there)
        hidden = next(each for each in changes if each.approvals_needed and each.id not in there)
        for change in (shown, hidden):
            await reject(post, change)
        await backlog.run(seconds=5)
        cards = backlog.cards(APPROVALS)
        for change in (shown, hidden):
            assert payload(cards[change.id])["version"] == "2", "decided, and not shown"
            told = backlog.board.history(post.slack.server.workspace.places.direct_id(change.asker.user_id))
            assert change.id in {payload(each)["change"] for each in told}
        await backlog.drain()
    assert Counter(line["event"] for line in lines)["outbox_delayed"] <= 3
    await nothing_lost_or_twice(backlog, changes)
    for channel in (APPROVALS, AUDIT):
        at = sorted(float(each.ts) for each in everything(backlog, channel))
        assert all(later - earlier >= 9.0 for earlier, later in zip(at, at[10:], strict=False))
    assert all(later - earlier >= 59.0 for earlier, later in zip(updated, updated[50:], strict=False))
    assert len(updated) > 50


def count_updates(post: Post, updated: list[float]) -> None:
    """When the workspace takes updates, by its own clock."""
    original, clock = post.client.chat_update, post.clock

    async def chat_update(**arguments: Any) -> Any:
        answer = await original(**arguments)
        updated.append(clock.monotonic())
        return answer

    post.client.chat_update = chat_update  # type: ignore[method-assign]


def everything(backlog: Backlog, channel: str) -> list[Message]:
    """Messages and replies."""
    cards = list(backlog.board.history(channel))
    return cards + [reply for card in cards for reply in backlog.board.replies(channel, card.ts)]


async def nothing_lost_or_twice(backlog: Backlog, changes: Sequence[Change]) -> None:
    threads = 0
    for channel in (APPROVALS, AUDIT):
        cards = list(backlog.board.history(channel))
        assert len({payload(each)["change"] for each in cards}) == len(cards) == CHANGES / 2
        for card in cards:
            replies = backlog.board.replies(channel, card.ts)
            told = [entry for reply in replies for entry in entries(reply)]
            async with backlog.post.desk.database.read() as tx:
                rows = await tx.audit.of_change(payload(card)["change"])
            assert told == [(row.number, row.hash) for row in rows]
            threads += len(replies)
    assert threads <= CHANGES + 2, "five steps each, and a message for all of them"
    direct = [
        payload(message)["item"]
        for user in {PEOPLE[name] for name in ASKERS}
        for message in backlog.board.history(backlog.post.slack.server.workspace.places.direct_id(user))
    ]
    assert len(direct) == len(set(direct)) == NOTICES


def entries(message: Message) -> list[tuple[int, str]]:
    """Which audit entries a message tells, with their hashes: `audit verify --expect-head` takes each."""
    found = payload(message)
    several = [each.partition(":") for each in str(found.get("entries") or "").split()]
    return [(int(number), digest) for number, _, digest in several] or [
        (int(found["audit_number"]), found["audit_hash"])
    ]
