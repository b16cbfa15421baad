"""What a Slack channel is, as far as a customer's name in it matters."""

from enum import StrEnum


class ChannelKind(StrEnum):
    """UNKNOWN: Slack did not say. Nothing is allowed there then, and it is not worded as a refusal."""

    OWN = "own"
    SHARED = "shared"  # another organisation reads along, or is invited to
    DIRECT = "direct"  # direct messages, of two or of a group
    UNKNOWN = "unknown"
