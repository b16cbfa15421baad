"""What the store keeps about who is who."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A Slack user and the Microsoft user they are, by object id in lower case; `by` is who ran the command."""

    team_id: str
    user_id: str
    object_id: str
    by: str
    at: datetime
