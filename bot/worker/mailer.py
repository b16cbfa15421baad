"""Messages out to Slack, with metadata by which a message that may have been posted is found again."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.directory.kept import Kept
from bot.domain.clock import Clock
from bot.worker.troubles import NotUsable, OutOfTime, trouble_of
from handlers.blocks.sheet import Message

EVENT_TYPE: Final = "upgrade_desk"
_PAGES: Final = 5
_PAGE: Final = 200
_KEEP_SECONDS: Final = 60.0

ClientFor = Callable[[str], Awaitable[AsyncWebClient]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a message goes: the workspace, the channel, and the thread or None."""

    team_id: str
    channel: str
    thread: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Where a message stands."""

    channel: str
    ts: str


@dataclass(slots=True, kw_only=True)
class Mailer:
    """Posts and updates at once: whoever calls has the turn (`pacing`). What Slack raises is raised on."""

    client_for: ClientFor
    clock: Clock
    _shared: Kept[tuple[str, str], bool] = field(init=False)
    _direct: Kept[tuple[str, str], str] = field(init=False)

    def __post_init__(self) -> None:
        self._shared = Kept(clock=self.clock, keep=_KEEP_SECONDS)
        self._direct = Kept(clock=self.clock, keep=3600.0)

    async def post(self, place: Place, message: Message, metadata: Mapping[str, Any], *, until: float) -> Sent:
        """Post anew. Raises OutOfTime, and nothing is posted, where it is later than `until` (monotonic)."""
        client = await self.client_for(place.team_id)
        self._in_time(until)
        answer = await client.chat_postMessage(
            channel=place.channel,
            thread_ts=place.thread,
            text=message.text,
            blocks=list(message.blocks),
            metadata=_metadata(metadata),
            unfurl_links=False,
            unfurl_media=False,
        )
        return Sent(channel=str(answer["channel"]), ts=str(answer["ts"]))

    async def update(
        self, place: Place, ts: str, message: Message, metadata: Mapping[str, Any], *, until: float
    ) -> None:
        """Draw a message anew where it stands; `until` as above."""
        client = await self.client_for(place.team_id)
        self._in_time(until)
        await client.chat_update(
            channel=place.channel,
            ts=ts,
            text=message.text,
            blocks=list(message.blocks),
            metadata=_metadata(metadata),
        )

    async def find(self, place: Place, *, item_id: str) -> Sent | None:
        """The message that was posted for this item, among the last thousand, or None."""
        return (await self.find_all(place, items={item_id})).get(item_id)

    async def find_all(self, place: Place, *, items: Collection[str], before: str | None = None) -> dict[str, Sent]:
        """Of these items those that a message tells, among the last thousand. `before`: earlier ones than this."""
        found: dict[str, Sent] = {}
        client = await self.client_for(place.team_id)
        cursor: str | None = None
        for _ in range(_PAGES):
            if place.thread is None:
                answer = await client.conversations_history(
                    channel=place.channel, include_all_metadata=True, limit=_PAGE, cursor=cursor
                )
            else:
                answer = await client.conversations_replies(
                    channel=place.channel, ts=place.thread, include_all_metadata=True, limit=_PAGE, cursor=cursor
                )
            for message in answer.get("messages") or ():
                if before is None or str(message["ts"]) < before:
                    sent = Sent(channel=place.channel, ts=str(message["ts"]))
                    found |= dict.fromkeys(_items_of(message) & set(items), sent)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor or len(found) == len(items):
                break
        return found

    async def take_back(self, place: Place, *, items: Collection[str], ts: str) -> bool:
        """Delete what was posted at `ts` if earlier messages tell all of its items; whether it did.

        Of two the later one goes: so never both do, whoever notices.
        """
        if len(await self.find_all(place, items=items, before=ts)) < len(items):
            return False
        client = await self.client_for(place.team_id)
        await client.chat_delete(channel=place.channel, ts=ts)
        return True

    async def permalink(self, place: Place, ts: str) -> str | None:
        """The address of a message; None where Slack does not say: a message without a link is better than none."""
        try:
            client = await self.client_for(place.team_id)
            answer = await client.chat_getPermalink(channel=place.channel, message_ts=ts)
        except Exception as error:
            if trouble_of(error) is None:
                raise
            return None
        return str(answer["permalink"])

    async def direct(self, *, team_id: str, user_id: str) -> Place:
        """The direct conversation with somebody."""

        async def ask() -> str:
            client = await self.client_for(team_id)
            answer = await client.conversations_open(users=user_id)
            return str(answer["channel"]["id"])

        return Place(team_id=team_id, channel=await self._direct.get((team_id, user_id), ask))

    async def own_channel(self, *, team_id: str, channel: str) -> Place:
        """A channel of the own organisation. Raises NotUsable for one that is shared with another."""

        async def ask() -> bool:
            client = await self.client_for(team_id)
            answer = await client.conversations_info(channel=channel)
            return bool(answer["channel"].get("is_ext_shared") or answer["channel"].get("is_pending_ext_shared"))

        if await self._shared.get((team_id, channel), ask):
            raise NotUsable
        return Place(team_id=team_id, channel=channel)

    def _in_time(self, until: float) -> None:
        if self.clock.monotonic() > until:
            raise OutOfTime


def _metadata(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": dict(payload)}


def _items_of(message: Mapping[str, Any]) -> set[str]:
    """What a message tells: one item, or several of which the first stands in `item` as well."""
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return set()
    payload = metadata.get("event_payload")
    if not isinstance(payload, dict):
        return set()
    return {str(payload.get("item")), *str(payload.get("items") or "").split()}
