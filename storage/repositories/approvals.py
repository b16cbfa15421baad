"""Approvals: what is asked of approvers, who decided what, and the row that a decision holds while it is made."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, literal_column, select, true, update

from bot.domain.changes import Change, ChangeState, Outcome
from bot.domain.facts import Facts
from bot.domain.people import Actor
from bot.domain.policy import SecondPersonReason
from bot.domain.roles import PartnerRole
from storage.approval_records import ApprovalRequest, Decision, DecisionKind, Standing
from storage.records import Switch
from storage.repositories.change_rows import facts_text, outcome_text, to_change
from storage.repositories.change_work import STOP
from storage.repositories.outbox_adding import placeholders
from storage.tables.approvals import approval_requests, decisions
from storage.tables.base import among
from storage.tables.changes import changes
from storage.tables.desk import switches
from storage.types import to_json
from storage.unit import Unit, inserting

BATCH: Final = 100

_DECIDED: Final = ("change_id", "facts_version", "kind", "team_id", "user_id", "roles", "self_made", "at")


@dataclass(frozen=True, slots=True)
class Approvals:
    """The approvals of all changes."""

    unit: Unit

    async def hold(self, change_id: str, *, states: Iterable[ChangeState], not_expired: bool = True) -> Change | None:
        """Claim a change for a decision: one conditional UPDATE, which raises its row version (its card is to change).

        None: it is in none of these states, or past its time. On PostgreSQL its row is locked until the commit, so
        that of many who press at once each meets what the one before left. Hold before anything else is written.
        """
        held = _holding(frozenset(states), not_expired=not_expired)
        row = (await self.unit.execute(held, {"of_change": change_id, "this_moment": self.unit.now})).first()
        return None if row is None else to_change(row)

    async def restate(self, change_id: str, *, facts: Facts, facts_version: int, outcome: Outcome) -> Change:
        """Give a held change newer facts, as its next version: approvals of the version before count no more."""
        values = {"facts": facts_text(facts), "facts_version": facts_version + 1, "outcome": outcome_text(outcome)}
        held = and_(changes.c.id == change_id, changes.c.facts_version == facts_version)
        statement = update(changes).where(held).values(row_version=changes.c.row_version + 1, **values)
        return to_change((await self.unit.execute(statement.returning(changes))).one())

    async def decide(self, decision: Decision) -> bool:
        """Note a decision about a held change. False: the same person decided the same about these facts before."""
        values = {
            "change_id": decision.change_id,
            "facts_version": decision.facts_version,
            "kind": decision.kind.value,
            "team_id": decision.actor.team_id,
            "user_id": decision.actor.user_id,
            "roles": to_json([role.value for role in decision.roles]),
            "self_made": decision.self_made,
            "at": decision.at,
        }
        made = _deciding(postgres=self.unit.postgres)
        return (
            await self.unit.execute(made, {f"its_{name}": each for name, each in values.items()})
        ).first() is not None

    async def standing(self, change_id: str) -> Standing:
        """What an approval meets at a held change, in one look: the stop switch, and what was decided before.

        Ask it after `hold` alone: whoever waited for the row sees what the one before left.
        """
        rows = (await self.unit.execute(_standing(), {"of_change": change_id})).all()
        stopped = None if rows[0].thrown_at is None else Switch(by=rows[0].thrown_by, at=rows[0].thrown_at)
        return Standing(stopped=stopped, made=tuple(_decision(row) for row in rows if row.position is not None))

    async def given(self, change_id: str, facts_version: int) -> tuple[Decision, ...]:
        """Who approved this version of the facts, in order."""
        return await self._decisions(
            decisions.c.change_id == change_id,
            decisions.c.facts_version == facts_version,
            decisions.c.kind == DecisionKind.APPROVE.value,
        )

    async def of(self, change_id: str) -> tuple[Decision, ...]:
        """Everything that people decided about a change, in order."""
        return await self._decisions(decisions.c.change_id == change_id)

    async def of_all(self, change_ids: Sequence[str]) -> dict[str, tuple[Decision, ...]]:
        """Everything that people decided about each of these changes, in order; what nobody decided is left out."""
        found: dict[str, tuple[Decision, ...]] = {}
        for each in await self._decisions(decisions.c.change_id.in_(change_ids)):
            found[each.change_id] = (*found.get(each.change_id, ()), each)
        return found

    async def requests(self, change_ids: Sequence[str]) -> dict[str, ApprovalRequest]:
        """What is asked about each of these changes."""
        query = select(approval_requests).where(approval_requests.c.change_id.in_(change_ids))
        return {row.change_id: _request(row) for row in (await self.unit.execute(query)).all()}

    async def ask(self, request: ApprovalRequest) -> None:
        """Ask approvers, or ask them anew: the clock of the question begins again."""
        values: dict[str, Any] = {
            "reasons": ",".join(request.reasons),
            "asked_at": request.asked_at,
            "remind_at": request.remind_at,
            "escalate_at": request.escalate_at,
            "reminded_at": request.reminded_at,
            "escalated_at": request.escalated_at,
            "looked_at": request.looked_at,
            "found": request.found,
            "closed_at": None,
        }
        statement = self.unit.insert(approval_requests).values(change_id=request.change_id, **values)
        await self.unit.execute(
            statement.on_conflict_do_update(index_elements=[approval_requests.c.change_id], set_=values)
        )

    async def request(self, change_id: str) -> ApprovalRequest | None:
        """What is asked about a change; None where nothing ever was."""
        query = select(approval_requests).where(approval_requests.c.change_id == change_id)
        row = (await self.unit.execute(query)).first()
        return None if row is None else _request(row)

    async def to_look_for(self, limit: int = BATCH) -> list[str]:
        """Changes for which nobody has looked yet whether somebody could approve, longest asked first."""
        table = approval_requests.c
        where = and_(table.looked_at.is_(None), table.closed_at.is_(None))
        return await self._ids(select(table.change_id).where(where).order_by(table.asked_at).limit(limit))

    async def to_remind(self, limit: int = BATCH) -> list[str]:
        """Changes whose approvers are due to be reminded, longest due first."""
        table = approval_requests.c
        where = and_(table.reminded_at.is_(None), table.closed_at.is_(None), table.remind_at <= self.unit.now)
        return await self._ids(select(table.change_id).where(where).order_by(table.remind_at).limit(limit))

    async def to_escalate(self, limit: int = BATCH) -> list[str]:
        """Changes that were reminded of and are due to be escalated, longest due first."""
        table = approval_requests.c
        where = and_(
            table.reminded_at.is_not(None),
            table.escalated_at.is_(None),
            table.closed_at.is_(None),
            table.escalate_at <= self.unit.now,
        )
        return await self._ids(select(table.change_id).where(where).order_by(table.escalate_at).limit(limit))

    async def looked(self, change_id: str, *, found: bool | None) -> bool:
        """Note that it was looked for approvers. False: noted before."""
        table = approval_requests.c
        return await self._mark(change_id, table.looked_at.is_(None), looked_at=self.unit.now, found=found)

    async def reminded(self, change_id: str) -> bool:
        """Note the one reminder, in the transaction that lets it go out. False: there was one."""
        return await self._mark(change_id, approval_requests.c.reminded_at.is_(None), reminded_at=self.unit.now)

    async def escalated(self, change_id: str) -> bool:
        """Note the one escalation. False: there was one."""
        return await self._mark(change_id, approval_requests.c.escalated_at.is_(None), escalated_at=self.unit.now)

    async def close(self, change_id: str) -> None:
        """The question is answered, or past its time: the clock need not look at it again."""
        await self._mark(change_id, true(), closed_at=self.unit.now)

    async def _mark(self, change_id: str, where: ColumnElement[bool], **values: Any) -> bool:
        table = approval_requests
        statement = update(table).where(table.c.change_id == change_id, table.c.closed_at.is_(None), where)
        return (await self.unit.execute(statement.values(**values))).rowcount == 1

    async def _decisions(self, *where: ColumnElement[bool]) -> tuple[Decision, ...]:
        query = select(decisions).where(*where).order_by(decisions.c.change_id, decisions.c.position)
        return tuple(_decision(row) for row in (await self.unit.execute(query)).all())

    async def _ids(self, query: Select[Any]) -> list[str]:
        return list((await self.unit.execute(query)).scalars())


@cache
def _holding(states: frozenset[ChangeState], *, not_expired: bool) -> Any:
    held = [changes.c.id == bindparam("of_change"), among(changes.c.state, states)]
    if not_expired:
        held.append(changes.c.expires_at > bindparam("this_moment", type_=changes.c.expires_at.type))
    return update(changes).where(*held).values(row_version=changes.c.row_version + 1).returning(changes)


@cache
def _deciding(*, postgres: bool) -> Any:
    given = placeholders(decisions, *_DECIDED, prefix="its_")
    mine = decisions.c.change_id == given["change_id"]
    position = select(func.coalesce(func.max(decisions.c.position), 0) + 1).where(mine).scalar_subquery()
    statement = inserting(decisions, postgres=postgres).values(position=position, **given)
    return statement.on_conflict_do_nothing().returning(decisions.c.position)


@cache
def _standing() -> Select[Any]:
    one = select(literal_column("1").label("row")).subquery("one")
    joined = one.outerjoin(switches, switches.c.name == literal_column(f"'{STOP}'"))
    joined = joined.outerjoin(decisions, decisions.c.change_id == bindparam("of_change"))
    query = select(switches.c.thrown_by, switches.c.thrown_at, decisions).select_from(joined)
    return query.order_by(decisions.c.position)


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        change_id=row.change_id,
        facts_version=row.facts_version,
        kind=DecisionKind(row.kind),
        actor=Actor(team_id=row.team_id, user_id=row.user_id),
        roles=tuple(PartnerRole(role) for role in json.loads(row.roles)),
        self_made=row.self_made,
        at=row.at,
    )


def _request(row: Row[Any]) -> ApprovalRequest:
    return ApprovalRequest(
        change_id=row.change_id,
        reasons=tuple(SecondPersonReason(each) for each in row.reasons.split(",") if each),
        asked_at=row.asked_at,
        remind_at=row.remind_at,
        escalate_at=row.escalate_at,
        reminded_at=row.reminded_at,
        escalated_at=row.escalated_at,
        looked_at=row.looked_at,
        found=row.found,
    )
