"""The words of every reason why a target is not offered. A test holds that none is missing."""

from collections.abc import Mapping
from typing import Final

from bot.domain.customers import ReasonKind, SoldBy
from bot.domain.eligibility_terms import HelpTopic
from bot.locales import msg

K = ReasonKind

WHY: Final[Mapping[ReasonKind, str]] = {
    K.NOT_ACTIVE: msg("not active"),
    K.DELEGATED_RIGHTS_MISSING: msg("delegated administrator rights (GDAP) are missing"),
    K.SERVICES_ALREADY_HELD: msg("the customer already has services that it would add"),
    K.TARGET_ALREADY_HELD: msg("the customer already has this product"),
    K.ADD_ONS_PRESENT: msg("the subscription has add-ons"),
    K.OPERATION_PENDING: msg("another operation is running on this subscription"),
    K.NOT_PROVISIONED: msg("the subscription is not fully set up yet"),
    K.GRANULAR_RIGHTS_MISSING: msg("your delegated administrator rights (GDAP) do not include the role that is needed"),
    K.USER_CONTEXT_REQUIRED: msg("the service accepts this only from somebody who is signed in"),
    K.NO_UPGRADE_PATH: msg("no upgrade is offered for this product"),
    K.TARGET_NOT_FOUND: msg("the service does not know this product"),
    K.BILLING_CYCLE: msg("it cannot be had with the billing cycle of this subscription"),
    K.SEAT_LIMIT: msg("this product does not take so many seats"),
    K.OTHER: msg("the service gives a reason that we do not know"),
}

TO_DO: Final[Mapping[ReasonKind, str]] = {
    K.NOT_ACTIVE: msg("Only an active subscription can be upgraded."),
    K.DELEGATED_RIGHTS_MISSING: msg(
        "Ask the customer for them: send a request for a reseller relationship that includes delegated administration."
    ),
    K.SERVICES_ALREADY_HELD: msg("The subscription in the way has to be cancelled first."),
    K.TARGET_ALREADY_HELD: msg("The subscription in the way has to be cancelled first."),
    K.ADD_ONS_PRESENT: msg("Remove the add-ons first."),
    K.OPERATION_PENDING: msg("Wait until it is done, then refresh."),
    K.NOT_PROVISIONED: msg("Wait until it is, then refresh."),
    K.GRANULAR_RIGHTS_MISSING: msg("Ask the customer to approve them."),
    K.USER_CONTEXT_REQUIRED: msg("Carry it out in Partner Center, or tell whoever runs Upgrade Desk."),
    K.NO_UPGRADE_PATH: msg("A new subscription can be ordered instead."),
    K.TARGET_NOT_FOUND: msg("Tell whoever runs Upgrade Desk: the catalogue may be out of date."),
    K.BILLING_CYCLE: msg("Change the billing cycle first."),
    K.SEAT_LIMIT: msg("Reduce the seats first, or choose another product."),
    K.OTHER: msg("Look the subscription up in Partner Center."),
}

HELP: Final[Mapping[ReasonKind, HelpTopic]] = {
    K.NOT_ACTIVE: HelpTopic.REACTIVATING,
    K.DELEGATED_RIGHTS_MISSING: HelpTopic.DELEGATED_RIGHTS,
    K.GRANULAR_RIGHTS_MISSING: HelpTopic.DELEGATED_RIGHTS,
    K.SERVICES_ALREADY_HELD: HelpTopic.MULTICHANNEL,
    K.TARGET_ALREADY_HELD: HelpTopic.MULTICHANNEL,
}

SOLD_BY: Final[Mapping[SoldBy, str]] = {
    SoldBy.US: msg("bought through us"),
    SoldBy.PARTNER: msg("not bought through us, but from another partner"),
    SoldBy.DIRECT: msg("not bought through us, but directly from Microsoft"),
    SoldBy.UNKNOWN: msg("it is not known through whom it was bought"),
}
