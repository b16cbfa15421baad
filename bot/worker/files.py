"""Deletes the files in Slack that hold names of accounts, when their time is over (`FOLLOW_UPS_KEEP`)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from bot.desk.desk import Desk
from bot.worker.mailer import ClientFor
from bot.worker.troubles import DEFECT, trouble_of
from storage.follow_up_records import SentFile

_LATER: Final = timedelta(minutes=15)
_UPLOADING: Final = timedelta(minutes=15)
"""For longer no upload lasts (`handlers.files`); until then a file that Slack does not know is none that is gone."""

_GONE: Final = frozenset({"file_not_found", "file_deleted"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files loop's step."""

    desk: Desk
    client_for: ClientFor

    async def step(self) -> bool:
        """Delete what is due. What Slack refuses is tried again later, and never forgotten. True: some were deleted."""
        async with self.desk.database.read() as tx:
            due = await tx.follow_ups.files_due()
        return any([await self._delete(each) for each in due])

    async def _delete(self, file: SentFile) -> bool:
        try:
            client = await self.client_for(file.team_id)
            await client.files_delete(file=file.file_id)
        except Exception as error:
            trouble = trouble_of(error)
            if trouble is None:  # a defect of ours: the other files go all the same
                log.exception("file_not_deleted", change_id=file.change_id, code=DEFECT)
                return await self._later(file)
            if trouble.code not in _GONE or self._under_way(file):
                log.error("file_not_deleted", change_id=file.change_id, code=trouble.code)  # noqa: TRY400 - its code says all
                return await self._later(file)
        async with self.desk.database.write() as tx:
            await tx.follow_ups.file_gone(file)
        return True

    def _under_way(self, file: SentFile) -> bool:
        """Whether its bytes may still be on their way: Slack does not know it yet, and will."""
        return file.added_at is not None and self.desk.clock.now() < file.added_at + _UPLOADING

    async def _later(self, file: SentFile) -> bool:
        async with self.desk.database.write() as tx:
            await tx.follow_ups.file_later(file, at=tx.now + _LATER)
        return False
