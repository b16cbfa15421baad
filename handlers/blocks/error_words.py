"""The sentence of every error and reason: what happened, and what to do next. A test holds that none is missing."""

from collections.abc import Mapping
from typing import Final

from bot.desk.reasons import Ended, Problem, Unclear, Why
from bot.domain import errors
from bot.locales import msg

ERRORS: Final[Mapping[type[errors.UpgradeDeskError], str]] = {
    errors.UpgradeDeskError: msg("That did not work. Please try again."),
    errors.Refused: msg("You may not do this."),
    errors.Undetermined: msg("It could not be found out whether you may do this. Please try again in a minute."),
    errors.NotThere: msg("This is no longer there. Run the command again."),
    errors.CustomerNotFound: msg(
        "No customer was found for “{query}”. Type the full name, the beginning of the name, a domain or a tenant id."
    ),
    errors.CustomerGone: msg(
        "This customer is no longer among yours. Nothing was ordered. Run the command again and choose anew."
    ),
    errors.LinkedCustomerGone: msg(
        "The customer whom this channel is linked to is no longer there ({query}). Link another one with "
        "/customer-link, or end the link with /customer-link off."
    ),
    errors.SubscriptionGone: msg(
        "This subscription is no longer there. Nothing was ordered. Run the command again to see what the customer has."
    ),
    errors.HandleUnknown: msg("This button is not known here. Run the command again and press there."),
    errors.HandleTooOld: msg("This list is too old to order from. Run the command again and press there."),
    errors.ChangeUnknown: msg("This change is not known here."),
    errors.ChannelClosed: msg("Upgrade Desk is not in this channel. Invite it first: type /invite and its name."),
    errors.Clash: msg("Somebody was first, or something has changed. Look at it again."),
    errors.OpenChangeExists: msg(
        "{person} already has an open change for this subscription ({number}). Nothing was ordered. "
        "Wait until it is done."
    ),
    errors.AlreadyDecided: msg("{person} has decided this already ({when}): {state}."),
    errors.FactsMoved: msg(
        "Something has changed since you confirmed. Nothing was ordered. Run the command again and look at it anew."
    ),
    errors.NotPossibleAnyMore: msg("This is no longer possible. Nothing was ordered."),
    errors.ServiceTrouble: msg("The eligibility service gave no usable answer. Please try again in a minute."),
    errors.ServiceUnreachable: msg("The eligibility service cannot be reached. Please try again in a minute."),
    errors.ServiceTimeout: msg("The eligibility service took too long to answer. Please try again in a minute."),
    errors.ServiceNonsense: msg(
        "The answer of the eligibility service could not be understood. Please try again in a minute."
    ),
    errors.ServiceDenied: msg(
        "The eligibility service does not let Upgrade Desk in. Tell whoever runs Upgrade Desk, with the reference."
    ),
    errors.ServiceThrottled: msg("The eligibility service is too busy. Please try again in {wait} s."),
    errors.ServiceRejected: msg("The eligibility service refused: “{words}” (code {code})."),
    errors.OutcomeUnknown: msg(
        "The order was sent, but its outcome is not clear. Do not order this in Partner Center! "
        "Upgrade Desk keeps looking for the outcome."
    ),
    errors.DatabaseDown: msg(
        "The database of Upgrade Desk does not answer, so nothing was recorded. Please try again in a minute."
    ),
    errors.TooLate: msg("This took too long, so nothing was recorded and nothing was ordered. Please try again."),
    errors.BadInput: msg("What you typed cannot be used."),
    errors.FilesNotAllowed: msg(
        "Slack does not let Upgrade Desk send files yet. Ask whoever runs it to give the app the right files:write and "
        "to install it again; what you see here stays readable."
    ),
    errors.Unexpected: msg("Something went wrong on our side. Please try again, or tell whoever runs Upgrade Desk."),
}

