"""What a local workspace is made of: one team, its people and channels, one app, and how the app is reached."""

from dataclasses import dataclass
from pathlib import Path

from bot.workspace.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A few words for people, in both languages."""

    en: str
    de: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A Slack team: `T…` id, name, and the domain before `.slack.com`."""

    id: str
    name: str
    domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person. `home`: the team of a member of another organisation. `title`: the role label that the page shows."""

    id: str
    name: str
    real_name: str
    title: Label
    locale: str = "en-US"
    email: str = ""
    home: Team | None = None
    is_guest: bool = False
    is_single_channel_guest: bool = False
    is_admin: bool = False
    deleted: bool = False
    tz: str = "Europe/Berlin"

    @property
    def external(self) -> bool:
        """Whether this is a member of another organisation."""
        return self.home is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel. `members` are ids; None: every member of the own team who is no guest."""

    id: str
    name: str
    topic: str = ""
    purpose: str = ""
    members: tuple[str, ...] | None = None
    bot_is_member: bool = False
    is_private: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Usergroup:
    """A user group (`S…`), mentioned as `<!subteam^S…>`."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to try, offered by the page: become `member`, go to `channel`, say `text`."""

    id: str
    title: Label
    hint: Label
    member: str
    channel: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppIdentity:
    """The one app that is installed here. The app token opens Socket Mode, the bot token is for all else."""

    id: str
    bot_id: str
    bot_user_id: str
    bot_token: str
    app_token: str
    verification_token: str = "not-used-any-more"  # noqa: S105 - Slack's deprecated field; nobody checks it


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHttp:
    """Deliver over signed HTTP to one address, instead of Socket Mode."""

    request_url: str
    signing_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceConfig:
    """A whole workspace.

    `message_burst`: messages that a channel takes at once before it is held to one a second. `ack_within`: seconds, by
    the event loop, that an app has. `event_retries`: seconds before each further delivery of an unacknowledged event.
    """

    team: Team
    app: AppIdentity
    manifest: Manifest
    members: tuple[Member, ...]
    channels: tuple[Channel, ...]
    usergroups: tuple[Usergroup, ...] = ()
    tasks: tuple[Task, ...] = ()
    delivery: SignedHttp | None = None
    message_burst: int = 3
    ack_within: float = 3.0
    event_retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    page: Path = Path(__file__).parent / "page"
