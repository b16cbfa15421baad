"""Where people talk: the channels, and one direct conversation of each member with the app."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.workspace.config import Channel, Member, WorkspaceConfig
from bot.workspace.refusals import PageError
from bot.workspace.state.naming import derived_id
from bot.workspace.store import WorkspaceStore


@dataclass(slots=True, kw_only=True)
class Place:
    """A channel or a direct conversation (`im`)."""

    id: str
    name: str
    kind: str
    members: frozenset[str]
    bot_is_member: bool
    topic: str = ""
    purpose: str = ""
    is_private: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False

    @property
    def is_im(self) -> bool:
        """Whether this is a member's conversation with the app."""
        return self.kind == "im"

    @property
    def payload_name(self) -> str:
        """The name that payloads give: private places do not give theirs."""
        return "directmessage" if self.is_im else "privategroup" if self.is_private else self.name

    @property
    def scope_word(self) -> str:
        """The word in scopes and event names for such places: channels, groups, im."""
        return "im" if self.is_im else "groups" if self.is_private else "channels"


class Places:
    """Every conversation, by id. Direct ones exist from the start under an id made of team and member."""

    def __init__(self, *, config: WorkspaceConfig, store: WorkspaceStore) -> None:
        self._config, self._store = config, store
        own = [one for one in config.members if not one.external]
        self._insiders = frozenset(one.id for one in own if not (one.is_guest or one.is_single_channel_guest))
        self._all = {one.id: self._channel(one) for one in config.channels}
        for member in own:
            place = self._direct(member)
            self._all[place.id] = place

    def _channel(self, channel: Channel) -> Place:
        return Place(
            id=channel.id,
            name=channel.name,
            kind="channel",
            members=self._insiders if channel.members is None else frozenset(channel.members),
            bot_is_member=channel.bot_is_member,
            topic=channel.topic,
            purpose=channel.purpose,
            is_private=channel.is_private,
            is_ext_shared=channel.is_ext_shared,
            is_archived=channel.is_archived,
        )

    def _direct(self, member: Member) -> Place:
        return Place(
            id=self.direct_id(member.id),
            name=self._config.manifest.bot_name,
            kind="im",
            members=frozenset({member.id}),
            bot_is_member=True,
        )

    def restore(self, joined: dict[str, Any]) -> None:
        """Take back which channels the app joined."""
        for channel_id in joined:
            if channel_id in self._all:
                self._all[channel_id].bot_is_member = True

    def direct_id(self, member_id: str) -> str:
        """The id of a member's conversation with the app."""
        return derived_id("D", self._config.team.id, self._config.app.id, member_id)

    def get(self, place_id: object) -> Place | None:
        """A place by id."""
        return self._all.get(place_id) if isinstance(place_id, str) else None

    def all(self) -> Iterable[Place]:
        """Every place, channels first."""
        return self._all.values()

    def of(self, member_id: str) -> list[Place]:
        """The places that a member is in, channels first."""
        return [one for one in self._all.values() if member_id in one.members]

    def need(self, member_id: str, place_id: object) -> Place:
        """A place that this member is in. Raises PageError 404."""
        place = self.get(place_id)
        if place is None or member_id not in place.members:
            raise PageError(404, "channel_not_found")
        return place

    def named(self, name: str) -> Place | None:
        """A public channel by the name after `#`."""
        return next((one for one in self._all.values() if one.kind == "channel" and one.name == name), None)

    def join(self, place: Place) -> None:
        """The app joins."""
        place.bot_is_member = True
        self._store.put("joined", place.id, {})

    def as_channel(self, place: Place) -> dict[str, Any]:
        """Slack's channel object."""
        if place.is_im:
            return {
                "id": place.id,
                "created": 1449252889,
                "is_im": True,
                "is_org_shared": False,
                "user": next(iter(place.members)),
                "is_user_deleted": False,
            }
        return {
            "id": place.id,
            "name": place.name,
            "name_normalized": place.name,
            "is_channel": not place.is_private,
            "is_group": place.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": place.is_private,
            "is_archived": place.is_archived,
            "is_general": place.name == "general",
            "created": 1449252889,
            "is_shared": place.is_ext_shared,
            "is_ext_shared": place.is_ext_shared,
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            "is_member": place.bot_is_member,
            "context_team_id": self._config.team.id,
            "topic": {"value": place.topic, "creator": "", "last_set": 0},
            "purpose": {"value": place.purpose, "creator": "", "last_set": 0},
            "num_members": len(place.members),
        }
