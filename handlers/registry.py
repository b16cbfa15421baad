"""Every command, button, menu, modal and event, once, as data: what it is called, who may, and what does it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.domain.policy import Action
from handlers.actions.check import check
from handlers.actions.home import from_the_start, older, resume, stop
from handlers.actions.list_buttons import choose_customer, read_again, share
from handlers.actions.modals import choose_option, customer_text_in, request_again, show_customer_text
from handlers.actions.others import follow_link, retired
from handlers.actions.reject import ask_for_reason, ask_what_was_seen
from handlers.actions.review import review
from handlers.actions.seats import choose_customer_of_seats, choose_meaning, choose_seats, read_seats_again
from handlers.actions.typed_seats import part_was_typed, seats_were_typed
from handlers.actions.withdraw import withdraw_change
from handlers.actions.work_list import (
    give_work_list,
    send_work_list,
    show_work_list,
    tick_account,
    turn_work_list,
)
from handlers.commands.add_seats import add_seats
from handlers.commands.customer_link import choose_linked, customer_link
from handlers.commands.partner_role import partner_role
from handlers.commands.upgrade_audit import choose_audit_of, more_of_audit, send_audit, upgrade_audit
from handlers.commands.upgrade_options import upgrade_options
from handlers.commands.upgrade_requests import choose_requests_of, more_requests, upgrade_requests
from handlers.events.app_home import home_opened, other_event
from handlers.incoming import Incoming
from handlers.options.customers import suggest
from handlers.options.empty import no_options
from handlers.payload import Kind
from handlers.shortcuts.upgrade_options import options_for_message
from handlers.views.approve import approve_change
from handlers.views.confirm import confirm
from handlers.views.confirm_seats import confirm_seats
from handlers.views.find import find_chosen
from handlers.views.hand_over import hand_list_over
from handlers.views.reject import reject_change
from handlers.views.settle import settle_change

Listener = Callable[[Incoming], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What Slack may send. `rule` is the policy's action that rules it; without one, `open_because` says why."""

    kind: Kind
    name: str
    pattern: re.Pattern[str]
    listener: Listener
    rule: Action | None = None
    open_because: str = ""


def _route(
    kind: Kind, name: str, listener: Listener, *, rule: Action | None = None, numbered: bool = False, because: str = ""
) -> Route:
    # Bolt searches with a pattern: without anchors `x.option.choose.y` would match too.
    pattern = re.compile(rf"\A{re.escape(name)}{_NUMBER if numbered else ''}\Z")
    return Route(kind=kind, name=name, pattern=pattern, listener=listener, rule=rule, open_because=because)


def _rest(kind: Kind, listener: Listener, because: str) -> Route:
    return Route(kind=kind, name="*", pattern=re.compile(r"\A.*\Z", re.DOTALL), listener=listener, open_because=because)


_NUMBER: Final = r"(?:\.[0-9]{1,4})?"
_MEMBERS: Final = "tells every member of the workspace who they are here, and more to those who may look"
_NOTHING: Final = "does nothing but say so"

