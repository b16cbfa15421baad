"""Handles: the opaque values behind buttons and menus, with what was shown when they were made."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.desk.desk import Desk
from bot.desk.purposes import Purpose
from bot.domain.people import Caller
from storage.records import Handle, Switch

Data = Mapping[str, str | int | None]


@dataclass(slots=True, kw_only=True)
class HandleMaker:
    """Collects the handles of one answer, so that one statement writes them all."""

    desk: Desk
    caller: Caller
    made: list[Handle] = field(default_factory=list)

    def make(self, purpose: Purpose, data: Data) -> str:
        """A new value that stands for `data`, for this caller alone. It is not valid before it is written."""
        value = self.desk.ids.opaque()
        self.made.append(
            Handle(
                id=value,
                team_id=self.caller.installed_team_id,
                user_id=self.caller.actor.user_id,
                purpose=purpose,
                data=data,
                created_at=self.desk.clock.now(),
            )
        )
        return value

    async def keep(self) -> Switch | None:
        """Write all that were made; the stop switch as of then. Raises StorageUnavailable."""
        return await self.desk.database.keep(self.made)

    def handles(self, now: datetime) -> list[Handle]:
        """All that were made, as of `now`, for a transaction that writes something else too."""
        return [replace(each, created_at=now) for each in self.made]


def text_of(data: Data, key: str) -> str:
    """A text that a handle carries; empty where it carries none."""
    value = data.get(key)
    return value if isinstance(value, str) else ""


def number_of(data: Data, key: str) -> int:
    """A number that a handle carries; 0 where it carries none."""
    value = data.get(key)
    return value if isinstance(value, int) else 0
