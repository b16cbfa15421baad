"""Sending a file to one person, by Slack's upload in three steps: an address, the bytes, the message."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import IO, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import FilesNotAllowed
from handlers.blocks.text import clamp, clean
from handlers.slack_code import slack_code

_UPLOAD: Final = aiohttp.ClientTimeout(total=300, sock_connect=5, sock_read=60)
_IN_MEMORY: Final = 1_000_000
_OK: Final = 200
_TITLE: Final = 150
_NO_SCOPE: Final = "missing_scope"


class UploadRefused(Exception):
    """Slack did not take the bytes."""


async def send_file(
    client: AsyncWebClient,
    http: aiohttp.ClientSession,
    *,
    user_id: str,
    name: str,
    title: str,
    comment: str,
    pieces: AsyncIterator[bytes],
    noted: Callable[[str], Awaitable[None]] | None = None,
) -> None:
    """Upload `pieces` and share them in the direct conversation with somebody. Raises what Slack's calls raise.

    FilesNotAllowed where the app was installed without the scope.

    `noted` is called with the file's id before anybody can see the file; what it raises stops the sending.

    Slack wants the length first, so that they are spooled: to memory while they are few, then to a file without a name.
    """
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        async for piece in pieces:
            await asyncio.to_thread(spool.write, piece)
        length = spool.tell()
        spool.seek(0)
        promised = await _promised(client, name, length)
        if noted is not None:
            await noted(str(promised["file_id"]))
        await _upload(http, str(promised["upload_url"]), spool, length)
    opened = await client.conversations_open(users=user_id)
    await client.files_completeUploadExternal(
        files=[{"id": str(promised["file_id"]), "title": clamp(clean(title), _TITLE)}],
        channel_id=str(opened["channel"]["id"]),
        initial_comment=comment,
    )


async def _promised(client: AsyncWebClient, name: str, length: int) -> AsyncSlackResponse:
    try:
        return await client.files_getUploadURLExternal(filename=name, length=length)
    except SlackApiError as error:
        if slack_code(error) == _NO_SCOPE:
            raise FilesNotAllowed from None
        raise


async def _upload(http: aiohttp.ClientSession, address: str, spool: IO[bytes], length: int) -> None:
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(length)}
    async with http.post(address, data=_read(spool), headers=headers, timeout=_UPLOAD) as answer:
        if answer.status != _OK:
            raise UploadRefused(answer.status)


async def _read(spool: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := await asyncio.to_thread(spool.read, 65_536):
        yield piece