REFUSALS: Final[Mapping[Why, str]] = {
    Why.GUEST: msg("Guests of this workspace may not use Upgrade Desk. Ask a colleague who is a full member."),
    Why.OTHER_ORGANISATION: msg(
        "Only members of the organisation that runs Upgrade Desk may use it. Ask your contact there."
    ),
    Why.OTHER_WORKSPACE: msg(
        "Upgrade Desk does not serve this workspace. Use it in the workspace of the organisation that runs it."
    ),
    Why.BOT: msg("Apps may not use Upgrade Desk."),
    Why.DELETED: msg("This account has been deactivated."),
    Why.NO_ROLE: msg(
        "For this you need one of these partner roles: {may}. You have none that is known here. "
        "Ask a global admin of your organisation, or whoever runs Upgrade Desk, to enter your role."
    ),
    Why.ROLE_NOT_ENOUGH: msg(
        "For this you need one of these partner roles: {may}. Yours is not among them. "
        "Ask a colleague who has one of them."
    ),
    Why.NOBODY_MAY: msg("The policy allows this to nobody. Ask whoever runs Upgrade Desk."),
    Why.NOT_YOURS: msg("This belongs to somebody else: only whoever asked for it can use it."),
    Why.OWN_CHANGE: msg(
        "You asked for this change yourself, so somebody else has to decide it. You can withdraw it while it waits."
    ),
    Why.STOPPED: msg("Orders are stopped at the moment. Nothing was ordered. Ask whoever runs Upgrade Desk."),
    Why.READ_ONLY: msg("Upgrade Desk is set to read only: you can look, but nothing can be ordered."),
    Why.FREEZE: msg("Nothing is ordered on these days, says the policy. Nothing was ordered. Please try again later."),
    Why.NOT_A_PILOT_CUSTOMER: msg("Orders are open for pilot customers only, and this is none. Nothing was ordered."),
    Why.NEVER_THIS_CUSTOMER: msg("The policy allows no orders for this customer. Nothing was ordered."),
    Why.DAILY_LIMIT: msg(
        "You have reached your number of changes for one day. Nothing was ordered. Please try again tomorrow."
    ),
    Why.SHARED_CHANNEL: msg(
        "This channel is shared with another organisation, so the answer is not posted here. Use an internal channel."
    ),
    Why.LINK_IN_SHARED_CHANNEL: msg(
        "This channel is shared with another organisation, so no link to a customer is used here. "
        "Name the customer after the command; /customer-link off ends the link."
    ),
    Why.LINK_IN_DIRECT_MESSAGE: msg(
        "Direct messages cannot be linked to a customer. Type the command in a channel of your own organisation."
    ),
    Why.SECOND_PERSON: msg(
        "This change needs a second person ({why}). Nothing was ordered. Run the command again and ask for an approval."
    ),
    Why.TOO_EARLY: msg(
        "Upgrade Desk is still looking for the outcome. It can be settled by hand from {when} on, if nothing is found."
    ),
    Why.TICKET_WANTED: msg(
        "The policy wants a ticket number with every change, and this one has none. Nothing was ordered. "
        "Withdraw it and ask again with the ticket number."
    ),
}

UNCLEAR: Final[Mapping[Unclear, str]] = {
    Unclear.POLICY_BROKEN: msg(
        "The policy file is damaged, so nobody is let in until it is mended. Tell whoever runs Upgrade Desk."
    ),
    Unclear.SOURCE_UNREACHABLE: msg(
        "Your partner roles could not be read just now: it is not known whether you may. Please try again in a minute."
    ),
    Unclear.PEOPLE_UNREACHABLE: msg(
        "Slack did not say who you are just now: it is not known whether you may. Please try again in a minute."
    ),
    Unclear.NOT_RECORDED: msg("It could not be found out whether you may do this. Please try again in a minute."),
    Unclear.CHANNEL_UNREADABLE: msg(
        "Slack did not say whether this channel is shared with another organisation, so no link is used. Invite "
        "Upgrade Desk into it (type /invite and its name), or name the customer after the command."
    ),
    Unclear.NOT_CONFIRMED: msg(
        "The database did not confirm that your request was recorded. Press the button again: it counts only once."
    ),
}

