"""A disk that takes no more, and a file that may not be written: told, nothing kept, and it goes on afterwards (5)."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import gettempdir

import pytest

_CHILD = """
import asyncio, json, os, resource, signal, sys
from pathlib import Path
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from storage.database import Database
from storage.errors import StorageUnavailable

trouble, file = sys.argv[1], Path(sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
if os.geteuid() == 0:  # whom no mode of a file keeps out
    for each in (file.parent, *file.parent.iterdir()):
        os.chown(each, 65534, 65534)
    os.setegid(65534)
    os.seteuid(65534)

def begin():
    if trouble == "full":
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    else:
        for each in (file, *file.parent.glob(file.name + "-*")):
            each.chmod(0o444)

def end():
    if trouble == "full":
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    else:
        for each in (file, *file.parent.glob(file.name + "-*")):
            each.chmod(0o644)

async def claim(database, key):
    try:
        async with database.write(within=2) as tx:
            return await tx.deliveries.claim(key)
    except StorageUnavailable as error:
        return type(error).__name__

async def main():
    database = Database(f"sqlite:///{file}", clock=SystemClock(), ids=RandomIds(), audit_key=b"k" * 40)
    told = []
    if trouble == "readonly":
        begin()  # before anybody has opened it to write
    await database.open()
    if trouble == "full":
        told.append(await claim(database, "before"))
        begin()
    told.append(await claim(database, "during"))
    told.append(await claim(database, "during"))
    end()
    told.append(await claim(database, "during"))
    told.append(await claim(database, "after"))
    await database.close()
    print(json.dumps(told))

asyncio.run(main())
"""


def child(trouble: str, url: str) -> list[object]:
    """What claims were told in a process of its own, which may limit itself."""
    command = [sys.executable, "-c", _CHILD, trouble, url.removeprefix("sqlite:///")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    told: list[object] = json.loads(done.stdout)
    return told


@pytest.fixture
def open_folder(tmp_path: Path) -> None:
    """Its parents let another user in, where the tests run as root."""
    for each in (tmp_path, *tmp_path.parents):
        if each.is_relative_to(gettempdir()) and each != Path(gettempdir()):
            each.chmod(0o755)


def test_a_full_disk_is_told_and_nothing_is_kept(sqlite_url: str, open_folder: None) -> None:
    """The file may not grow (RLIMIT_FSIZE): what was told not to be kept is not there afterwards."""
    before, first, second, again, after = child("full", sqlite_url)
    assert before is True
    assert {first, second} <= {"StorageUnavailable", "CommitUnknown"}
    assert (again, after) == (True, True)


def test_a_file_that_may_not_be_written_is_told_and_is_taken_up_again(
    sqlite_url: str,
    open_folder: None,
) -> None:
    """Without a restart: the connections that were opened meanwhile are replaced."""
    first, second, again, after = child("readonly", sqlite_url)
    assert (first, second) == ("StorageUnavailable", "StorageUnavailable")
    assert (again, after) == (True, True)
