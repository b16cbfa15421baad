"""Sending a file to one person, by Slack's upload in three steps: an address, the bytes, the message."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import IO, Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.blocks.text import clamp, clean

_UPLOAD: Final = aiohttp.ClientTimeout(total=300, sock_connect=5, sock_read=60)
_IN_MEMORY: Final = 1_000_000
_OK: Final = 200
_TITLE: Final = 150


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
) -> None:
    """Upload `pieces` and share them in the direct conversation with somebody. Raises what Slack's calls raise.

    Slack wants the length first, so that they are spooled: to memory while they are few, then to a file without a name.
    """
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        async for piece in pieces:
            await asyncio.to_thread(spool.write, piece)
        length = spool.tell()
        spool.seek(0)
        promised = await client.files_getUploadURLExternal(filename=name, length=length)
        await _upload(http, str(promised["upload_url"]), spool, length)
    opened = await client.conversations_open(users=user_id)
    await client.files_completeUploadExternal(
        files=[{"id": str(promised["file_id"]), "title": clamp(clean(title), _TITLE)}],
        channel_id=str(opened["channel"]["id"]),
        initial_comment=comment,
    )


async def _upload(http: aiohttp.ClientSession, address: str, spool: IO[bytes], length: int) -> None:
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(length)}
    async with http.post(address, data=_read(spool), headers=headers, timeout=_UPLOAD) as answer:
        if answer.status != _OK:
            raise UploadRefused(answer.status)


async def _read(spool: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := await asyncio.to_thread(spool.read, 65_536):
        yield piece