ROUTES: Final[tuple[Route, ...]] = (
    _route(Kind.COMMAND, "/upgrade-options", upgrade_options, rule=Action.LOOK),
    _route(Kind.COMMAND, "/add-seats", add_seats, rule=Action.LOOK),
    _route(Kind.COMMAND, "/upgrade-requests", upgrade_requests, rule=Action.LOOK),
    _route(Kind.COMMAND, "/upgrade-audit", upgrade_audit, rule=Action.AUDIT),
    _route(Kind.COMMAND, "/customer-link", customer_link, rule=Action.LOOK),
    _route(Kind.COMMAND, "/partner-role", partner_role, because=_MEMBERS),
    _route(Kind.ACTION, "option.choose", choose_option, rule=Action.REQUEST, numbered=True),
    _route(Kind.ACTION, "part.typed", part_was_typed, rule=Action.REQUEST),
    _route(Kind.ACTION, "customer.choose", choose_customer, rule=Action.LOOK),
    _route(Kind.ACTION, "channel.customer", choose_linked, rule=Action.LOOK),
    _route(Kind.ACTION, "options.refresh", read_again, rule=Action.LOOK),
    _route(Kind.ACTION, "options.page", read_again, rule=Action.LOOK, numbered=True),
    _route(Kind.ACTION, "options.share", share, rule=Action.LOOK),
    _route(Kind.ACTION, "seats.customer", choose_customer_of_seats, rule=Action.LOOK),
    _route(Kind.ACTION, "seats.refresh", read_seats_again, rule=Action.LOOK),
    _route(Kind.ACTION, "seats.page", read_seats_again, rule=Action.LOOK, numbered=True),
    _route(Kind.ACTION, "seats.choose", choose_seats, rule=Action.REQUEST, numbered=True),
    _route(Kind.ACTION, "seats.more", choose_meaning, rule=Action.REQUEST),
    _route(Kind.ACTION, "seats.in_all", choose_meaning, rule=Action.REQUEST),
    _route(Kind.ACTION, "seats.typed", seats_were_typed, rule=Action.REQUEST),
    _route(Kind.ACTION, "change.request_again", request_again, rule=Action.REQUEST),
    _route(Kind.ACTION, "change.check", check, rule=Action.LOOK),
    _route(Kind.ACTION, "change.review", review, rule=Action.APPROVE),
    _route(Kind.ACTION, "change.reject", ask_for_reason, rule=Action.APPROVE),
    _route(Kind.ACTION, "change.withdraw", withdraw_change, rule=Action.REQUEST),
    _route(Kind.ACTION, "change.settle", ask_what_was_seen, rule=Action.SETTLE),
    _route(Kind.ACTION, "requests.more", more_requests, rule=Action.LOOK),
    _route(Kind.ACTION, "requests.customer", choose_requests_of, rule=Action.LOOK),
    _route(Kind.ACTION, "audit.more", more_of_audit, rule=Action.AUDIT),
    _route(Kind.ACTION, "audit.file", send_audit, rule=Action.AUDIT),
    _route(Kind.ACTION, "audit.customer", choose_audit_of, rule=Action.AUDIT),
    _route(Kind.ACTION, "home.older", older, rule=Action.LOOK, numbered=True),
    _route(Kind.ACTION, "home.start", from_the_start, because=_MEMBERS),
    _route(Kind.ACTION, "home.stop", stop, rule=Action.SETTLE),
    _route(Kind.ACTION, "home.resume", resume, rule=Action.SETTLE),
    _route(Kind.ACTION, "change.follow_ups", show_work_list, rule=Action.LOOK),
    _route(Kind.ACTION, "follow_ups.page", turn_work_list, rule=Action.LOOK, numbered=True),
    _route(Kind.ACTION, "follow_ups.file", send_work_list, rule=Action.LOOK),
    _route(Kind.ACTION, "follow_ups.give", give_work_list, rule=Action.LOOK),
    _route(Kind.ACTION, "account.done", tick_account, rule=Action.LOOK, numbered=True),
    _route(Kind.ACTION, "account.open", tick_account, rule=Action.LOOK, numbered=True),
    _route(Kind.ACTION, "change.customer_text", show_customer_text, rule=Action.LOOK),
    _route(Kind.ACTION, "customer_text.in", customer_text_in, rule=Action.LOOK, numbered=True),
    _route(Kind.ACTION, "link.card", follow_link, because="Slack opens the address by itself"),
    _route(Kind.VIEW, "change.confirm", confirm, rule=Action.REQUEST),
    _route(Kind.VIEW, "seats.confirm", confirm_seats, rule=Action.REQUEST),
    _route(Kind.VIEW, "change.approve", approve_change, rule=Action.APPROVE),
    _route(Kind.VIEW, "change.reject", reject_change, rule=Action.APPROVE),
    _route(Kind.VIEW, "follow_ups.hand_over", hand_list_over, rule=Action.LOOK),
    _route(Kind.VIEW, "change.settle", settle_change, rule=Action.SETTLE),
    _route(Kind.VIEW, "customer.find", find_chosen, rule=Action.LOOK),
    _route(Kind.OPTIONS, "customer.search", suggest, rule=Action.LOOK),
    _route(Kind.SHORTCUT, "message.upgrade_options", options_for_message, rule=Action.LOOK),
    _route(Kind.EVENT, "app_home_opened", home_opened, because=_MEMBERS),
    _rest(Kind.COMMAND, retired, _NOTHING),
    _rest(Kind.ACTION, retired, _NOTHING),
    _rest(Kind.VIEW, retired, _NOTHING),
    _rest(Kind.SHORTCUT, retired, _NOTHING),
    _rest(Kind.OPTIONS, no_options, _NOTHING),
    _rest(Kind.EVENT, other_event, _NOTHING),
)
"""First match wins; the last of each kind takes what this version does not know (defects.md, spares)."""
