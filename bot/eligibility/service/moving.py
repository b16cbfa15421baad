"""Which users' licences move with an upgrade, and which accounts need work afterwards (the article's step 4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.catalogue import Catalogue, Offer, ServicePlan
from bot.eligibility import wire
from storage.book.records import HolderRecord

MIGRATION_FAILED = "60000"
OUT_OF_LICENCES = "60012"


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceMove:
    """Users whose licence moves, and the accounts that cannot move cleanly. A user may be in both."""

    movers: tuple[str, ...]
    errors: tuple[wire.UserLicenseError, ...]


def plan_move(
    holders: Sequence[HolderRecord],
    *,
    catalogue: Catalogue,
    source: Offer | None,
    target: Offer,
    seats: int,
    seats_left: int,
) -> LicenceMove:
    """The first `seats` holders move; the next `seats_left` keep a seat of a twin of the old one; the rest has none.

    Services that were switched off one by one come back on for whoever moves (facts/partner-center.md, 11).
    """
    movers = holders[:seats]
    stranded = holders[seats + seats_left :]
    found = [
        _error(
            each,
            code=MIGRATION_FAILED,
            description="Services that were switched off for this user are switched on again: {}.",
            plans=back,
        )
        for each in movers
        if (back := _back_on(each.disabled, catalogue=catalogue, target=target))
    ]
    found += [
        _error(
            each,
            code=OUT_OF_LICENCES,
            description="There is no seat for this user. Without a licence: {}.",
            plans=() if source is None else source.plans,
        )
        for each in stranded
    ]
    return LicenceMove(movers=tuple(each.user.id for each in movers), errors=tuple(found))


def _back_on(disabled: Sequence[str], *, catalogue: Catalogue, target: Offer) -> tuple[ServicePlan, ...]:
    """Of the plans that were off, those whose service the target has, in this edition or another."""
    own = {plan.key for plan in target.plans}
    known = [plan for key in disabled if (plan := catalogue.plan(key)) is not None]
    return tuple(plan for plan in known if plan.key in own or not plan.families or plan.families & target.families)


def _error(holder: HolderRecord, *, code: str, description: str, plans: Sequence[ServicePlan]) -> wire.UserLicenseError:
    names = [plan.name.en for plan in plans]
    told = description.format(", ".join(names) or "the old product")
    return wire.UserLicenseError(
        user_object_id=holder.user.id,
        name=holder.user.display_name,
        email=holder.user.principal_name,
        errors=[wire.ApiFault(code=code, description=told[:1024], data=[plan.key for plan in plans])],
        services=names,
    )
