"""Who is here: members, their languages, and user objects as Slack shows them (facts/slack.md 5)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.workspace.config import Member, Team, WorkspaceConfig
from bot.workspace.refusals import PageError
from bot.workspace.slackbot import SLACKBOT
from bot.workspace.store import WorkspaceStore


class People:
    """The members, with the languages that they chose."""

    def __init__(self, *, config: WorkspaceConfig, store: WorkspaceStore) -> None:
        self._config, self._store = config, store
        self._members = {one.id: one for one in config.members}
        self._locales: dict[str, str] = {}

    def restore(self, locales: dict[str, str]) -> None:
        """Take back what the store kept."""
        self._locales = {key: value for key, value in locales.items() if key in self._members}

    def get(self, member_id: object) -> Member | None:
        """A member by id."""
        return self._members.get(member_id) if isinstance(member_id, str) else None

    def need(self, member_id: object) -> Member:
        """A member who may use the page. Raises PageError 404."""
        member = self.get(member_id)
        if member is None or member.deleted:
            raise PageError(404, "member_not_found")
        return member

    def all(self) -> Iterable[Member]:
        """Everybody, in the order of the config."""
        return self._members.values()

    def by_name(self, name: str) -> Member | None:
        """A member by the name after `@`."""
        return next((one for one in self._members.values() if one.name == name), None)

    def locale(self, member_id: str) -> str:
        """The member's language."""
        member = self._members.get(member_id)
        return self._locales.get(member_id, member.locale if member else "en-US")

    def choose_locale(self, member_id: str, locale: str) -> None:
        """Change the member's language, for good."""
        self._locales[member_id] = locale
        self._store.put("locale", member_id, locale)

    def team_of(self, member: Member) -> Team:
        """The team that a member is at home in."""
        return member.home or self._config.team

    def as_actor(self, member: Member) -> dict[str, Any]:
        """The `user` of an interaction payload."""
        return {"id": member.id, "username": member.name, "name": member.name, "team_id": self.team_of(member).id}

    def as_page_member(self, member: Member) -> dict[str, Any]:
        """A member as the page sees one."""
        return {
            "id": member.id,
            "name": member.name,
            "real_name": member.real_name,
            "title": {"en": member.title.en, "de": member.title.de},
            "locale": self.locale(member.id),
            "team_id": self.team_of(member).id,
            "is_guest": member.is_guest or member.is_single_channel_guest,
            "is_single_channel_guest": member.is_single_channel_guest,
            "external": member.external,
        }

    def as_user(self, member: Member, *, now: datetime, with_locale: bool, with_email: bool) -> dict[str, Any]:
        """Slack's user object. A locale is never told of somebody from another organisation."""
        offset = now.astimezone(ZoneInfo(member.tz)).utcoffset()
        user = _user(
            user_id=member.id,
            team_id=self.team_of(member).id,
            name=member.name,
            real_name=member.real_name,
            title=member.title.en,
        )
        user.update(
            deleted=member.deleted,
            tz=member.tz,
            tz_label=member.tz,
            tz_offset=int(offset.total_seconds()) if offset else 0,
            is_admin=member.is_admin,
            is_restricted=member.is_guest or member.is_single_channel_guest,
            is_ultra_restricted=member.is_single_channel_guest,
        )
        if member.external:
            user["is_stranger"] = False
        if with_email and member.email:
            user["profile"]["email"] = member.email
        if with_locale and not member.external:
            user["locale"] = self.locale(member.id)
        return user

    def bot_user(self) -> dict[str, Any]:
        """The app's own user object."""
        app, name = self._config.app, self._config.manifest.bot_name
        user = _user(user_id=app.bot_user_id, team_id=self._config.team.id, name=name, real_name=name, title="")
        user["profile"].update(bot_id=app.bot_id, api_app_id=app.id)
        return {**user, "is_bot": True}

    def slackbot(self) -> dict[str, Any]:
        """Slackbot, which says of itself that it is no bot."""
        return _user(
            user_id=SLACKBOT,
            team_id=self._config.team.id,
            name="slackbot",
            real_name="Slackbot",
            title="",
        )


def _user(*, user_id: str, team_id: str, name: str, real_name: str, title: str) -> dict[str, Any]:
    first, _, last = real_name.partition(" ")
    return {
        "id": user_id,
        "team_id": team_id,
        "name": name,
        "deleted": False,
        "color": "99a949",
        "real_name": real_name,
        "tz": "Europe/London",
        "tz_label": "Greenwich Mean Time",
        "tz_offset": 0,
        "profile": {
            "title": title,
            "phone": "",
            "skype": "",
            "real_name": real_name,
            "real_name_normalized": real_name,
            "display_name": name,
            "display_name_normalized": name,
            "status_text": "",
            "status_emoji": "",
            "status_expiration": 0,
            "avatar_hash": "",
            "first_name": first,
            "last_name": last,
            "team": team_id,
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": 1675264590,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }
