"""An attacker who has the database and not the key: each kind of tampering is found and named."""

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.records import AuditFault, AuditHead, FaultKind, VerifyReport
from tests.support import made

K = FaultKind
ENTRIES = 6


async def filled(database: Database) -> AuditHead:
    async with database.write() as tx:
        for number in range(ENTRIES):
            await tx.audit.append(made.entry(data={"n": number}, free_text=f"text {number}"))
    async with database.read() as tx:
        return await tx.audit.head(made.TEAM)


async def tampered(database: Database, *statements: str, expected: AuditHead | None = None) -> VerifyReport:
    """Run statements as an attacker who owns the database: the triggers go first."""
    async with database.write() as tx:
        connection = tx.changes.unit.connection
        if tx.changes.unit.postgres:
            await connection.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER ALL"))
            await connection.execute(text("ALTER TABLE audit_texts DISABLE TRIGGER ALL"))
        else:
            for name in (
                await connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            ).scalars():
                await connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            await connection.exec_driver_sql(statement)
    async with database.read() as tx:
        return await tx.audit.verify(made.TEAM, expected=expected)


def fault(kind: FaultKind, number: int, last: int | None = None) -> AuditFault:
    return AuditFault(kind=kind, number=number, last=last)


COPY = (
    "INSERT INTO audit_entries SELECT team_id, {to}, at, name, change_id, customer_id, {body}, hash FROM audit_entries"
)
SHIFT_UP = (
    "UPDATE audit_entries SET number = number + 1000 WHERE number >= 4",
    "UPDATE audit_entries SET number = number - 999 WHERE number >= 1000",
)
SHIFT_DOWN = (
    "UPDATE audit_entries SET number = number + 1000 WHERE number > 3",
    "UPDATE audit_entries SET number = number - 1001 WHERE number >= 1000",
)
HEAD_TO = "UPDATE audit_heads SET number = {number}, hash = (SELECT hash FROM audit_entries WHERE number = {number})"

CASES: list[tuple[str, tuple[str, ...], AuditFault]] = [
    (
        "edited body",
        ("UPDATE audit_entries SET body = replace(body, '\"n\":2', '\"n\":9') WHERE number = 3",),
        fault(K.EDITED, 3),
    ),
    ("edited customer column", ("UPDATE audit_entries SET customer_id = 'x' WHERE number = 3",), fault(K.EDITED, 3)),
    ("edited change column", ("UPDATE audit_entries SET change_id = NULL WHERE number = 3",), fault(K.EDITED, 3)),
    ("edited name column", ("UPDATE audit_entries SET name = 'cli:role:grant' WHERE number = 3",), fault(K.EDITED, 3)),
    (
        "edited hash",
        ("UPDATE audit_entries SET hash = (SELECT hash FROM audit_heads) WHERE number = 3",),
        fault(K.EDITED, 3),
    ),
    ("removed one", ("DELETE FROM audit_entries WHERE number = 3",), fault(K.REMOVED, 3, 3)),
    ("removed several", ("DELETE FROM audit_entries WHERE number IN (3, 4)",), fault(K.REMOVED, 3, 4)),
    ("removed the first", ("DELETE FROM audit_entries WHERE number = 1",), fault(K.REMOVED, 1, 1)),
    (
        "removed and closed up",
        ("DELETE FROM audit_entries WHERE number = 3", *SHIFT_DOWN, HEAD_TO.format(number=5)),
        fault(K.REMOVED, 3, 3),
    ),
    (
        "swapped",
        (
            "UPDATE audit_entries SET number = 1000 WHERE number = 3",
            "UPDATE audit_entries SET number = 3 WHERE number = 4",
            "UPDATE audit_entries SET number = 4 WHERE number = 1000",
        ),
        fault(K.MOVED, 3),
    ),
    (
        "inserted in the middle",
        (
            *SHIFT_UP,
            COPY.format(to=4, body="replace(body, '\"number\":3', '\"number\":4')") + " WHERE number = 3",
            HEAD_TO.format(number=7),
        ),
        fault(K.INSERTED, 4),
    ),
    (
        "inserted at the end",
        (COPY.format(to=7, body="replace(body, '\"number\":6', '\"number\":7')") + " WHERE number = 6",),
        fault(K.INSERTED, 7),
    ),
    (
        "inserted at the end, head moved",
        (
            COPY.format(to=7, body="replace(body, '\"number\":6', '\"number\":7')") + " WHERE number = 6",
            HEAD_TO.format(number=7),
        ),
        fault(K.EDITED, 7),
    ),
    (
        "copied from elsewhere",
        (COPY.format(to=7, body="body") + " WHERE number = 2", HEAD_TO.format(number=7)),
        fault(K.MOVED, 7),
    ),
    ("end cut off", ("DELETE FROM audit_entries WHERE number > 4",), fault(K.CUT_OFF, 5, 6)),
    ("everything gone", ("DELETE FROM audit_entries",), fault(K.CUT_OFF, 1, 6)),
    ("head alone moved back", (HEAD_TO.format(number=4),), fault(K.HEAD, 5)),
    (
        "head's hash edited",
        ("UPDATE audit_heads SET hash = (SELECT hash FROM audit_entries WHERE number = 2)",),
        fault(K.HEAD, 6),
    ),
    ("text edited", ("UPDATE audit_texts SET text = 'x' WHERE number = 3",), fault(K.TEXT_EDITED, 3)),
    ("texts swapped", ("UPDATE audit_texts SET number = 1000 WHERE number = 3",), fault(K.TEXT_EDITED, 1000)),
]


@pytest.mark.parametrize(("statements", "first"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
async def test_tampering_is_found_and_named(database: Database, statements: tuple[str, ...], first: AuditFault) -> None:
    await filled(database)
    report = await tampered(database, *statements)
    assert not report.sound
    assert report.faults[0] == first


async def test_an_end_cut_off_with_its_head_shows_by_a_head_noted_elsewhere(database: Database) -> None:
    """Each channel message carries the hash: the database alone cannot know."""
    noted = await filled(database)
    cut = (
        "DELETE FROM audit_entries WHERE number > 4",
        "DELETE FROM audit_texts WHERE number > 4",
        HEAD_TO.format(number=4),
    )
    assert (await tampered(database, *cut)).sound
    report = await tampered(database, expected=noted)
    assert report.faults == (fault(K.CUT_OFF, 5, 6),)


async def test_a_chain_made_anew_shows_by_a_head_noted_elsewhere(database: Database) -> None:
    noted = await filled(database)
    forged = AuditHead(team_id=noted.team_id, number=4, hash="00" * 32)
    async with database.read() as tx:
        assert (await tx.audit.verify(made.TEAM, expected=noted)).sound
        report = await tx.audit.verify(made.TEAM, expected=forged)
    assert report.faults == (fault(K.HEAD, 4),)


async def test_a_chain_of_another_key_is_not_sound(
    database: Database, database_url: str, clock: object, ids: object
) -> None:
    await filled(database)
    other = Database(database_url, clock=clock, ids=ids, audit_key=b"another key of sixteen bytes or more")  # type: ignore[arg-type]
    await other.open()
    async with other.read() as tx:
        report = await tx.audit.verify(made.TEAM)
    await other.close()
    assert (report.fault_count, report.faults[0]) == (ENTRIES, fault(K.EDITED, 1))
