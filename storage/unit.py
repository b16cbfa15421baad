"""What the repositories of one transaction share."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One open transaction: its connection, its instant, and what comes in from outside."""

    connection: AsyncConnection
    now: datetime
    writes: bool
    postgres: bool
    ids: Ids
    audit_key: bytes

    def insert(self, table: Table) -> Any:
        """An INSERT with the engine's ON CONFLICT, which both spell alike but SQLAlchemy types apart."""
        return postgresql.insert(table) if self.postgres else sqlite.insert(table)
