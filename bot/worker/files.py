"""Deletes the files in Slack that hold names of accounts, when their time is over (`FOLLOW_UPS_KEEP`)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.desk.desk import Desk
from bot.worker.mailer import ClientFor
from storage.follow_up_records import SentFile

_LATER: Final = timedelta(minutes=15)
_GONE: Final = frozenset({"file_not_found", "file_deleted"})


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
        except SlackApiError as error:
            if error.response.get("error") not in _GONE:
                return await self._later(file, str(error.response.get("error")))
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return await self._later(file, type(error).__name__)
        async with self.desk.database.write() as tx:
            await tx.follow_ups.file_gone(file)
        return True

    async def _later(self, file: SentFile, code: str) -> bool:
        structlog.get_logger(__name__).error("file_not_deleted", change_id=file.change_id, code=code)
        async with self.desk.database.write() as tx:
            await tx.follow_ups.file_later(file, at=tx.now + _LATER)
        return False
