"""The outbox: what has to reach Slack, claimed with a lease, sent, and struck off.

A card is one item per change, for ever: adding it again raises its generation. What is struck off is the generation
that was claimed; was it raised meanwhile, the card waits again, so the last state is always drawn. Steps and notices
are one item each per change and entry, or state: adding one twice adds it once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, literal, select, update

from storage.outgoing_records import First, Queue, Waiting
from storage.records import OutboxDepth, OutboxItem, OutboxKind
from storage.repositories.outbox_adding import added, adding
from storage.repositories.outbox_rows import UNSENT, Status, first_of, free, item_of, queue_of, waiting_queues
from storage.repositories.pruning import BATCH, prune
from storage.tables.base import among
from storage.tables.outgoing import outbox
from storage.types import Instant
from storage.unit import Unit

GATHERED: Final = 10
"""How many steps of a change one message tells at most."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """Everything that goes out."""

    unit: Unit

    async def add(self, item: OutboxItem) -> None:
        """Put an item in, in the transaction of what it tells; lease, attempts and generation are the store's.

        ValueError for a step without its entry's number or a notice without its state.
        """
        statement = adding(item.kind, postgres=self.unit.postgres)
        await self.unit.execute(statement, added(item, self.unit))

    async def queues(self) -> list[Waiting]:
        """The queues in which something is due."""
        rows = (await self.unit.execute(waiting_queues(self.unit.now))).all()
        return [Waiting(team_id=row.team_id, queue=Queue(row.queue)) for row in rows]

    async def first(self, waiting: Waiting) -> First | None:
        """The item whose turn is next in a queue; also one that a dead process had claimed. None: nothing may go now.

        Of one change the steps go in the order of their entries, each after the one before it was struck off, and
        after the card was posted; notices in the order in which they were added.
        """
        row = (await self.unit.execute(first_of(waiting.team_id, waiting.queue, self.unit.now))).first()
        if row is None:
            return None
        return First(item_id=row.id, team_id=waiting.team_id, rank_at=row.rank_at, reader=row.asker_user_id)

    async def claim(self, owner: str, lease: timedelta, first: First) -> list[OutboxItem]:
        """Claim it as `owner` until now + `lease`; none where somebody has it by now.

        With a step come the steps after it that are due, in the order of their entries: one message tells them.
        """
        own = select(outbox.c.id).where(outbox.c.id == first.item_id, free(outbox, self.unit.now))
        if self.unit.postgres:
            own = own.with_for_update(skip_locked=True)
        claimed = await self._claim(owner, lease, outbox.c.id.in_(own.scalar_subquery()))
        if not claimed or claimed[0].kind is not OutboxKind.STEP:
            return claimed
        return claimed + await self._after(claimed[0], owner, lease)

    async def _after(self, step: OutboxItem, owner: str, lease: timedelta) -> list[OutboxItem]:
        later = (
            select(outbox.c.id, free(outbox, self.unit.now).label("free"))
            .where(
                outbox.c.change_id == step.change_id,
                outbox.c.kind == step.kind.value,
                outbox.c.audit_number > step.audit_number,
                among(outbox.c.status, UNSENT),
            )
            .order_by(outbox.c.audit_number)
            .limit(GATHERED - 1)
        )
        rows = (await self.unit.execute(later)).all()
        ids = [row.id for row in takewhile(lambda row: row.free, rows)]
        if not ids:
            return []
        claimed = await self._claim(owner, lease, and_(outbox.c.id.in_(ids), free(outbox, self.unit.now)))
        return sorted(claimed, key=lambda item: item.audit_number or 0)

    async def _claim(self, owner: str, lease: timedelta, which: ColumnElement[bool]) -> list[OutboxItem]:
        statement = (
            update(outbox)
            .where(which)
            .values(
                status=Status.LEASED.value,
                lease_owner=owner,
                lease_until=self.unit.now + lease,
                attempts=outbox.c.attempts + 1,
            )
            .returning(outbox)
        )
        return [item_of(row) for row in (await self.unit.execute(statement)).all()]

    async def generation(self, item: OutboxItem) -> int:
        """How often a card was asked for by now: a row that is read after this shows it all."""
        query = select(outbox.c.generation).where(outbox.c.id == item.id)
        return int((await self.unit.execute(query)).scalar_one_or_none() or item.generation)

    async def sent(self, item: OutboxItem) -> bool:
        """Strike off what was claimed. A card that was added again meanwhile waits again, due now.

        False: the lease was lost and the item is somebody else's by now.
        """
        same, now = outbox.c.generation == item.generation, literal(self.unit.now, Instant)
        return await self._settle(
            item,
            status=case((same, Status.SENT.value), else_=Status.WAITING.value),
            done_at=case((same, now), else_=None),
            due_at=case((same, outbox.c.due_at), else_=now),
            added_at=case((same, outbox.c.added_at), else_=now),
            attempts=0,
            why=None,
            **({"queue": Queue.UPDATE.value} if item.kind is OutboxKind.CARD else {}),
        )

    async def again(self, item: OutboxItem, *, at: datetime, why: str | None = None, not_posted: bool = False) -> bool:
        """Give a claimed item back, to be tried again at `at`. False: the lease was lost.

        `why` is the code of what was in the way. `not_posted`: this attempt posted nothing for sure: it is not counted.
        """
        attempts, queue = max(item.attempts - int(not_posted), 0), queue_of(item.kind, item.change_id)
        return await self._settle(item, status=Status.WAITING.value, due_at=at, why=why, attempts=attempts, queue=queue)

    async def dead(self, item: OutboxItem, *, why: str) -> bool:
        """Give an item up: `why` is a code. What comes after it goes on. False: the lease was lost."""
        return await self._settle(item, status=Status.DEAD.value, why=why, done_at=self.unit.now)

    async def of(self, change_id: str) -> list[OutboxItem]:
        """What is unsent of one change."""
        query = select(outbox).where(outbox.c.change_id == change_id, among(outbox.c.status, UNSENT))
        rows = (await self.unit.execute(query.order_by(outbox.c.added_at, outbox.c.id))).all()
        return [item_of(row) for row in rows]

    async def depth(self) -> OutboxDepth:
        """How much waits, for metrics and `doctor`."""
        unsent = select(func.count(), func.min(outbox.c.added_at)).where(among(outbox.c.status, UNSENT))
        count: Any = (await self.unit.execute(unsent)).one()
        dead = select(func.count()).where(among(outbox.c.status, {Status.DEAD}))
        given_up = (await self.unit.execute(dead)).scalar_one()
        return OutboxDepth(waiting=count[0], oldest_at=count[1], dead=given_up)

    async def prune(self, *, before: datetime, limit: int = BATCH) -> int:
        """Forget at most `limit` items sent before then. A forgotten notice could be added again: keep them long."""
        where = among(outbox.c.status, {Status.SENT})
        return await prune(self.unit, outbox, age=outbox.c.done_at, before=before, limit=limit, where=where)

    async def _settle(self, item: OutboxItem, **values: Any) -> bool:
        statement = (
            update(outbox)
            .where(
                outbox.c.id == item.id, outbox.c.status == Status.LEASED.value, outbox.c.lease_owner == item.lease_owner
            )
            .values(lease_owner=None, lease_until=None, **values)
        )
        if item.lease_until is not None:  # the same owner may have claimed it anew after its lease was over
            statement = statement.where(outbox.c.lease_until == item.lease_until)
        return (await self.unit.execute(statement)).rowcount == 1
