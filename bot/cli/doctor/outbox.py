"""What waits to reach Slack: stuck, by what and since when; and what was given up."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.cli.doctor.finding import Finding, fault, ok, unchecked
from bot.cli.doctor.ground import Ground
from bot.desk.outbox_state import OutboxState, given_up_lately, outbox_state
from storage.database import Database
from storage.errors import StorageError

OUTBOX: Final = "outbox"
_BLIP: Final = timedelta(minutes=2)
"""A trouble that is younger mends itself as a rule."""
_LONG: Final = timedelta(minutes=10)
_LATELY: Final = timedelta(days=7)
_GOES_OUT: Final = "everything then goes out by itself, in its order"
_OPEN: Final = f"Unarchive the channel, or choose another one for what comes; {_GOES_OUT}."
_INVITE: Final = f"Invite the bot there (/invite @Upgrade Desk); {_GOES_OUT}."
_TOKEN: Final = f"Install the app again, set SLACK_BOT_TOKEN to its token and start again; {_GOES_OUT}."
_FIXES: Final[Mapping[str, str]] = {
    "is_archived": _OPEN,
    "is_inactive": _OPEN,
    "not_in_channel": _INVITE,
    "channel_not_found": f"The channel is gone, or it is private and the bot is not in it. {_INVITE}",
    "channel_shared_with_others": "Choose a channel that only your organisation reads; a shared one is not used.",
    "restricted_action": f"Let the app post in that channel (the channel's settings in Slack); {_GOES_OUT}.",
    "missing_scope": f"Give the app the scope that is missing (see scopes) and install it again; {_GOES_OUT}.",
    "token_revoked": _TOKEN,
    "token_expired": _TOKEN,
    "account_inactive": _TOKEN,
    "invalid_auth": _TOKEN,
    "not_authed": _TOKEN,
    "ratelimited": "Nothing need be done: Slack asked to wait. If it goes on, see what else posts as this app.",
    "defect": "Tell whoever maintains Upgrade Desk; the log has it as outbox_trouble, with a reference.",
}
_ELSE: Final = "Look the code up in the log (outbox_trouble). It is tried again every few seconds; nothing is lost."


async def check_outbox(ground: Ground) -> list[Finding]:
    """Read from the database alone."""
    key = ground.settings.audit_key
    if key is None:
        return [unchecked(OUTBOX, "The database is not opened without AUDIT_KEY.")]
    database = Database(
        ground.settings.database_url, clock=ground.clock, ids=ground.ids, audit_key=key.get_secret_value().encode()
    )
    try:
        await database.open()
        try:
            state = await outbox_state(database)
            given_up = await given_up_lately(database, within=_LATELY)
        finally:
            await database.close()
    except StorageError:
        return [unchecked(OUTBOX, "What waits to reach Slack cannot be read.")]
    found = [*_stuck(state), *_given_up(given_up)]
    return found or [ok(OUTBOX, f"{_messages(state.waiting)} to Slack {_verb(state.waiting)}; none is stuck.")]


def _stuck(state: OutboxState) -> list[Finding]:
    found = [
        fault(
            OUTBOX,
            f"{_messages(kept.waiting)} to Slack {_verb(kept.waiting)} because of {code}, "
            f"the oldest for {_age(state.at - kept.since)}.",
            fix=_FIXES.get(code, _ELSE),
        )
        for code, kept in state.troubles.items()
        if state.at - kept.since >= _BLIP
    ]
    if not found and state.oldest_age >= _LONG:
        says = (
            f"{_messages(state.waiting)} to Slack {_verb(state.waiting)}, the oldest for {_age(state.oldest_age)}, "
            "and nothing is known to be in the way."
        )
        found.append(fault(OUTBOX, says, fix="See that a worker runs (`serve --all-in-one` or `worker`), and its log."))
    return found


def _given_up(by_code: Mapping[str, int]) -> list[Finding]:
    return [
        fault(
            OUTBOX,
            f"{_messages(count)} to Slack given up in the last 7 days because of {code or 'an unknown reason'}.",
            fix="Nothing is missing in the audit trail (`upgrade-desk audit export`); "
            "the log has each as outbox_given_up, with its change.",
        )
        for code, count in by_code.items()
    ]


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"


def _verb(count: int) -> str:
    return "waits" if count == 1 else "wait"


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 120:  # noqa: PLR2004 - minutes are read up to two hours, hours up to two days
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} d"
