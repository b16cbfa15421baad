"""The list as a CSV. A file that goes to Slack is noted first, so that it is deleted with the names."""

from collections.abc import AsyncIterator

from bot.desk.after.reach import FollowUps, reach
from bot.desk.after.show_list import now
from bot.desk.cells import cells
from bot.desk.desk import Desk
from bot.domain.audit import AuditName
from bot.domain.errors import ChangeUnknown
from bot.domain.people import Caller
from storage.follow_up_records import Account, SentFile

COLUMNS = ("name", "user_principal_name", "user_id", "services", "done_at")


async def accounts_file(desk: Desk, *, caller: Caller, change_id: str) -> tuple[FollowUps, AsyncIterator[bytes]]:
    """The list, and the file piece by piece in UTF-8. Raises ChangeUnknown (also once the names are gone), Refused."""
    reached = await reach(desk, caller=caller, change_id=change_id, tried=AuditName.FOLLOW_UPS_EXPORT)
    async with desk.database.write() as tx:
        found = await now(tx, reached)
        if not found.accounts:
            raise ChangeUnknown
        await tx.audit.append(reached.entry(accounts=len(found.accounts)))
    return found, _pieces(found.accounts)


async def note_file(desk: Desk, *, found: FollowUps, file_id: str) -> None:
    """Note a file before anybody can see it. Raises ChangeUnknown where the names were deleted meanwhile."""
    change_id = found.change.id
    async with desk.database.write() as tx:
        work = await tx.follow_ups.list_of(change_id, hold=True)
        if work is None or work.deleted_at is not None:
            raise ChangeUnknown
        team_id = found.change.team_id
        file = SentFile(team_id=team_id, file_id=file_id, change_id=change_id, due_at=work.delete_at)
        await tx.follow_ups.add_file(file)


async def _pieces(accounts: tuple[Account, ...]) -> AsyncIterator[bytes]:
    yield cells([COLUMNS])
    for start in range(0, len(accounts), 1000):
        yield cells([_row(each) for each in accounts[start : start + 1000]])


def _row(account: Account) -> tuple[str, ...]:
    about, done = account.about, account.done_at
    services = "; ".join(about.services)
    return (about.name, about.principal_name, about.user_id, services, "" if done is None else done.isoformat())
