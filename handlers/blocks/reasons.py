"""Why a target is not offered, in plain words, and what to do about it (facts/upgrade-article.md, "Conditions")."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.domain.customers import Blocking, Reason, ReasonKind, SoldBy
from bot.domain.eligibility_terms import HelpTopic, SubscriptionStatus
from bot.locales import msg
from handlers.blocks import limits
from handlers.blocks.names import status_name
from handlers.blocks.pen import Pen
from handlers.blocks.subject import own_name
from handlers.blocks.text import Md, clean, esc, joined

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


def reasons_text(pen: Pen, reasons: tuple[Reason, ...]) -> Md:
    """Every reason that holds, then what to do and where help is."""
    return joined([whys(pen, reasons), *advice(pen, reasons)], " ")


def whys(pen: Pen, reasons: tuple[Reason, ...]) -> Md:
    """Every reason that holds, without what to do."""
    also = pen.t("Also:")
    told = [Md(f"{_why(pen, reason)}.") for reason in reasons]
    return joined([*told[:1], *(Md(f"{also} {each}") for each in told[1:])], " ")


def advice(pen: Pen, reasons: tuple[Reason, ...]) -> list[Md]:
    """What to do and where help is, each said once."""
    told: dict[Md, None] = {}
    for reason in reasons:
        topic = HELP.get(reason.kind)
        told[_to_do(pen, reason)] = None
        if topic is not None:
            told[pen.help(topic)] = None
    return list(told)


def advice_is_shared(groups: Sequence[tuple[Reason, ...]]) -> bool:
    """Whether several targets want the same done, so that once is enough; not where something stands in the way."""
    wanted = {tuple((reason.kind, reason.status) for reason in reasons) for reasons in groups}
    return len(groups) > 1 and len(wanted) == 1 and not any(each.blocking for reasons in groups for each in reasons)


def _why(pen: Pen, reason: Reason) -> Md:
    detailed = _DETAILED.get(reason.kind)
    return (detailed and detailed(pen, reason)) or pen.t(WHY[reason.kind])


def _not_active(pen: Pen, reason: Reason) -> Md | None:
    if not reason.status or reason.status == SubscriptionStatus.ACTIVE:
        return None
    return pen.t("not active ({status})", status=status_name(pen.texts, reason.status))


def _rights_missing(pen: Pen, reason: Reason) -> Md | None:
    if not reason.families:
        return None
    services = _families(pen, reason)
    return pen.t("delegated administrator rights (GDAP) are missing for {services}", services=services)


def _services_held(pen: Pen, reason: Reason) -> Md | None:
    if reason.blocking is None:
        return None
    services = _families(pen, reason) or pen.t("a service that it would add")
    blocking = _blocking(pen, reason.blocking)
    return pen.n(
        "{services} is already included in {subscription}",
        "{services} are already included in {subscription}",
        count=len(reason.families) or 1,
        services=services,
        subscription=blocking,
    )


def _target_held(pen: Pen, reason: Reason) -> Md | None:
    if reason.blocking is None:
        return None
    return pen.t("the customer already has {subscription}", subscription=_blocking(pen, reason.blocking))


def _seat_limit(pen: Pen, reason: Reason) -> Md | None:
    most = reason.raw_text
    return pen.t("this product takes at most {most} seats", most=int(most[:9])) if most.isdecimal() else None


def _as_it_came(pen: Pen, reason: Reason) -> Md:
    words = clean(reason.raw_text) or clean(reason.raw_code)
    return pen.t("the service says “{words}” (code {code})", words=words.rstrip("."), code=reason.raw_code or "–")


_DETAILED: Final[Mapping[ReasonKind, Callable[[Pen, Reason], Md | None]]] = {
    K.NOT_ACTIVE: _not_active,
    K.DELEGATED_RIGHTS_MISSING: _rights_missing,
    K.SERVICES_ALREADY_HELD: _services_held,
    K.TARGET_ALREADY_HELD: _target_held,
    K.SEAT_LIMIT: _seat_limit,
    K.OTHER: _as_it_came,
}


def _families(pen: Pen, reason: Reason) -> Md:
    return pen.row([esc(pen.family(key), limits.ID) for key in reason.families])


def _to_do(pen: Pen, reason: Reason) -> Md:
    if reason.kind is K.NOT_ACTIVE and reason.status == SubscriptionStatus.SUSPENDED:
        return pen.t("Reactivate it first.")
    if reason.blocking is not None and reason.blocking.sold_by in {SoldBy.PARTNER, SoldBy.DIRECT}:
        return pen.t("The customer has to cancel it first.")
    if reason.blocking is not None and reason.blocking.sold_by is SoldBy.US:
        return pen.t("It has to be cancelled first.")
    return pen.t(TO_DO[reason.kind])


def _blocking(pen: Pen, blocking: Blocking) -> Md:
    name = pen.t("“{name}”", name=blocking.offer_name)
    own = own_name(pen, blocking.friendly_name or "", blocking.offer_name)
    end = pen.tail(blocking.subscription_id) if blocking.subscription_id else Md("")
    whose = pen.t(SOLD_BY[blocking.sold_by])
    return Md(f"{joined([name, own, end], ' ')} ({whose})")
