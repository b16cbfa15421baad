"""Accounts that need work after an upgrade, and the lists they make. Their names stand here and nowhere else."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, or_, select, update

from bot.domain.changes import FollowUp
from bot.domain.people import Actor
from storage.follow_up_records import Account, FollowUpList, NewList, SentFile
from storage.tables.follow_ups import follow_up_files, follow_up_lists, follow_ups
from storage.types import storable, to_json
from storage.unit import Unit

BATCH: Final = 50


@dataclass(frozen=True, slots=True)
class FollowUps:
    """The follow-ups of all changes."""

    unit: Unit

    async def add(self, new: NewList) -> None:
        """Begin a list, once per change (with its outcome). Without accounts there is none."""
        if not new.accounts:
            return
        begun = self.unit.insert(follow_up_lists).values(
            change_id=new.change_id,
            team_id=new.team_id,
            holder_team_id=new.holder.team_id,
            holder_user_id=new.holder.user_id,
            created_at=self.unit.now,
            remind_at=new.remind_at,
            delete_at=new.delete_at,
        )
        await self.unit.execute(begun)
        pairs = zip(new.keys, new.accounts, strict=True)
        rows = [_row(new.change_id, at, key, each) for at, (key, each) in enumerate(pairs)]
        await self.unit.execute(insert(follow_ups), rows)

    async def of(self, change_id: str) -> list[Account]:
        """The accounts of a change, in their order; none once the names are deleted."""
        query = select(follow_ups).where(follow_ups.c.change_id == change_id).order_by(follow_ups.c.position)
        return [_account(row) for row in (await self.unit.execute(query)).all()]

    async def by_key(self, key: str) -> Account | None:
        """The account behind a key; None: never made, or deleted."""
        row = (await self.unit.execute(select(follow_ups).where(follow_ups.c.key == storable(key)))).first()
        return None if row is None else _account(row)

    async def list_of(self, change_id: str, *, hold: bool = False) -> FollowUpList | None:
        """The list of a change. `hold`: its row is locked to the commit, so that two who decide come one by one."""
        if hold and self.unit.postgres:
            held = select(follow_up_lists.c.change_id).where(follow_up_lists.c.change_id == storable(change_id))
            await self.unit.execute(held.with_for_update())
        found = await self._lists(follow_up_lists.c.change_id == storable(change_id))
        return next(iter(found), None)

    async def held_by(self, actor: Actor, *, limit: int) -> list[FollowUpList]:
        """What somebody holds and has not worked off, oldest first."""
        mine = (follow_up_lists.c.holder_team_id == actor.team_id, follow_up_lists.c.holder_user_id == actor.user_id)
        return await self._lists(*mine, follow_up_lists.c.deleted_at.is_(None), _has_open(), limit=limit)

    async def tick(self, key: str, *, done: bool, by: Actor) -> bool:
        """Tick an account, or take the tick back. False: it was so already, or is not there."""
        values = {"done_at": self.unit.now, "done_by": by.user_id} if done else {"done_at": None, "done_by": None}
        was = follow_ups.c.done_at.is_(None) if done else follow_ups.c.done_at.is_not(None)
        statement = update(follow_ups).where(follow_ups.c.key == storable(key), was).values(**values)
        return (await self.unit.execute(statement)).rowcount == 1

    async def hand_over(self, change_id: str, *, to: Actor, remind_at: datetime) -> None:
        """Make somebody else the holder, and begin the time to the reminder anew."""
        values = {"holder_team_id": to.team_id, "holder_user_id": to.user_id, "remind_at": remind_at}
        await self.unit.execute(
            update(follow_up_lists).where(follow_up_lists.c.change_id == change_id).values(**values)
        )

    async def to_remind(self) -> list[FollowUpList]:
        """Lists whose reminder is due, those that are worked off among them."""
        due = follow_up_lists.c.remind_at <= self.unit.now
        return await self._lists(follow_up_lists.c.remind_at.is_not(None), due, limit=BATCH)

    async def remind_again(self, change_id: str, *, at: datetime | None) -> bool:
        """Set the next reminder, or none. False: it is not due (any more), somebody else was first."""
        lists = follow_up_lists.c
        due = update(follow_up_lists).where(lists.change_id == change_id, lists.remind_at <= self.unit.now)
        return (await self.unit.execute(due.values(remind_at=at))).rowcount == 1

    async def to_forget(self, *, begun_by: datetime) -> list[FollowUpList]:
        """Lists whose names are still there and whose time is over: as it was set, or as begun no later than this."""
        over = or_(follow_up_lists.c.delete_at <= self.unit.now, follow_up_lists.c.created_at <= begun_by)
        return await self._lists(follow_up_lists.c.deleted_at.is_(None), over, limit=BATCH)

    async def forget(self, change_id: str) -> int:
        """Delete the names of a list for good; files of it are due to go. Returns how many accounts they were.

        The list is held first, as whoever ticks holds it: else the two would lock crosswise (docs/decisions/0047).
        """
        await self.list_of(change_id, hold=True)
        gone = (await self.unit.execute(delete(follow_ups).where(follow_ups.c.change_id == change_id))).rowcount
        now, lists, files = self.unit.now, follow_up_lists.c, follow_up_files.c
        ended = update(follow_up_lists).where(lists.change_id == change_id, lists.deleted_at.is_(None))
        await self.unit.execute(ended.values(deleted_at=now, remind_at=None))
        due = update(follow_up_files).where(files.change_id == change_id, files.due_at > now)
        await self.unit.execute(due.values(due_at=now))
        return gone

    async def add_file(self, file: SentFile) -> None:
        """Note a file before it is shared, so that it is deleted whatever happens afterwards."""
        await self.unit.execute(
            insert(follow_up_files).values(
                team_id=file.team_id,
                file_id=file.file_id,
                change_id=file.change_id,
                added_at=self.unit.now,
                due_at=file.due_at,
            )
        )

    async def files_due(self) -> list[SentFile]:
        """Files that have to go by now, the longest overdue first."""
        files = follow_up_files.c
        query = select(follow_up_files).where(files.due_at <= self.unit.now).order_by(files.due_at).limit(BATCH)
        return [_file(row) for row in (await self.unit.execute(query)).all()]

    async def file_later(self, file: SentFile, *, at: datetime) -> None:
        """Slack did not delete it: to be tried again at `at`."""
        await self.unit.execute(update(follow_up_files).where(*_same(file)).values(due_at=at))

    async def file_gone(self, file: SentFile) -> None:
        """It is no longer in Slack."""
        await self.unit.execute(delete(follow_up_files).where(*_same(file)))

    async def _lists(self, *where: ColumnElement[bool], limit: int | None = None) -> list[FollowUpList]:
        query = _counted().where(*where).order_by(follow_up_lists.c.created_at, follow_up_lists.c.change_id)
        return [_list(row) for row in (await self.unit.execute(query.limit(limit))).all()]


def _counted() -> Select[Any]:
    mine = follow_ups.c.change_id == follow_up_lists.c.change_id
    total = select(func.count()).where(mine).scalar_subquery()
    left = select(func.count()).where(mine, follow_ups.c.done_at.is_(None)).scalar_subquery()
    return select(follow_up_lists, total.label("total"), left.label("left_open"))


def _has_open() -> ColumnElement[bool]:
    return (
        select(follow_ups.c.key)
        .where(follow_ups.c.change_id == follow_up_lists.c.change_id, follow_ups.c.done_at.is_(None))
        .exists()
    )


def _same(file: SentFile) -> Sequence[ColumnElement[bool]]:
    return (follow_up_files.c.team_id == file.team_id, follow_up_files.c.file_id == file.file_id)


def _row(change_id: str, position: int, key: str, account: FollowUp) -> dict[str, Any]:
    return {
        "change_id": change_id,
        "position": position,
        "key": key,
        "user_id": storable(account.user_id),
        "name": account.name,
        "principal_name": account.principal_name,
        "services": to_json(account.services),
    }


def _account(row: Row[Any]) -> Account:
    about = FollowUp(
        user_id=row.user_id,
        name=row.name,
        principal_name=row.principal_name,
        services=tuple(json.loads(row.services)),
    )
    return Account(key=row.key, change_id=row.change_id, about=about, done_at=row.done_at, done_by=row.done_by)


def _list(row: Row[Any]) -> FollowUpList:
    return FollowUpList(
        change_id=row.change_id,
        team_id=row.team_id,
        holder=Actor(team_id=row.holder_team_id, user_id=row.holder_user_id),
        created_at=row.created_at,
        delete_at=row.delete_at,
        deleted_at=row.deleted_at,
        total=row.total,
        open=row.left_open,
    )


def _file(row: Row[Any]) -> SentFile:
    return SentFile(
        team_id=row.team_id,
        file_id=row.file_id,
        change_id=row.change_id,
        due_at=row.due_at,
        added_at=row.added_at,
    )
