"""Answers of writes that acted, remembered in the transaction of the effect (docs/decisions/0022)."""

import json
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.book import tables
from storage.book.instants import from_text, to_text
from storage.book.records import RememberedAnswer

KEPT: Final = timedelta(days=30)
"""How long an answer is remembered. Partner Center says nothing about its own time (facts/partner-center.md, 12)."""

_M = tables.answers.c


class Answers:
    """Remembered answers on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, request_id: str) -> RememberedAnswer | None:
        """The answer that a request id got, if it acted."""
        row = (await self._connection.execute(select(tables.answers).where(_M.request_id == request_id))).first()
        if row is None:
            return None
        return RememberedAnswer(
            request_id=row.request_id,
            fingerprint=row.fingerprint,
            status=row.status,
            headers=tuple((key, value) for key, value in json.loads(row.headers)),
            body=bytes(row.body),
            at=from_text(row.at),
        )

    async def remember(self, answer: RememberedAnswer) -> None:
        """Keep an answer. IntegrityError if another transaction was first with its id."""
        await self._connection.execute(
            insert(tables.answers).values(
                request_id=answer.request_id,
                fingerprint=answer.fingerprint,
                status=answer.status,
                headers=json.dumps(answer.headers),
                body=answer.body,
                at=to_text(answer.at),
            )
        )

    async def forget_old(self, now: datetime) -> None:
        """Drop what is older than `KEPT`."""
        await self._connection.execute(delete(tables.answers).where(_M.at < to_text(now - KEPT)))
