"""The audit trail: appended in the transaction of what it tells, read page by page, verified against its chain."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, delete, func, select

from bot.domain.audit import AuditEntry
from storage.audit_body import GENESIS, body_of, digest_of, entry_of, link, text_digest_in
from storage.audit_verify import verify
from storage.records import AuditCheckpoint, AuditHead, AuditRow, OutboxItem, OutboxKind, Page, VerifyReport
from storage.repositories.audit_appending import append_all
from storage.tables.audit import audit_checkpoints, audit_entries, audit_heads, audit_texts
from storage.types import storable
from storage.unit import Unit

PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Audit:
    """The trails of all workspaces, one chain each."""

    unit: Unit

    async def append(self, entry: AuditEntry, *, out: Sequence[OutboxItem] = ()) -> AuditRow:
        """Append an entry at the end of its workspace's chain and return it with number, instant and hash.

        The chain's end stays locked until the commit: append after the transaction's other writes. `out` goes out with
        it, as `Outbox.add` says; a step that names no entry is of this one.
        """
        unit, team_id = self.unit, entry.team_id
        previous = await self._locked_head(team_id)
        number = previous.number + 1
        text = None if entry.free_text is None else storable(entry.free_text)
        salt = unit.ids.opaque()
        digest = None if text is None else digest_of(text, salt=salt)
        body = body_of(entry, number=number, at=unit.now, text_digest=digest)
        linked = link(unit.audit_key, previous=bytes.fromhex(previous.hash), number=number, body=body)
        columns = {
            "team_id": team_id,
            "number": number,
            "at": unit.now,
            "name": entry.name.value,
            "change_id": entry.change_id,
            "customer_id": entry.customer_id,
            "body": body,
            "hash": linked,
        }
        items = [replace(each, audit_number=number) if _is_of(each) else each for each in out]
        await append_all(unit, entry=columns, salted=None if text is None else (salt, text), items=items)
        return AuditRow(number=number, at=unit.now, hash=linked.hex(), entry=entry)

    async def get(self, team_id: str, number: int) -> AuditRow | None:
        """One entry."""
        where = and_(audit_entries.c.team_id == team_id, audit_entries.c.number == number)
        rows = await self._rows(_joined().where(where))
        return rows[0] if rows else None

    async def of_change(self, change_id: str) -> list[AuditRow]:
        """Everything about one change, in order."""
        query = _joined().where(audit_entries.c.change_id == change_id, audit_entries.c.change_id.is_not(None))
        return await self._rows(query.order_by(audit_entries.c.number))

    async def page(
        self,
        team_id: str,
        *,
        customer_id: str | None = None,
        change_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        after: str | None = None,
        limit: int = PAGE,
        newest_first: bool = True,
    ) -> Page[AuditRow]:
        """A page of a workspace's trail; `after` is the `after` of the page before. `until` is exclusive."""
        number = audit_entries.c.number
        held: list[ColumnElement[bool]] = [audit_entries.c.team_id == team_id]
        if customer_id is not None:
            held += [audit_entries.c.customer_id == customer_id, audit_entries.c.customer_id.is_not(None)]
        if change_id is not None:
            held += [audit_entries.c.change_id == change_id, audit_entries.c.change_id.is_not(None)]
        if since is not None:
            held.append(audit_entries.c.at >= since)
        if until is not None:
            held.append(audit_entries.c.at < until)
        if after is not None:
            held.append(number < int(after) if newest_first else number > int(after))
        order = number.desc() if newest_first else number.asc()
        # Numbers first, from an index that has them: for whole rows SQLite would read the chain until it has enough.
        picked = select(number).where(*held).order_by(order).limit(limit + 1).correlate(None)
        whole = _joined().where(audit_entries.c.team_id == team_id, number.in_(picked))
        rows = await self._rows(whole.order_by(order))
        return Page(items=tuple(rows[:limit]), after=str(rows[limit - 1].number) if len(rows) > limit else None)

    async def head(self, team_id: str) -> AuditHead:
        """The end of a workspace's chain, as the database has it; number 0 where there is no entry yet."""
        query = select(audit_heads).where(audit_heads.c.team_id == team_id)
        row = (await self.unit.execute(query)).first()
        return _head(team_id, row)

    async def teams(self) -> list[str]:
        """The workspaces that have a chain."""
        return sorted((await self.unit.execute(select(audit_heads.c.team_id))).scalars())

    async def delete_text(self, team_id: str, number: int) -> bool:
        """Delete the free text of an entry, with its salt; the chain stays whole. False: there was none."""
        statement = delete(audit_texts).where(audit_texts.c.team_id == team_id, audit_texts.c.number == number)
        return (await self.unit.execute(statement)).rowcount == 1

    async def verify(self, team_id: str, *, expected: AuditHead | None = None) -> VerifyReport:
        """Check a workspace's chain from its beginning, in flat memory; use it in `read()`.

        `expected` is an end that was noted elsewhere (a message in the channel): only it shows that the end was cut.
        """
        head, checkpoint = await self.head(team_id), await self.checkpoint(team_id)
        return await verify(self.unit, team_id, head=head, expected=expected, checkpoint=checkpoint)

    async def checkpoint(self, team_id: str) -> AuditCheckpoint | None:
        """Where a workspace's chain was cut (`AuditCuts`); None where it never was."""
        row = (await self.unit.execute(select(audit_checkpoints).where(audit_checkpoints.c.team_id == team_id))).first()
        return None if row is None else _checkpoint(row)

    async def last_of_change(self, change_id: str) -> AuditRow | None:
        """The newest entry about one change."""
        mine = and_(audit_entries.c.change_id == change_id, audit_entries.c.change_id.is_not(None))
        rows = await self._rows(_joined().where(mine).order_by(audit_entries.c.number.desc()).limit(1))
        return rows[0] if rows else None

    async def span(self, team_id: str, *, since: datetime | None, until: datetime | None) -> tuple[int, int] | None:
        """The first and the last number among the entries of this time (`until` exclusive); None: there is none."""
        held: list[ColumnElement[bool]] = [audit_entries.c.team_id == team_id]
        if since is not None:
            held.append(audit_entries.c.at >= since)
        if until is not None:
            held.append(audit_entries.c.at < until)
        number = audit_entries.c.number
        ends = select(func.min(number).label("first"), func.max(number).label("last")).where(*held)
        row = (await self.unit.execute(ends)).one()
        return None if row.first is None else (row.first, row.last)

    async def end_is_sound(self, team_id: str) -> bool:
        """Whether the newest entry of a chain was made with this key; true where there is none. One short read."""
        entry = audit_entries.c
        query = select(entry.number, entry.body, entry.hash).where(entry.team_id == team_id)
        newest = (await self.unit.execute(query.order_by(entry.number.desc()).limit(1))).first()
        if newest is None:
            return True
        before = (await self.unit.execute(query.where(entry.number == newest.number - 1))).first()
        previous = GENESIS if before is None else bytes(before.hash)
        if before is None and (cut := await self.checkpoint(team_id)) is not None:
            previous = bytes.fromhex(cut.hash)
        made = link(self.unit.audit_key, previous=previous, number=newest.number, body=newest.body)
        return made == bytes(newest.hash)

    async def _locked_head(self, team_id: str) -> AuditHead:
        query, given = _end(postgres=self.unit.postgres), {"of_team": team_id}
        row = (await self.unit.execute(query, given)).first()
        if row is None:
            first = self.unit.insert(audit_heads).values(team_id=team_id, number=0, hash=GENESIS)
            await self.unit.execute(first.on_conflict_do_nothing())
            row = (await self.unit.execute(query, given)).first()
        return _head(team_id, row)

    async def _rows(self, query: Select[Any]) -> list[AuditRow]:
        return [_row(row) for row in (await self.unit.execute(query)).all()]


