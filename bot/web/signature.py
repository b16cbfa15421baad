"""Slack's request signature (facts/slack.md, 1.6), checked before anything of a body is looked at."""

import hashlib
import hmac
import re
from typing import Final

MOST_SECONDS_APART: Final = 300
_TIMESTAMP: Final = re.compile(rb"[0-9]{1,12}")
_SIGNATURE: Final = re.compile(rb"v0=[0-9a-f]{64}")


def signed_by_slack(*, secret: bytes, timestamp: bytes, signature: bytes, body: bytes, now: float) -> bool:
    """Whether `body` was signed with `secret` not more than five minutes from `now` (seconds since 1970).

    Headers come as raw bytes: a timestamp of other digits than ASCII's, or a signature that is not ASCII, is false
    and not an error (Bolt's verifier raises on both).
    """
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        return False
    if abs(now - int(timestamp)) > MOST_SECONDS_APART:
        return False
    expected = hmac.new(secret, b"v0:" + timestamp + b":" + body, hashlib.sha256).hexdigest().encode()
    return hmac.compare_digest(b"v0=" + expected, signature)


def sign(*, secret: bytes, timestamp: int, body: bytes) -> str:
    """The signature as Slack makes it, for whoever speaks as Slack does (tests, the benchmark)."""
    return "v0=" + hmac.new(secret, b"v0:%d:" % timestamp + body, hashlib.sha256).hexdigest()
