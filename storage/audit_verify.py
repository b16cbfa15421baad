"""Walking a chain: each entry against its columns, the hash before it and its own; then its end and its texts."""

import asyncio
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import BigInteger, Select, and_, cast, extract, select, type_coerce

from bot.domain.audit import AuditName
from storage.audit_body import GENESIS, digest_of, header, link, seal, text_digest_in
from storage.records import AuditCheckpoint, AuditFault, AuditHead, FaultKind, VerifyReport
from storage.tables.audit import audit_entries, audit_texts
from storage.unit import Unit

_BATCH: Final = 2000
_FAULTS_KEPT: Final = 100


async def verify(
    unit: Unit,
    team_id: str,
    *,
    head: AuditHead,
    expected: AuditHead | None,
    checkpoint: AuditCheckpoint | None = None,
) -> VerifyReport:
    """Walk the chain of a workspace. One batch of rows is in memory at a time; the loop is free between batches.

    A chain that was cut begins after its checkpoint, if that has its seal and the entry that says so.
    """
    walk = _Walk(key=unit.audit_key, team_id=team_id, head=head, expected=expected, checkpoint=checkpoint)
    walk.begin()
    number = audit_entries.c.number
    # Whole microseconds without a datetime in between: that would cost more than the hash.
    at = cast(extract("epoch", audit_entries.c.at) * 1_000_000, BigInteger) if unit.postgres else audit_entries.c.at
    columns: tuple[Any, ...] = (number, type_coerce(at, BigInteger), *(audit_entries.c[name] for name in _COLUMNS))
    query: Select[Any] = select(*columns).where(audit_entries.c.team_id == team_id).order_by(number).limit(_BATCH)
    rows: Sequence[Any] = (await unit.execute(query)).all()
    while rows:
        await asyncio.to_thread(walk.batch, rows)
        rows = (await unit.execute(query.where(number > rows[-1][0]))).all()
    walk.end()
    await _texts(unit, walk)
    faults = tuple(walk.faults)
    return VerifyReport(team_id=team_id, entries=walk.entries, head=head, faults=faults, fault_count=walk.count)


_COLUMNS: Final = ("name", "change_id", "customer_id", "body", "hash")


