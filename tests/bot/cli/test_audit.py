"""`audit`: whole or not, its end compared with what was noted, taken away, forgotten; each as a process."""

import csv
import io
import json
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.changes import ChangeState
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from storage import migrate
from storage.database import Database
from tests.bot.cli.program import Ended, names_in, run
from tests.support import made

KEY = "k" * 40


def settings(folder: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{folder / 'desk.sqlite3'}", "AUDIT_KEY": KEY}


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Database]:
    database = Database(settings(folder)["DATABASE_URL"], clock=SystemClock(), ids=RandomIds(), audit_key=KEY.encode())
    await database.open()
    yield database
    await database.close()


async def append(folder: Path, *teams: str) -> None:
    async with opened(folder) as database:
        for team in teams:
            async with database.write() as tx:
                await tx.audit.append(made.entry(team_id=team, change_id=None, free_text="=Grüße"))


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Three entries of one workspace."""
    migrate.upgrade(settings(tmp_path)["DATABASE_URL"])
    await append(tmp_path, "T1", "T1", "T1")
    return tmp_path


async def audit(folder: Path, *arguments: str) -> Ended:
    return await run("audit", *arguments, cwd=folder, env=settings(folder))


def cut_off(folder: Path) -> None:
    """The last entry, as whoever owns the file and not the key takes it away."""
    connection = sqlite3.connect(folder / "desk.sqlite3")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.executescript(
        "DELETE FROM audit_entries WHERE number = 3; DELETE FROM audit_texts WHERE number = 3;"
        "UPDATE audit_heads SET number = 2, hash = (SELECT hash FROM audit_entries WHERE number = 2);"
    )
    connection.close()


async def test_a_head_noted_before_is_compared_in_each_of_its_forms(folder: Path) -> None:
    head = (await audit(folder, "head")).out.strip()
    team, number, digest = head.split(":")
    assert (team, number, len(digest)) == ("T1", "3", 64)
    for noted in (head, f"3:{digest}", f"3:{digest[:12]}", f"T1:3:{digest.upper()}"):
        end = await audit(folder, "verify", "--expect-head", noted)
        assert (end.code, end.err) == (0, ""), noted
        assert "T1: 3 entries, whole." in end.out


async def test_a_cut_off_end_is_found_by_what_the_channel_kept_and_only_by_it(folder: Path) -> None:
    digest = (await audit(folder, "head")).out.strip().split(":")[2]
    cut_off(folder)
    assert (await audit(folder, "verify")).code == 0
    end = await audit(folder, "verify", "--expect-head", f"3:{digest}", "--expect-head", f"2:{'0' * 64}")
    assert end.code == 1
    assert "T1: entry 3 is missing: the end was cut off." in end.err
    assert "T1: entry 2 has another hash than was noted." in end.err


async def test_what_was_noted_of_a_workspace_that_is_gone_is_missing(folder: Path) -> None:
    end = await audit(folder, "verify", "--expect-head", f"T9:1:{'a' * 64}")
    assert (end.code, end.err) == (1, "T9: entry 1 is missing: the end was cut off.\n")


@pytest.mark.parametrize("noted", ["", "3", "3:abc", "T1:x:" + "a" * 64, ":3:" + "a" * 64, "a:b:c:d", "3:" + "z" * 64])
async def test_what_is_no_head_is_code_2(folder: Path, noted: str) -> None:
    end = await audit(folder, "verify", "--expect-head", noted)
    assert end.code == 2
    assert "TEAM:NUMBER:HASH" in end.err


async def test_with_several_workspaces_the_workspace_has_to_be_named(folder: Path) -> None:
    await append(folder, "T2")
    end = await audit(folder, "verify", "--expect-head", f"1:{'a' * 12}")
    assert end.code == 2
    assert "TEAM:1:" in end.err


async def test_the_export_is_all_workspaces_or_one_on_standard_output_or_in_a_file(folder: Path) -> None:
    await append(folder, "T2")
    lines = [json.loads(line) for line in (await audit(folder, "export")).out.splitlines()]
    assert [(line["team_id"], line["number"]) for line in lines] == [("T1", 1), ("T1", 2), ("T1", 3), ("T2", 1)]
    end = await audit(folder, "export", "--format", "csv", "--team", "T2", "--output", "trail.csv")
    assert (end.code, end.out, end.err) == (0, "", "")
    written = folder / "trail.csv"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    (cell,) = csv.DictReader(io.StringIO(written.read_text(encoding="utf-8"), newline=""))
    assert (cell["team_id"], cell["free_text"]) == ("T2", "'=Grüße")
    assert [name for name in names_in(folder) if not name.startswith("desk.sqlite3")] == ["trail.csv"]


async def test_time_is_a_day_or_an_instant_and_its_end_is_left_out(folder: Path) -> None:
    assert (await audit(folder, "export", "--until", "2020-01-01")).out == ""
    assert len((await audit(folder, "export", "--since", "2020-01-01T08:00+01:00")).out.splitlines()) == 3
    assert (await audit(folder, "export", "--customer", "nobody")).out == ""
    end = await audit(folder, "export", "--since", "yesterday")
    assert end.code == 2
    assert "--since wants a day or an instant" in end.err


async def test_a_file_that_cannot_be_written_is_named_and_nothing_is_left(folder: Path) -> None:
    before = names_in(folder)
    end = await audit(folder, "export", "--output", "nowhere/trail.csv")
    assert end.code == 1
    assert "nowhere/trail.csv cannot be written" in end.err
    assert "Traceback" not in end.err
    assert names_in(folder) == before


async def test_what_was_typed_is_forgotten_once_the_change_has_ended(folder: Path) -> None:
    async with opened(folder) as database:
        change = await made.stored(database, team_id="T1")
        async with database.write() as tx:
            await tx.audit.append(made.entry(team_id="T1", change_id=change.id, free_text="secret"))
    open_ = await audit(folder, "forget", change.number, "--team", "T1")
    assert open_.code == 1
    assert "still open" in open_.err
    async with opened(folder) as database, database.write() as tx:
        assert await tx.changes.move(change.id, to=ChangeState.WITHDRAWN) is not None
    end = await audit(folder, "forget", change.number.lower(), "--team", "T1")
    assert end.code == 0, end.err
    assert "Deleted: texts in the trail 1, notes 1, names of accounts 0." in end.out
    async with opened(folder) as database, database.read() as tx:
        found = await tx.changes.get(change.id)
        rows = await tx.audit.of_change(change.id)
        report = await tx.audit.verify("T1")
        waiting = await tx.outbox.of(change.id)
    assert found is not None
    assert found.note == ""
    assert found.row_version > change.row_version
    assert (rows[0].entry.free_text, rows[0].text_deleted) == (None, True)
    assert rows[1].entry.name.value == "cli:text:forget"
    assert report.sound
    assert [item.kind.value for item in waiting] == ["card"]
    assert "There is no change N99999" in (await audit(folder, "forget", "N99999", "--team", "T1")).err