async def lock_end(unit: Unit, team_id: str) -> None:
    """Wait for whoever appends to a chain or cuts it, and keep others from it until the commit."""
    if unit.postgres:  # on SQLite there is one writer anyway
        await unit.execute(select(audit_heads.c.team_id).where(audit_heads.c.team_id == team_id).with_for_update())


@cache
def _end(*, postgres: bool) -> Select[Any]:
    query = select(audit_heads).where(audit_heads.c.team_id == bindparam("of_team"))
    return query.with_for_update() if postgres else query


def _is_of(item: OutboxItem) -> bool:
    return item.kind is OutboxKind.STEP and item.audit_number is None


def _joined() -> Select[Any]:
    texts = and_(audit_texts.c.team_id == audit_entries.c.team_id, audit_texts.c.number == audit_entries.c.number)
    entries: Sequence[Any] = (audit_entries.c.number, audit_entries.c.at, audit_entries.c.hash, audit_entries.c.body)
    return select(*entries, audit_texts.c.text.label("free_text")).select_from(
        audit_entries.outerjoin(audit_texts, texts)
    )


def _row(row: Row[Any]) -> AuditRow:
    return AuditRow(
        number=row.number,
        at=row.at,
        hash=bytes(row.hash).hex(),
        entry=entry_of(row.body, free_text=row.free_text),
        text_deleted=row.free_text is None and text_digest_in(row.body) is not None,
    )


def _checkpoint(row: Row[Any]) -> AuditCheckpoint:
    return AuditCheckpoint(
        team_id=row.team_id,
        number=row.number,
        hash=bytes(row.hash).hex(),
        until=row.until_number,
        entry_number=row.entry_number,
        sealed_at=row.sealed_at,
        seal=bytes(row.seal),
    )


def _head(team_id: str, row: Row[Any] | None) -> AuditHead:
    if row is None:
        return AuditHead(team_id=team_id, number=0, hash=GENESIS.hex())
    return AuditHead(team_id=team_id, number=row.number, hash=bytes(row.hash).hex())
