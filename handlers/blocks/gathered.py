"""Refusals of the last while in one message: how many, at what, why, and who. No figures per person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.desk.reasons import Unclear, Why
from bot.domain.audit import AuditName
from bot.domain.people import Actor
from bot.locales import msg
from handlers.blocks import limits
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Message, Sheet
from handlers.blocks.text import Md, bold, esc, joined, mention

N = AuditName

TRIED: Final[Mapping[AuditName, str]] = {
    N.OPTIONS_LOOK: msg("Looking at options"),
    N.OPTIONS_SHARE: msg("Sharing options"),
    N.CHANNEL_LINK: msg("Linking a channel to a customer"),
    N.CHANNEL_UNLINK: msg("Ending the link of a channel"),
    N.CHANGE_REQUEST: msg("Asking for a change"),
    N.CHANGE_APPROVE: msg("Approving a change"),
    N.CHANGE_REJECT: msg("Rejecting a change"),
    N.CHANGE_WITHDRAW: msg("Withdrawing a change"),
    N.CHANGE_SETTLE: msg("Settling a change by hand"),
    N.CHANGE_CHECK: msg("Checking an outcome"),
    N.CHANGES_LIST: msg("Looking at changes"),
    N.FOLLOW_UPS_READ: msg("Reading a list of accounts"),
    N.FOLLOW_UPS_TICK: msg("Ticking an account"),
    N.FOLLOW_UPS_HAND_OVER: msg("Handing a list of accounts over"),
    N.FOLLOW_UPS_EXPORT: msg("Sending a list of accounts as a file"),
    N.ROLE_READ: msg("Looking at one's own roles"),
    N.AUDIT_READ: msg("Reading the trail"),
    N.STOP_PRESS: msg("Stopping all orders"),
    N.RESUME_PRESS: msg("Letting orders go on"),
}
"""What people can try. A test holds that no name of theirs is missing."""

BECAUSE: Final[Mapping[str, str]] = {
    Why.GUEST: msg("a guest"),
    Why.OTHER_ORGANISATION: msg("from another organisation"),
    Why.OTHER_WORKSPACE: msg("from a workspace that is not served"),
    Why.BOT: msg("an app"),
    Why.DELETED: msg("a deactivated account"),
    Why.NO_ROLE: msg("no partner role"),
    Why.ROLE_NOT_ENOUGH: msg("another partner role is needed"),
    Why.NOBODY_MAY: msg("the policy allows it to nobody"),
    Why.NOT_YOURS: msg("it belongs to somebody else"),
    Why.OWN_CHANGE: msg("their own change"),
    Why.STOPPED: msg("orders are stopped"),
    Why.READ_ONLY: msg("set to read only"),
    Why.FREEZE: msg("no orders on these days"),
    Why.NOT_A_PILOT_CUSTOMER: msg("no pilot customer"),
    Why.NEVER_THIS_CUSTOMER: msg("no orders for this customer"),
    Why.DAILY_LIMIT: msg("the number of changes for one day is reached"),
    Why.SHARED_CHANNEL: msg("a channel shared with others"),
    Why.LINK_IN_SHARED_CHANNEL: msg("a channel shared with others"),
    Why.LINK_IN_DIRECT_MESSAGE: msg("in a direct message"),
    Why.SECOND_PERSON: msg("a second person is needed"),
    Why.TOO_EARLY: msg("too early"),
    Why.TICKET_WANTED: msg("no ticket number"),
    Unclear.CHANNEL_UNREADABLE: msg("Slack did not say who reads the channel"),
    Unclear.POLICY_BROKEN: msg("the policy file is damaged"),
    Unclear.SOURCE_UNREACHABLE: msg("a source of roles cannot be reached"),
    Unclear.PEOPLE_UNREACHABLE: msg("Slack did not say who it is"),
    Unclear.NOT_CONFIRMED: msg("the database did not confirm it"),
    Unclear.NOT_RECORDED: msg("the database did not confirm it"),
    "handle_unknown": msg("a button that is not known here"),
    "change_unknown": msg("a change that is not known here"),
    "already_decided": msg("somebody was first"),
    "facts_moved": msg("something had changed"),
    "open_change_exists": msg("another change is open"),
    "not_possible_any_more": msg("no longer possible"),
}
"""Why, in a few words that address nobody. A reason that is not here is shown by its code."""

_LINES: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """How often the same was refused, and to whom."""

    name: str
    reason: str
    count: int
    people: Sequence[Actor]


def gathered_message(pen: Pen, *, team_id: str, lines: Sequence[Refusals], nonce: str) -> Message:
    """One line for each thing tried and each reason, the most frequent first."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    total = sum(each.count for each in lines)
    sheet.section(
        bold(pen.n("{count} refusal since the last report", "{count} refusals since the last report", count=total))
    )
    for at, each in enumerate(lines):
        text = _line(pen, each, team_id)
        if at == _LINES or not sheet.room(blocks=2, characters=len(text), total=limits.TOTAL_POSTED):
            left = sum(other.count for other in lines[at:])
            sheet.section(pen.n("{count} more does not fit here.", "{count} more do not fit here.", count=left))
            break
        sheet.section(text)
    sheet.context(pen.t("Each has its entry in the audit trail."))
    return sheet.message(text_limit=limits.TEXT_POSTED)


def _line(pen: Pen, each: Refusals, team_id: str) -> Md:
    tried = pen.t(TRIED[N(each.name)]) if each.name in set(N) and N(each.name) in TRIED else esc(each.name)
    because = pen.t(BECAUSE[each.reason]) if each.reason in BECAUSE else esc(each.reason, limits.ID)
    what = pen.t("{count} × {tried}: {because}", count=each.count, tried=tried, because=because)
    return joined([what, pen.row([_person(actor, team_id) for actor in each.people])], "\n")


def _person(actor: Actor, team_id: str) -> Md:
    """Somebody of another workspace is no mention here: the same id may be somebody else's."""
    if actor.team_id == team_id:
        return mention(actor.user_id)
    return esc(f"{actor.user_id} ({actor.team_id})", limits.ID)
