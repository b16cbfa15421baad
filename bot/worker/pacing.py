"""How fast Slack takes what goes out (facts/slack.md, 3), as lanes whose turns all workers of a database share.

One message a second in a channel; 50 updates a minute in a workspace; several hundred messages a minute in a workspace.
"""

from dataclasses import dataclass
from typing import Final

from storage.outgoing_records import Lane, Queue, Waiting
from storage.repositories.outbox_rows import READER_LANE

MESSAGE_SECONDS: Final = 1.0
_UPDATES: Final = 5
_UPDATE_SECONDS: Final = 60 / 46
"""With five at once after a rest there are never more than 50 in any minute."""
_TOGETHER: Final = 10
_TOGETHER_SECONDS: Final = 0.25
_AT_ONCE: Final = {Queue.APPROVALS: 1, Queue.AUDIT: 1, Queue.UPDATE: 3, Queue.DIRECT: 8}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """The lanes of a bot with these two channels. `message_seconds` stands for Slack's one second in everything."""

    approvals_channel: str
    audit_channel: str
    message_seconds: float = MESSAGE_SECONDS

    def main(self, waiting: Waiting) -> Lane:
        """What a queue is held by. Queues of one channel have one lane."""
        match waiting.queue:
            case Queue.APPROVALS:
                return self.channel(waiting.team_id, self.approvals_channel)
            case Queue.AUDIT:
                return self.channel(waiting.team_id, self.audit_channel)
            case Queue.UPDATE:
                return self._lane(f"update {waiting.team_id}", _UPDATE_SECONDS, _UPDATES)
            case Queue.DIRECT:
                return self._lane(f"direct {waiting.team_id}", _TOGETHER_SECONDS, _TOGETHER)

    def lanes(self, waiting: Waiting) -> tuple[Lane, ...]:
        """All that have to have a turn before something of this queue goes out."""
        main = self.main(waiting)
        return (main,) if waiting.queue is Queue.UPDATE else (main, self._posts(waiting.team_id))

    def channel(self, team_id: str, channel: str) -> Lane:
        """The lane of a channel."""
        return self._lane(f"post {team_id} {channel}", 1.0, 1)

    def reader(self, team_id: str, user_id: str) -> Lane:
        """The lane of somebody's direct messages."""
        return self._lane(f"{READER_LANE} {team_id} {user_id}", 1.0, 1)

    def at_once(self, queue: Queue) -> int:
        """How many calls of a queue one worker has under way: an answer that takes long slows the queue down."""
        return _AT_ONCE[queue]

    def _posts(self, team_id: str) -> Lane:
        return self._lane(f"posts {team_id}", _TOGETHER_SECONDS, _TOGETHER)

    def _lane(self, name: str, every: float, burst: int) -> Lane:
        return Lane(name=name, every=every * self.message_seconds, burst=burst)
