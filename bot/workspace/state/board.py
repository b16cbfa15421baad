"""Messages: who may see which, threads, what was read."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import takewhile
from typing import Any

from bot.workspace.state.naming import Names
from bot.workspace.store import WorkspaceStore


@dataclass(slots=True, kw_only=True)
class Message:
    """A message. `only_for` is the member who alone sees an ephemeral one. `thread_ts` is the parent's for a reply."""

    channel: str
    ts: str
    user: str
    team: str
    text: str
    blocks: list[Any] | None = None
    bot_id: str | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    only_for: str | None = None
    subtype: str | None = None
    edited: dict[str, str] | None = None
    metadata: dict[str, Any] | None = None
    attachments: list[Any] | None = None
    files: list[str] | None = None
    handed: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Whether this hangs under another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    def seen_by(self, member_id: str) -> bool:
        """Whether a member of the place sees it."""
        return self.only_for is None or self.only_for == member_id


class Board:
    """All messages of a workspace, by place, in the order of their timestamps."""

    def __init__(self, *, names: Names, store: WorkspaceStore) -> None:
        self._names, self._store = names, store
        self._places: dict[str, dict[str, Message]] = {}
        self._replies: dict[tuple[str, str], list[str]] = {}
        self._read: dict[str, str] = {}

    def restore(self, messages: dict[str, dict[str, Any]], read: dict[str, str]) -> None:
        """Take back what the store kept."""
        for body in messages.values():
            self._file(Message(**body))
        self._read = dict(read)

    def _file(self, message: Message) -> None:
        self._places.setdefault(message.channel, {})[message.ts] = message
        if message.is_reply and message.thread_ts:
            self._replies.setdefault((message.channel, message.thread_ts), []).append(message.ts)
        self._names.seen(message.ts)

    def add(self, message: Message) -> Message:
        """Keep a new message."""
        self._file(message)
        self.keep(message)
        return message

    def keep(self, message: Message) -> None:
        """Write down that a message changed."""
        self._store.put("message", f"{message.channel}/{message.ts}", asdict(message))

    def remove(self, message: Message) -> None:
        """Forget a message; its replies stay."""
        self._places[message.channel].pop(message.ts, None)
        if message.is_reply and message.thread_ts:
            self._replies[message.channel, message.thread_ts].remove(message.ts)
        self._store.put("message", f"{message.channel}/{message.ts}", None)

    def get(self, channel: str, ts: object) -> Message | None:
        """A message by place and timestamp."""
        return self._places.get(channel, {}).get(ts) if isinstance(ts, str) else None

    def history(self, channel: str) -> Iterator[Message]:
        """Everything in a place that is not only a reply, oldest first."""
        yield from (one for one in self._places.get(channel, {}).values() if not one.is_reply or one.broadcast)

    def replies(self, channel: str, ts: str) -> list[Message]:
        """The replies under a message, oldest first."""
        return [self._places[channel][reply] for reply in self._replies.get((channel, ts), [])]

    def mark(self, member_id: str, channel: str) -> None:
        """The member has read everything in a place."""
        latest = self.latest(member_id, channel)
        if latest is not None and self._read.get(f"{member_id}/{channel}") != latest:
            self._read[f"{member_id}/{channel}"] = latest
            self._store.put("read", f"{member_id}/{channel}", latest)

    def latest(self, member_id: str, channel: str) -> str | None:
        """The timestamp of the newest message that the member sees."""
        return next((one.ts for one in self._newest_first(channel) if one.seen_by(member_id)), None)

    def unread(self, member_id: str, channel: str) -> int:
        """How many messages of others came since the member last read."""
        since = self._read.get(f"{member_id}/{channel}", "")
        new = takewhile(lambda one: one.ts > since, self._newest_first(channel))
        return sum(1 for one in new if one.seen_by(member_id) and one.user != member_id)

    def _newest_first(self, channel: str) -> Iterator[Message]:
        every = reversed(self._places.get(channel, {}).values())
        return (one for one in every if not one.is_reply or one.broadcast)

    def thread_facts(self, message: Message) -> dict[str, Any]:
        """What a parent says of its thread; empty without replies. Ephemeral replies do not count."""
        replies = [one for one in self.replies(message.channel, message.ts) if one.only_for is None]
        if not replies:
            return {}
        users = list(dict.fromkeys(one.user for one in replies))
        return {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users": users,
            "reply_users_count": len(users),
            "latest_reply": replies[-1].ts,
        }
