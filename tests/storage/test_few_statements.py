"""What decides is said in few statements (docs/decisions/0048): they mean what the many meant."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.changes import ChangeState
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from storage.approval_records import Decision, DecisionKind
from storage.database import Database
from storage.errors import StorageError
from storage.records import OutboxItem, OutboxKind
from tests.support import made


def item(kind: OutboxKind, change_id: str, at: object, **fields: object) -> OutboxItem:
    """Something that goes out."""
    values = {"id": f"{kind.value}-{at}", "team_id": made.TEAM, "kind": kind, "change_id": change_id, "due_at": at}
    return OutboxItem(**values | fields)  # type: ignore[arg-type]


async def test_an_entry_takes_with_it_what_goes_out_and_a_step_is_of_this_entry(database: Database) -> None:
    """The card is asked for once more, not twice; a notice of the same state stays one; the chain is whole."""
    change = await made.stored(database)
    for asked in (1, 2):
        async with database.write() as tx:
            out = [item(kind, change.id, tx.now) for kind in (OutboxKind.CARD, OutboxKind.STEP)]
            out.append(item(OutboxKind.NOTICE, change.id, tx.now, state=ChangeState.COMPLETED))
            row = await tx.audit.append(made.entry(change_id=change.id, free_text="why\x00 ü"), out=out)
        async with database.read() as tx:
            waiting = {(each.kind, each.audit_number): each for each in await tx.outbox.of(change.id)}
            report = await tx.audit.verify(made.TEAM)
            head = await tx.audit.head(made.TEAM)
        assert waiting[OutboxKind.CARD, None].generation == asked
        assert (OutboxKind.STEP, row.number) in waiting
        assert len(waiting) == 2 + asked
        assert (head.number, head.hash) == (row.number, row.hash) == (asked, row.hash)
        assert (report.faults, report.entries) == ((), asked)


async def test_where_one_of_them_cannot_be_written_none_is(database: Database) -> None:
    async with database.write() as tx:
        await tx.audit.append(made.entry())

    async def broken() -> None:
        async with database.write() as tx:
            await tx.audit.append(made.entry(), out=[item(OutboxKind.CARD, "made up", tx.now)])

    with pytest.raises((StorageError, DBAPIError)):
        await broken()
    async with database.read() as tx:
        assert (await tx.audit.head(made.TEAM)).number == 1
        assert (await tx.audit.verify(made.TEAM)).entries == 1
        assert await tx.outbox.of("made up") == []


async def test_an_approval_meets_the_stop_switch_and_every_decision_in_one_look(database: Database) -> None:
    change = await made.stored(database, state=ChangeState.AWAITING_APPROVAL, approvals_needed=2)
    people = [Actor(team_id=made.TEAM, user_id=f"U{number}") for number in range(3)]
    async with database.write() as tx:
        assert await tx.approvals.hold(change.id, states={ChangeState.AWAITING_APPROVAL})
        assert (await tx.approvals.standing(change.id)).made == ()
        assert (await tx.approvals.standing(change.id)).stopped is None
        for actor in people:
            await tx.approvals.decide(
                Decision(
                    change_id=change.id,
                    facts_version=1,
                    kind=DecisionKind.APPROVE,
                    actor=actor,
                    roles=(PartnerRole.SALES_AGENT,),
                    self_made=False,
                    at=tx.now,
                )
            )
        await tx.switches.stop("root")
        standing = await tx.approvals.standing(change.id)
        assert standing.stopped == await tx.switches.stopped()
        assert standing.made == await tx.approvals.of(change.id) == (await tx.approvals.of_all([change.id]))[change.id]
        assert [each.actor for each in standing.made] == people
        assert (await tx.approvals.standing("made up")).made == ()


async def test_roles_are_read_with_the_databases_instant_also_where_there_are_none(database: Database) -> None:
    async with database.write() as tx:
        began = tx.now
        await tx.grants.grant(made.ASKER.team_id, made.ASKER.user_id, PartnerRole.SALES_AGENT, "root")
        await tx.grants.grant(made.ASKER.team_id, made.ASKER.user_id, PartnerRole.ADMIN_AGENT, "root")
    stranger = Actor(team_id="T1", user_id=made.ASKER.user_id)
    roles, at = await database.ask(lambda tx: tx.grants.at_once(made.ASKER))
    none, later = await database.ask(lambda tx: tx.grants.at_once(stranger))
    assert (roles, none) == ([PartnerRole.ADMIN_AGENT, PartnerRole.SALES_AGENT], [])
    assert began <= at <= later < began + timedelta(minutes=5)
    assert at.utcoffset() == timedelta(0)


async def test_nothing_is_written_by_a_question(database: Database) -> None:
    with pytest.raises(RuntimeError):
        await database.ask(lambda tx: tx.switches.stop("root"))
    async with database.read() as tx:
        assert await tx.switches.stopped() is None


async def test_a_question_says_one_thing_to_the_database(database: Database) -> None:
    """On PostgreSQL too: no instant is asked for beside it, and no transaction is open behind it."""

    async def alone(tx: object) -> bool:
        connection = tx.switches.unit.connection  # type: ignore[attr-defined]
        found = (await connection.execute(text("SELECT 1"))).scalar_one()
        driver = (await connection.get_raw_connection()).driver_connection
        return found == 1 and (not hasattr(driver, "info") or driver.info.transaction_status.name == "IDLE")

    assert await database.ask(alone)
