"""Words of eligibility that service, client and screens share: states of a subscription, conditions, help topics."""

from enum import IntEnum, StrEnum


class SubscriptionStatus(StrEnum):
    """The states of a subscription on the wire (facts/partner-center.md, 3). Cancelling sets `deleted`."""

    NONE = "none"
    ACTIVE = "active"
    PENDING = "pending"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    DISABLED = "disabled"
    DELETED = "deleted"


class Condition(IntEnum):
    """The article's four conditions for an upgrade, by its numbers (facts/upgrade-article.md)."""

    ACTIVE = 1
    DELEGATED_RIGHTS = 2
    SERVICES_NOT_HELD = 3
    TARGET_NOT_HELD = 4


class HelpTopic(StrEnum):
    """The article's help topics: the catalogue has a link per topic and language."""

    DELEGATED_RIGHTS = "delegated_rights"
    MULTICHANNEL = "multichannel"
    BILLING = "billing"
    SWITCHING_PLANS = "switching_plans"
    REASSIGNING_LICENCES = "reassigning_licences"
    REACTIVATING = "reactivating"
