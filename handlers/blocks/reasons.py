"""Why a target is not offered, in plain words, and what to do about it (facts/upgrade-article.md, "Conditions")."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.domain.customers import Blocking, Reason, ReasonKind, SoldBy
from bot.domain.eligibility_terms import SubscriptionStatus
from handlers.blocks import limits
from handlers.blocks.names import status_name
from handlers.blocks.pen import Pen
from handlers.blocks.reason_words import HELP, SOLD_BY, TO_DO, WHY
from handlers.blocks.subject import DOT, own_name
from handlers.blocks.text import Md, clean, esc, joined

K = ReasonKind


def reasons_text(pen: Pen, reasons: tuple[Reason, ...]) -> Md:
    """Every reason that holds, each with what to do; then where help is."""
    told: set[tuple[Md, Blocking | None]] = set()
    pieces: list[Md] = []
    named, unnamed = _named(reasons)
    for reason in named:
        to_do = _to_do(pen, reason)
        again = (to_do, reason.blocking) in told
        told.add((to_do, reason.blocking))
        pieces.append(joined([Md(f"{_why(pen, reason)}."), Md("") if again else to_do], " "))
    return joined([_in_a_row(pen, pieces), _more(pen, unnamed), _helps(pen, reasons)], " ")


def whys(pen: Pen, reasons: tuple[Reason, ...]) -> Md:
    """Every reason that holds, without what to do."""
    named, unnamed = _named(reasons)
    return joined([_in_a_row(pen, [Md(f"{_why(pen, reason)}.") for reason in named]), _more(pen, unnamed)], " ")


def advice(pen: Pen, reasons: tuple[Reason, ...]) -> Md:
    """What to do, each said once, and where help is."""
    to_do = dict.fromkeys(_to_do(pen, reason) for reason in reasons)
    return joined([*to_do, _helps(pen, reasons)], " ")


def advice_is_shared(groups: Sequence[tuple[Reason, ...]]) -> bool:
    """Whether several targets want the same done, so that once is enough; not where something stands in the way."""
    wanted = {tuple((reason.kind, reason.status) for reason in reasons) for reasons in groups}
    return len(groups) > 1 and len(wanted) == 1 and not any(each.blocking for reasons in groups for each in reasons)


def _named(reasons: tuple[Reason, ...]) -> tuple[list[Reason], int]:
    """The reasons to tell, and how many more subscriptions are in the way: one customer may have hundreds."""
    named: list[Reason] = []
    many: Counter[ReasonKind] = Counter()
    left: set[Blocking] = set()
    for reason in reasons:
        many[reason.kind] += reason.blocking is not None
        if reason.blocking is not None and many[reason.kind] > limits.BLOCKING:
            left.add(reason.blocking)
        else:
            named.append(reason)
    return named, len(left - {reason.blocking for reason in named})


def _more(pen: Pen, count: int) -> Md:
    if not count:
        return Md("")
    return pen.n("{count} more subscription is in the way.", "{count} more subscriptions are in the way.", count=count)


def _in_a_row(pen: Pen, pieces: list[Md]) -> Md:
    also = pen.t("Also:")
    return joined([*pieces[:1], *(Md(f"{also} {piece}") for piece in pieces[1:])], " ")


def _helps(pen: Pen, reasons: tuple[Reason, ...]) -> Md:
    topics = dict.fromkeys(HELP[each.kind] for each in reasons if each.kind in HELP)
    return joined([pen.help(topic) for topic in topics], DOT)


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
