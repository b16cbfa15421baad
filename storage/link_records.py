"""What the store keeps about channels."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.people import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLink:
    """A channel of the workspace `team_id` is about a customer; `by` said so."""

    team_id: str
    channel_id: str
    customer_id: str
    by: Actor
    at: datetime
