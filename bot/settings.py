"""Every setting, once, with its meaning. They come from the environment and from `.env` (docs/settings.md)."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.roles import PartnerRole
from bot.settings_faults import SettingsError, sentence_of
from bot.settings_keep import audit_keep, directory_refresh, follow_ups_keep
from bot.settings_roles import graph_groups, teams, usergroups

_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg", "sqlite": "sqlite+aiosqlite"}


def _blank_is_unset(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _database_url(value: str) -> str:
    scheme, found, rest = value.partition("://")
    known = _DRIVERS.get(scheme, scheme)
    if not found or known not in _DRIVERS.values():
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return f"{known}://{rest}"


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be a full address that begins with https:// (or http://)")
    return value.rstrip("/")


def _existing_file(value: Path) -> Path:
    if not value.is_file():
        raise ValueError(f"there is no file {value}")
    return value


def _long_enough(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value().encode()) < 32:  # noqa: PLR2004 - 256 bits, what HMAC-SHA256 can use
        raise ValueError("must have at least 32 characters; make one with: openssl rand -hex 32")
    return value


def _channel_id(value: str) -> str:
    if not (value[:1] in ("C", "G") and value.isalnum() and value.isascii() and value.upper() == value):
        raise ValueError("must be a channel's id such as C0123456789 (in Slack: the channel's name, About, at the end)")
    return value


def _begins_with(prefix: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(prefix):
            raise ValueError(f"must begin with {prefix}")
        return value

    return AfterValidator(check)


_Blank = BeforeValidator(_blank_is_unset)
OptionalBotToken = Annotated[Annotated[SecretStr, _begins_with("xoxb-")] | None, _Blank]
OptionalAppToken = Annotated[Annotated[SecretStr, _begins_with("xapp-")] | None, _Blank]
OptionalSecret = Annotated[SecretStr | None, _Blank]
OptionalKey = Annotated[Annotated[SecretStr, AfterValidator(_long_enough)] | None, _Blank]
OptionalUrl = Annotated[Annotated[str, AfterValidator(_http_url)] | None, _Blank]
OptionalDatabase = Annotated[Annotated[str, AfterValidator(_database_url)] | None, _Blank]
OptionalFile = Annotated[Annotated[Path, AfterValidator(_existing_file)] | None, _Blank]
OptionalText = Annotated[str | None, _Blank]
UserGroups = Annotated[Mapping[str, PartnerRole], NoDecode, BeforeValidator(usergroups)]
GraphGroups = Annotated[Mapping[str, PartnerRole], NoDecode, BeforeValidator(graph_groups)]
Teams = Annotated[frozenset[str], NoDecode, BeforeValidator(teams)]
NamesKeep = Annotated[timedelta, BeforeValidator(follow_ups_keep)]
Refresh = Annotated[timedelta, BeforeValidator(directory_refresh)]
OptionalKeep = Annotated[timedelta | None, BeforeValidator(audit_keep), _Blank]
OptionalChannel = Annotated[Annotated[str, AfterValidator(_channel_id)] | None, _Blank]


class Settings(BaseSettings):
    """The settings. Each is read from the variable of its name in capitals; a blank one counts as not set."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    slack_bot_token: OptionalBotToken = Field(None, description="The bot's token of the Slack workspace (xoxb-...).")
    slack_app_token: OptionalAppToken = Field(
        None, description="The app-level token (xapp-...). If it is set, Slack is reached by Socket Mode."
    )
    slack_signing_secret: OptionalSecret = Field(
        None, description="The signing secret. Needed to receive from Slack by HTTP at /slack/events."
    )
    slack_api_url: Annotated[str, AfterValidator(_http_url)] = Field(
        "https://slack.com/api", description="Where Slack's Web API is; another one only for a stand-in."
    )
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        "sqlite+aiosqlite:///upgrade-desk.sqlite3",
        description="The desk's database: sqlite:///FILE for one machine, postgresql://... for more than one.",
    )
    eligibility_url: OptionalUrl = Field(
        None, description="The base address of the eligibility service, or of Partner Center, without /v1."
    )
    eligibility_token: OptionalSecret = Field(
        None, description="The bearer token for the eligibility service: what it asks for, and what the desk sends."
    )
    eligibility_database_url: OptionalDatabase = Field(
        None, description="The embedded service's own database. By default a file beside the desk's."
    )
    directory_refresh: Refresh = Field(
        timedelta(minutes=30), description="How often the list of customers is read anew, such as 30 min."
    )
    catalogue_file: OptionalFile = Field(None, description="Another catalogue of offers and paths than the built-in.")
    policy_file: OptionalFile = Field(
        None, description="The policy (TOML): who may what, and when a second person is needed. Default: built-in."
    )
    audit_key: OptionalKey = Field(
        None, description="The key of the audit table's chain, at least 32 characters. Keep it out of the database."
    )
    audit_keep: OptionalKeep = Field(
        None, description="How long audit entries are kept, at least 30 d, such as 730 d. By default for ever."
    )
    follow_ups_keep: NamesKeep = Field(
        timedelta(days=30), description="How long names of accounts that need work are kept, such as 30 d."
    )
    audit_channel: OptionalChannel = Field(
        None, description="The id of the channel for the cards of all changes. Never one shared with others."
    )
    approvals_channel: OptionalChannel = Field(
        None, description="The id of the channel for what waits for a person. By default the audit channel."
    )
    allowed_teams: Teams = Field(
        frozenset(),
        description="The ids of the workspaces that are served. By default the one that the bot is installed in.",
    )
    usergroups: UserGroups = Field(
        {}, description="Roles by Slack user group: ROLE=GROUP, with commas between them, such as admin_agent=S0123."
    )
    graph_tenant_id: OptionalText = Field(
        None, description="The partner's Microsoft tenant (id or domain). If it is set, roles are read from it."
    )
    graph_client_id: OptionalText = Field(None, description="The id of the app registration that reads roles there.")
    graph_client_secret: OptionalSecret = Field(None, description="The client secret of that app registration.")
    graph_url: Annotated[str, AfterValidator(_http_url)] = Field(
        "https://graph.microsoft.com/v1.0", description="Where Microsoft Graph is; another one only for a stand-in."
    )
    graph_groups: GraphGroups = Field(
        {}, description="Roles by Microsoft group: ROLE=OBJECT-ID for AdminAgents, SalesAgents and HelpdeskAgents."
    )
    language: Annotated[Literal["de", "en"], BeforeValidator(str.lower)] = Field(
        "en", description="The language of messages in channels: de or en. People are answered in their own."
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)] = Field(
        "INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR. No level logs contents."
    )
    log_format: Literal["json", "console"] = Field(
        "json", description="How log lines look: json for machines, console for people."
    )

    @property
    def uses_graph(self) -> bool:
        """Whether roles are read from Microsoft Graph: any of its settings that name something is set."""
        return any((self.graph_tenant_id, self.graph_client_id, self.graph_client_secret, self.graph_groups))

    @property
    def eligibility_database(self) -> str:
        """The embedded service's own database; beside the desk's file unless one is set."""
        if self.eligibility_database_url is not None:
            return self.eligibility_database_url
        scheme, _, path = self.database_url.partition(":///")
        if not scheme.startswith("sqlite"):
            return "sqlite+aiosqlite:///upgrade-desk-book.sqlite3"
        file = Path(path)
        return f"{scheme}:///{file.with_name(f'{file.stem}-book{file.suffix}')}"

    @classmethod
    def load(cls, **given: Any) -> Self:
        """The settings, from `given` before the environment before `.env`. SettingsError has a sentence per fault."""
        try:
            return cls(**given)
        except ValidationError as error:
            faults = [sentence_of(each) for each in error.errors(include_url=False, include_input=False)]
            raise SettingsError(faults) from None

    def require(self, *names: str) -> None:
        """SettingsError naming every setting of `names` that is not set, with its meaning."""
        missing = [name for name in names if getattr(self, name) is None]
        if missing:
            fields = type(self).model_fields
            raise SettingsError([f"{name.upper()} is not set. {fields[name].description}" for name in missing])