@dataclass(slots=True, kw_only=True)
class _Walk:
    key: bytes
    team_id: str
    head: AuditHead
    expected: AuditHead | None
    checkpoint: AuditCheckpoint | None = None
    number: int = 0
    hash: bytes = GENESIS
    entries: int = 0
    count: int = 0
    shift: int = 0
    faults: list[AuditFault] = field(default_factory=list)

    def fault(self, kind: FaultKind, number: int, last: int | None = None) -> None:
        self.count += 1
        if len(self.faults) < _FAULTS_KEPT:
            self.faults.append(AuditFault(kind=kind, number=number, last=last))

    def begin(self) -> None:
        cut = self.checkpoint
        if cut is None:
            return
        self.number, self.hash = cut.number, bytes.fromhex(cut.hash)
        sealed = seal(
            self.key,
            team_id=cut.team_id,
            number=cut.number,
            hash_=self.hash,
            until=cut.until,
            entry_number=cut.entry_number,
        )
        if not hmac.compare_digest(sealed, cut.seal):
            self.fault(FaultKind.CHECKPOINT, cut.number)
        if self.expected is not None and self.expected.number <= cut.number:
            same = self.expected.number == cut.number and _same(self.hash, self.expected.hash)
            if self.expected.number > 0 and not same:
                self.fault(FaultKind.HEAD, self.expected.number)

    def batch(self, rows: Sequence[Any]) -> None:
        expected = self.expected.number if self.expected is not None else -1
        cut = self.checkpoint.entry_number if self.checkpoint is not None else -1
        for number, at, name, change_id, customer_id, body, stored in rows:
            self.entries += 1
            if number <= self.number:
                self.fault(FaultKind.INSERTED, number)
            elif number != self.number + 1:
                self.fault(FaultKind.REMOVED, self.number + 1, number - 1)
            begins = header(
                team_id=self.team_id,
                number=number,
                at_micros=at,
                name=name,
                change_id=change_id,
                customer_id=customer_id,
            )
            if not body.startswith(begins) or not body.isascii():
                self.misplaced(number, body, begins)
            else:
                self.shift = 0
                if link(self.key, previous=self.hash, number=number, body=body) != stored:
                    # After a gap the hash before is not known: the gap is named, the entry is not accused.
                    if number == self.number + 1:
                        self.fault(FaultKind.INSERTED if number > self.head.number else FaultKind.EDITED, number)
                elif number > self.head.number:
                    self.fault(FaultKind.HEAD, number)
            self.number, self.hash = number, bytes(stored)
            if number == cut and name != AuditName.TRAIL_CUT:
                self.fault(FaultKind.CHECKPOINT, number)
            if number == expected and self.expected is not None and not _same(self.hash, self.expected.hash):
                self.fault(FaultKind.HEAD, number)

    def misplaced(self, number: int, body: str, begins: str) -> None:
        """A body that is not this row's. One that belongs to a neighbour tells what was done before the renumbering."""
        own = _own_number(body, begins)
        if own is None:
            self.fault(FaultKind.EDITED, number)
        elif own == number + 1 and self.shift == 0:
            self.fault(FaultKind.REMOVED, number, number)
        elif own == number - 1 and self.shift == 0 and self.faults[-1:] == [_edited(number - 1)]:
            self.faults[-1] = AuditFault(kind=FaultKind.INSERTED, number=number - 1)
        elif own - number != self.shift:
            if own == number - 1 and self.faults[-1:] == [AuditFault(kind=FaultKind.REMOVED, number=own, last=own)]:
                self.faults[-1] = AuditFault(kind=FaultKind.MOVED, number=own)
            self.fault(FaultKind.MOVED, number)
        self.shift = 0 if own is None else own - number

    def end(self) -> None:
        known = max(
            self.head.number,
            self.expected.number if self.expected is not None else 0,
            self.checkpoint.entry_number if self.checkpoint is not None else 0,
        )
        if self.number < known:
            self.fault(FaultKind.CUT_OFF, self.number + 1, known)
        elif self.number == self.head.number and not _same(self.hash, self.head.hash):
            self.fault(FaultKind.HEAD, self.number)


async def _texts(unit: Unit, walk: _Walk) -> None:
    """Each text that is still there, against the digest in its entry."""
    same = and_(audit_entries.c.team_id == audit_texts.c.team_id, audit_entries.c.number == audit_texts.c.number)
    query = (
        select(audit_texts.c.number, audit_texts.c.salt, audit_texts.c.text, audit_entries.c.body)
        .select_from(audit_texts.outerjoin(audit_entries, same))
        .where(audit_texts.c.team_id == walk.team_id)
        .order_by(audit_texts.c.number)
        .limit(_BATCH)
    )
    rows: Sequence[Any] = (await unit.execute(query)).all()
    while rows:
        for number, salt, text, body in rows:
            if body is None or text_digest_in(body) != digest_of(text, salt=salt):
                walk.fault(FaultKind.TEXT_EDITED, number)
        rows = (await unit.execute(query.where(audit_texts.c.number > rows[-1][0]))).all()


def _edited(number: int) -> AuditFault:
    return AuditFault(kind=FaultKind.EDITED, number=number)


def _own_number(body: str, begins: str) -> int | None:
    """The number that a body gives itself, if it is of this chain and of another place; None: simply edited."""
    team = begins[: begins.index(',"number":') + len(',"number":')]
    digits = body.removeprefix(team).partition(",")[0] if body.startswith(team) else ""
    own = int(digits) if digits.isascii() and digits.isdigit() else None
    return None if own is not None and begins.startswith(f"{team}{own},") else own


def _same(found: bytes, noted: str) -> bool:
    return hmac.compare_digest(found.hex(), noted)
