"""Bounds of a running application that tests and the demo change; whoever runs the desk leaves them as they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.desk.desk import DeskConfig
from bot.directory.directory import KEEP_SECONDS
from bot.eligibility.client import ClientLimits
from bot.settings import Settings
from bot.worker.pacing import MESSAGE_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """`limits` of the service's client, `desk`: fields of DeskConfig by name, `message_seconds` between two messages.

    One message a second and channel is what Slack takes (facts/slack.md, 3). `people_seconds`: for how long it is kept
    what Slack says about a person, their language among it.
    """

    limits: ClientLimits = field(default_factory=ClientLimits)
    desk: Mapping[str, Any] = field(default_factory=dict)
    message_seconds: float = MESSAGE_SECONDS
    people_seconds: float = KEEP_SECONDS


def desk_config(settings: Settings, *, channel: str, embedded: bool, tuning: Tuning) -> DeskConfig:
    """What the settings say of the desk. `channel` is the audit channel; `embedded`: the service is our own."""
    return DeskConfig(
        audit_channel=channel,
        approvals_channel=settings.approvals_channel or channel,
        language=settings.language,
        audit_keep=settings.audit_keep,
        follow_ups_keep=settings.follow_ups_keep,
        directory_every=settings.directory_refresh,
        service_is_embedded=embedded,
        **tuning.desk,
    )
