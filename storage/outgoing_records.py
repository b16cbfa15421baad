"""How fast things go out: queues that wait for turns, and the lanes that give them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Queue(StrEnum):
    """What waits for the same kind of call: a post in one of the two channels, an update, a direct message."""

    APPROVALS = "approvals"
    AUDIT = "audit"
    UPDATE = "update"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A queue of a workspace in which something waits."""

    team_id: str
    queue: Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Something that Slack counts: a turn each `every` seconds, and `burst` of them at once after a rest."""

    name: str
    every: float
    burst: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """The item whose turn is next in a queue: `reader` has the direct message, `rank_at` compares queues.

    Without a rank it was put in by a worker of a former version, and goes first.
    """

    item_id: str
    team_id: str
    rank_at: datetime | None = None
    reader: str = ""