PROBLEMS: Final[Mapping[Problem, str]] = {
    Problem.CONTROL_CHARACTERS: msg("This holds characters that cannot be used. Type it again instead of pasting it."),
    Problem.EMPTY: msg("Please fill this in."),
    Problem.TOO_LONG: msg("This is too long. Please shorten it."),
    Problem.TICKET_WANTED: msg("Please give a ticket number in the form that your organisation uses."),
    Problem.NO_ORDER_ID: msg("This is no id of an order or a subscription. Copy it from Partner Center as it stands."),
    Problem.MAY_NOT_LOOK: msg("This colleague has no partner role that may look at customers. Choose somebody else."),
    Problem.HOLDS_IT_ALREADY: msg("This colleague has the list already. Choose somebody else."),
    Problem.NOT_A_NUMBER: msg("Please give a number of seats, such as 25."),
    Problem.NOT_WHOLE: msg("Please give a whole number of seats, without point or comma, such as 1000."),
    Problem.NOT_POSITIVE: msg("Please give a number of 1 or more: seats cannot be taken away here."),
    Problem.NUMBER_TOO_LARGE: msg("No subscription takes so many seats. Please give a smaller number."),
    Problem.NOT_MORE_THAN_NOW: msg("There are {current} seats already. Please give a larger total."),
    Problem.OVER_LIMIT: msg("The limit is {limit} seats in all: at most {most} can be added."),
    Problem.MORE_THAN_THERE: msg("There are only {most} seats. Please give a smaller number."),
    Problem.NOT_IN_PARTS: msg("The service upgrades only all {most} seats of this subscription at once."),
}


ENDINGS: Final[Mapping[Ended, str]] = {
    Ended.FACTS_MOVED: msg("Something changed after it was confirmed, so nothing was ordered."),
    Ended.NOT_POSSIBLE_ANY_MORE: msg("The service no longer allows this, so nothing was ordered."),
    Ended.SUBSCRIPTION_GONE: msg("The subscription is no longer there, so nothing was ordered."),
    Ended.CUSTOMER_NOT_FOUND: msg("The customer is no longer there, so nothing was ordered."),
    Ended.REHEARSAL_NOW: msg("Upgrade Desk was set to rehearsal meanwhile, so nothing was ordered."),
    Ended.APPROVER_LEFT: msg("Somebody who approved this is no longer a member here, so nothing was ordered."),
    Ended.NOT_OFFERED: msg("The service no longer offers this product, so nothing was ordered."),
    Ended.FAILED_LATER: msg("The service had accepted the order and then reported that it failed."),
    Ended.OUTCOME_UNKNOWN: msg("No answer proves what became of the order."),
    Ended.REJECTED: msg("Somebody who may decide this rejected it, so nothing was ordered."),
    Ended.SETTLED_FAILED: msg("Somebody looked in Partner Center and found no order."),
}
"""Why a change ended as it did, for a card that everybody reads: nobody is addressed."""

FORBIDDEN: Final[Mapping[Why, str]] = {
    Why.STOPPED: msg("Orders were stopped, so nothing was ordered."),
    Why.READ_ONLY: msg("Upgrade Desk was set to read only, so nothing was ordered."),
    Why.FREEZE: msg("The policy allows no orders on these days, so nothing was ordered."),
    Why.NOT_A_PILOT_CUSTOMER: msg("The policy allows orders for pilot customers only, so nothing was ordered."),
    Why.NEVER_THIS_CUSTOMER: msg("The policy allows no orders for this customer, so nothing was ordered."),
    Why.DAILY_LIMIT: msg("The policy allows fewer changes by one person in a day, so nothing was ordered."),
    Why.TICKET_WANTED: msg("The policy wants a ticket number, and this change has none, so nothing was ordered."),
    Why.SECOND_PERSON: msg("By now this change needs a second person, so nothing was ordered."),
}
DECIDED_BY_NOBODY: Final = msg("This is no longer open since {when}: {state}.")
NO_LONGER_MAY: Final = msg("The asker may no longer order this, so nothing was ordered.")


def ending_sentence(code: str | None) -> str | None:
    """The sentence of a change's error code, if it is one of ours; None for a code of the service."""
    if code in list(Ended):
        return ENDINGS[Ended(code)]
    return FORBIDDEN.get(Why(code), NO_LONGER_MAY) if code in list(Why) else None
