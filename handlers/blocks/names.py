"""Names of closed sets, each as a sentence of the catalogues. A test holds that no member is missing."""

from collections.abc import Mapping
from typing import Final

from bot.domain.changes import ChangeState
from bot.domain.eligibility_terms import SubscriptionStatus
from bot.domain.policy import SecondPersonReason
from bot.domain.roles import PartnerRole
from bot.locales import Texts, msg

ROLES: Final[Mapping[PartnerRole, str]] = {
    PartnerRole.GLOBAL_ADMIN: msg("Global admin"),
    PartnerRole.USER_ADMIN: msg("User management admin"),
    PartnerRole.ADMIN_AGENT: msg("Admin agent"),
    PartnerRole.SALES_AGENT: msg("Sales agent"),
    PartnerRole.HELPDESK_AGENT: msg("Helpdesk agent"),
}

STATUSES: Final[Mapping[SubscriptionStatus, str]] = {
    SubscriptionStatus.NONE: msg("Status not known"),
    SubscriptionStatus.ACTIVE: msg("Active"),
    SubscriptionStatus.PENDING: msg("Being set up"),
    SubscriptionStatus.SUSPENDED: msg("Suspended"),
    SubscriptionStatus.EXPIRED: msg("Expired"),
    SubscriptionStatus.DISABLED: msg("Disabled"),
    SubscriptionStatus.DELETED: msg("Cancelled"),
}

STATES: Final[Mapping[ChangeState, str]] = {
    ChangeState.AWAITING_APPROVAL: msg("WAITING FOR APPROVAL"),
    ChangeState.APPROVED: msg("RECORDED · will be submitted"),
    ChangeState.SUBMITTING: msg("BEING SUBMITTED"),
    ChangeState.ACCEPTED: msg("ACCEPTED · being carried out"),
    ChangeState.COMPLETED: msg("COMPLETED"),
    ChangeState.FAILED: msg("FAILED · nothing was ordered"),
    ChangeState.UNKNOWN: msg("OUTCOME NOT CLEAR · do not order this in Partner Center!"),
    ChangeState.REFUSED: msg("NO LONGER POSSIBLE · nothing was ordered"),
    ChangeState.REJECTED: msg("REJECTED"),
    ChangeState.WITHDRAWN: msg("WITHDRAWN"),
    ChangeState.EXPIRED: msg("EXPIRED · nothing was ordered"),
}

APPROVED_BY_OTHERS: Final = msg("APPROVED · will be submitted")

SECOND_PERSON: Final[Mapping[SecondPersonReason, str]] = {
    SecondPersonReason.ROLE: msg("your role may not order alone"),
    SecondPersonReason.SEATS: msg("the number of seats is above the limit"),
    SecondPersonReason.FLAGGED_PATH: msg("this upgrade is marked as doubtful in the catalogue"),
}


def state_words(state: ChangeState, *, approved: bool) -> str:
    """The words of a state. `approved`: others had to approve, so that it is more than recorded."""
    return APPROVED_BY_OTHERS if approved and state is ChangeState.APPROVED else STATES[state]


def role_name(texts: Texts, role: PartnerRole) -> str:
    """A partner role, as the article names it."""
    return texts.t(ROLES[role])


def role_names(texts: Texts, roles: frozenset[PartnerRole] | tuple[PartnerRole, ...]) -> str:
    """Several roles, in the article's order."""
    return texts.names([role_name(texts, role) for role in PartnerRole if role in roles])


def any_role(texts: Texts, roles: frozenset[PartnerRole]) -> str:
    """One of several roles, in the article's order."""
    return texts.any_of([role_name(texts, role) for role in PartnerRole if role in roles])


def status_name(texts: Texts, status: str) -> str:
    """A subscription's status; a word that we do not know is shown as the service said it."""
    known = {each.value: sentence for each, sentence in STATUSES.items()}
    found = known.get(status.strip().lower())
    return texts.t(found) if found is not None else status
