"""`doctor` says what waits to reach Slack, since when, why, and what to do; and what was given up."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from storage.database import Database
from storage.outgoing_records import First
from storage.records import OutboxKind
from storage.tables.outgoing import outbox
from tests.support import made
from tests.support.doctored import AUDIT_KEY, sound_world


@pytest.fixture(autouse=True)
def _no_dotenv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


async def waiting(url: str, *, age: timedelta, why: str | None, given_up: bool = False) -> None:
    """One card that has waited so long, was tried if there is a `why`, and perhaps was given up."""
    database = Database(url, clock=ShiftedClock(), ids=RandomIds(), audit_key=AUDIT_KEY.encode())
    await database.open()
    try:
        change = await made.stored(database)
        async with database.write() as tx:
            item = made.item(tx, OutboxKind.CARD, change.id)
            await tx.outbox.add(item)
            if why is not None:
                (claimed,) = await tx.outbox.claim("w", made.LEASE, First(item_id=item.id, team_id=item.team_id))
                if given_up:
                    await tx.outbox.dead(claimed, why=why)
                else:
                    await tx.outbox.again(claimed, at=tx.now, why=why)
            past = {"added_at": tx.now - age, "done_at": tx.now - age if given_up else None}
            await tx.changes.unit.execute(update(outbox).values(past))
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("why", "age", "says"),
    [
        (
            "is_archived",
            timedelta(minutes=30),
            "1 message to Slack waits because of is_archived, the oldest for 30 min",
        ),
        ("token_revoked", timedelta(hours=5), "1 message to Slack waits because of token_revoked, the oldest for 5 h"),
        ("status 503", timedelta(days=3), "1 message to Slack waits because of status 503, the oldest for 3 d"),
        (None, timedelta(minutes=20), "1 message to Slack waits, the oldest for 20 min, and nothing is known"),
    ],
)
async def test_what_is_stuck_is_named_with_its_age_and_code(
    tmp_path: Path, database_url: str, why: str | None, age: timedelta, says: str
) -> None:
    await waiting(database_url, age=age, why=why)
    async with sound_world(tmp_path, database_url) as world:
        (told,) = await world.faults()
    assert told.startswith(f"outbox: {says}")


@pytest.mark.parametrize("why", ["is_archived", None])
async def test_what_waits_for_a_moment_is_no_fault(tmp_path: Path, database_url: str, why: str | None) -> None:
    await waiting(database_url, age=timedelta(seconds=30), why=why)
    async with sound_world(tmp_path, database_url) as world:
        found = await world.examine()
    assert [each.says for each in found if each.group == "outbox"] == ["1 message to Slack waits; none is stuck."]


@pytest.mark.parametrize(("days", "named"), [(6, True), (8, False)])
async def test_what_was_given_up_is_named_for_a_week(
    tmp_path: Path, database_url: str, days: int, *, named: bool
) -> None:
    await waiting(database_url, age=timedelta(days=days), why="user_not_found", given_up=True)
    async with sound_world(tmp_path, database_url) as world:
        told = await world.faults()
    says = "outbox: 1 message to Slack given up in the last 7 days because of user_not_found."
    assert told == ([says] if named else [])
