"""The conditions for an upgrade (facts/upgrade-article.md), pure. What each means at its edges: docs/decisions/0011."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.catalogue import Catalogue, LocalizedText, Offer, Path
from bot.domain.eligibility_terms import SubscriptionStatus
from bot.eligibility.reasons import (
    AddOnsPresent,
    DelegatedRights,
    DelegatedRightsMissing,
    GranularRightsMissing,
    HeldSubscription,
    NotActive,
    NotProvisioned,
    OperationPending,
    Reason,
    ServicesAlreadyHeld,
    TargetAlreadyHeld,
)

_ACTIVE = SubscriptionStatus.ACTIVE.value
_DELETED = SubscriptionStatus.DELETED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One target offer for one subscription: permitted when no reason stands against it.

    `flag` is the catalogue's doubt about this cell of the table; it refuses nothing.
    """

    target: Offer
    reasons: tuple[Reason, ...]
    flag: LocalizedText | None

    @property
    def permitted(self) -> bool:
        """Whether the upgrade may be ordered now."""
        return not self.reasons


def evaluate(
    *,
    catalogue: Catalogue,
    subscription: HeldSubscription,
    held: Sequence[HeldSubscription],
    rights: DelegatedRights,
) -> tuple[Option, ...]:
    """An option per target of the table, in its order, each with every reason against it in the conditions' order.

    `held` is all that the customer has, from whomever; `subscription` itself may be among them and never counts
    against itself, and neither do deleted ones. Empty where the table has no upgrade for the offer.
    """
    if subscription.offer is None:
        return ()
    paths = catalogue.targets(subscription.offer.key)
    if not paths:
        return ()
    before, after = _of_the_subscription(subscription)
    others = _by_offer(held, but=subscription.id)
    delegated = None if rights.delegated is None else catalogue.covered(rights.delegated)
    granular = None if rights.granular is None else catalogue.covered(rights.granular)
    options = []
    for path in paths:
        reasons = list(before)
        if delegated is not None:
            reasons += _missing_rights(catalogue, path, delegated)
        for key, same_offer in others.items():
            if (families := path.conflicts.get(key)) is not None:
                reasons += [ServicesAlreadyHeld(families=families, blocking=each) for each in same_offer]
        reasons += [TargetAlreadyHeld(blocking=each) for each in others.get(path.target_key, ())]
        reasons += after
        if granular is not None:
            reasons += _missing_roles(catalogue, path, delegated, granular)
        options.append(Option(target=path.target, reasons=tuple(reasons), flag=path.flag_note))
    return tuple(options)


def _by_offer(held: Sequence[HeldSubscription], *, but: str) -> dict[str, list[HeldSubscription]]:
    """What counts in conditions 3 and 4, by the key of its offer."""
    found: dict[str, list[HeldSubscription]] = {}
    for each in held:
        if each.offer is not None and each.status != _DELETED and each.id != but:
            found.setdefault(each.offer.key, []).append(each)
    return found


def _of_the_subscription(subscription: HeldSubscription) -> tuple[list[Reason], list[Reason]]:
    """What is the same for every target: condition 1, and the service's own reasons, which stand after the four."""
    before: list[Reason] = []
    if subscription.status != _ACTIVE:
        before.append(NotActive(status=subscription.status))
    after: list[Reason] = []
    if subscription.operation_pending:
        after.append(OperationPending())
    if subscription.has_add_ons:
        after.append(AddOnsPresent())
    if not subscription.provisioned:
        after.append(NotProvisioned())
    return before, after


def _missing_rights(catalogue: Catalogue, path: Path, delegated: frozenset[str]) -> list[Reason]:
    if path.required <= delegated:
        return []
    return [DelegatedRightsMissing(families=catalogue.asked_for(path.required - delegated))]


def _missing_roles(
    catalogue: Catalogue, path: Path, delegated: frozenset[str] | None, granular: frozenset[str]
) -> list[Reason]:
    covered = path.required if delegated is None else path.required & delegated
    if covered <= granular:
        return []
    return [GranularRightsMissing(families=catalogue.asked_for(covered - granular))]
