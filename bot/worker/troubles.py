"""What Slack's refusals of a message mean for the outbox."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from storage.errors import StorageUnavailable

_TOO_MANY_REQUESTS: Final = 429
_GONE: Final = frozenset({"user_not_found", "user_disabled", "cannot_dm_bot", "messages_tab_disabled"})
_MESSAGE_GONE: Final = frozenset(
    {
        *("message_not_found", "cant_update_message", "edit_window_closed"),
        *("thread_not_found", "cannot_reply_to_message"),
    }
)
_UNSURE: Final = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_MALFORMED: Final = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "no_text"}
)
_BY_TIME: Final = frozenset({"ratelimited", "out_of_time"})
_CODE: Final = re.compile(r"[A-Za-z0-9_ .:-]{1,64}")
_LONGEST_PAUSE: Final = timedelta(hours=1)
_FIRST_PAUSE: Final = timedelta(seconds=15)
_PLACE_PAUSE: Final = timedelta(minutes=10)
"""For what a person has to mend: one item asks for all every few seconds (`mending`), so that each need not."""

DEFECT: Final = "defect"
"""The code of an error that no call to Slack raises."""


class Meaning(StrEnum):
    """What a failed call means."""

    THROTTLED = "throttled"
    UNSURE = "unsure"
    MESSAGE_GONE = "message_gone"
    READER_GONE = "reader_gone"
    DEFECT = "defect"
    PLACE = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One failed call: its meaning, Slack's code, and seconds to wait where Slack said them."""

    meaning: Meaning
    code: str
    wait: float = 0.0

    @property
    def posted_nothing(self) -> bool:
        """Whether it is certain that the message is not there: nobody need look for it."""
        return self.meaning in (Meaning.THROTTLED, Meaning.PLACE, Meaning.MESSAGE_GONE)


class NotUsable(Exception):
    """A channel that is not to be used: shared with another organisation."""


class OutOfTime(Exception):
    """The turn came when the item's lease was about to end: somebody else may be sending it by now."""


_NOT_SENT: Final = {
    NotUsable: Trouble(meaning=Meaning.PLACE, code="channel_shared_with_others"),
    OutOfTime: Trouble(meaning=Meaning.THROTTLED, code="out_of_time", wait=1.0),
}


def trouble_of(error: Exception) -> Trouble | None:
    """The meaning of what a Web API call raised; None for what no call raises (a defect of ours)."""
    if isinstance(error, NotUsable | OutOfTime):
        return _NOT_SENT[type(error)]
    if not isinstance(error, SlackApiError):
        if isinstance(error, (aiohttp.ClientError, TimeoutError, OSError, StorageUnavailable)):
            return Trouble(meaning=Meaning.UNSURE, code=type(error).__name__)
        return None
    response = error.response
    # Where the body is no JSON, slack_sdk hands over aiohttp's answer instead of its own.
    status = getattr(response, "status_code", None) or getattr(response, "status", 0)
    data = getattr(response, "data", None)
    code = _readable(data.get("error", "")) if isinstance(data, dict) else ""
    if status == _TOO_MANY_REQUESTS or code == "ratelimited":
        after = str(response.headers.get("Retry-After", "1"))
        return Trouble(meaning=Meaning.THROTTLED, code="ratelimited", wait=float(after) if after.isdigit() else 1.0)
    for meaning, codes in (
        (Meaning.MESSAGE_GONE, _MESSAGE_GONE),
        (Meaning.READER_GONE, _GONE),
        (Meaning.DEFECT, _MALFORMED),
        (Meaning.UNSURE, _UNSURE),
    ):
        if code in codes:
            return Trouble(meaning=meaning, code=code)
    # A refusal with a code: the message is not there. What is wrong is the place or the app's rights in it.
    return Trouble(meaning=Meaning.PLACE if code else Meaning.UNSURE, code=code or f"status {status}")


def mends_itself(code: str) -> bool:
    """Whether what was in the way may be over at any moment, and one item can find out for all that wait for it."""
    return code not in _BY_TIME | _MALFORMED | _MESSAGE_GONE | {DEFECT}


def not_taken(code: str) -> bool:
    """Whether a message went wrong by what it is: it could not be drawn, or Slack called it malformed."""
    return code in _MALFORMED | {DEFECT}


def pause_for(trouble: Trouble | None, attempts: int) -> timedelta:
    """How long an item waits after this trouble: what Slack said, ten minutes for a person, else growing."""
    if trouble is not None and trouble.meaning is Meaning.THROTTLED:
        return timedelta(seconds=trouble.wait)
    if trouble is not None and trouble.meaning is Meaning.PLACE:
        return _PLACE_PAUSE
    return pause_after(attempts)


def pause_after(attempts: int) -> timedelta:
    """How long to wait before the next try: 15 s, doubled each time, an hour at most."""
    doubled: int = 2 ** min(max(attempts, 1) - 1, 10)
    return min(_FIRST_PAUSE * doubled, _LONGEST_PAUSE)


def _readable(code: object) -> str:
    """Slack's code as it may stand in a log, a label and a finding."""
    text = str(code or "")
    return text if not text or _CODE.fullmatch(text) else "unreadable"
