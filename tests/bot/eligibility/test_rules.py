from itertools import count

import pytest

from bot.domain.catalogue import Catalogue, load_default
from bot.domain.customers import SoldBy
from bot.eligibility.reasons import (
    ALL_RIGHTS,
    NO_RIGHTS,
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
from bot.eligibility.rules import Option, evaluate

CATALOGUE = load_default()
APPS, STANDARD, BASIC = (
    f"microsoft-365-{name}" for name in ("apps-for-business", "business-standard", "business-basic")
)
PREMIUM, ENTERPRISE_APPS = "microsoft-365-business-premium", "microsoft-365-apps-for-enterprise"
E1, E3, E5 = (f"office-365-enterprise-e{number}" for number in (1, 3, 5))
_ids = count(1)


def held(key: str | None, *, status: str = "active", sold_by: SoldBy = SoldBy.US, **more: bool) -> HeldSubscription:
    return HeldSubscription(
        id=f"s{next(_ids)}",
        offer=None if key is None else CATALOGUE.offers[key],
        offer_name=key or "Something new",
        friendly_name="",
        status=status,
        quantity=5,
        sold_by=sold_by,
        **more,
    )


def judge(
    subscription: HeldSubscription, *others: HeldSubscription, rights: DelegatedRights = ALL_RIGHTS
) -> dict[str, tuple[Reason, ...]]:
    options = evaluate(catalogue=CATALOGUE, subscription=subscription, held=(subscription, *others), rights=rights)
    return {each.target.key: each.reasons for each in options}


def permitted(
    subscription: HeldSubscription, *others: HeldSubscription, rights: DelegatedRights = ALL_RIGHTS
) -> list[str]:
    return [key for key, reasons in judge(subscription, *others, rights=rights).items() if not reasons]


@pytest.mark.parametrize("path", CATALOGUE.paths, ids=lambda path: f"{path.source_key}->{path.target_key}")
def test_each_path_of_the_table_is_permitted_when_nothing_stands_against_it(path: object) -> None:
    (source, target) = (path.source_key, path.target_key)  # type: ignore[attr-defined]
    assert target in permitted(held(source))


@pytest.mark.parametrize("key", [PREMIUM, E1, E3, E5, "power-bi-pro", f"{STANDARD}-india", None])
def test_a_product_without_a_row_has_no_options(key: str | None) -> None:
    assert judge(held(key)) == {}


def test_only_the_doubtful_cell_carries_the_flag_and_stays_permitted() -> None:
    options = evaluate(catalogue=CATALOGUE, subscription=held(APPS), held=(), rights=ALL_RIGHTS)
    assert [each.target.key for each in options if each.flag] == [PREMIUM]
    assert all(each.permitted for each in options)


@pytest.mark.parametrize("status", ["suspended", "deleted", "pending", "expired", "disabled", "none", "hibernating"])
def test_condition_1_anything_but_active_refuses_every_target_and_says_the_status(status: str) -> None:
    assert set(judge(held(BASIC, status=status)).values()) == {(NotActive(status=status),)}


def test_condition_2_without_delegated_rights_every_target_names_what_is_missing() -> None:
    reasons = judge(held(BASIC), rights=NO_RIGHTS)
    assert reasons[E1] == (DelegatedRightsMissing(families=("exchange", "sharepoint", "onedrive", "teams")),)
    assert reasons[STANDARD] == (
        DelegatedRightsMissing(families=("office_apps", "exchange", "sharepoint", "onedrive", "teams")),
    )


def test_condition_2_is_judged_per_service_family() -> None:
    """Rights for the services of Business Basic carry it to E1, and not to what has Office apps."""
    some = DelegatedRights(delegated=frozenset({"exchange", "sharepoint", "onedrive", "teams"}))
    reasons = judge(held(BASIC), rights=some)
    assert reasons[E1] == ()
    assert reasons[STANDARD] == (DelegatedRightsMissing(families=("office_apps",)),)
    assert reasons[E3] == (DelegatedRightsMissing(families=("office_apps", "rights_management", "defender_office")),)


def test_condition_2_needs_rights_for_the_source_too() -> None:
    """The licences are taken from the source: rights for what the target adds alone do not suffice."""
    assert judge(held(APPS), rights=DelegatedRights(delegated=frozenset({"office_apps_enterprise"})))[
        ENTERPRISE_APPS
    ] == (DelegatedRightsMissing(families=("office_apps", "onedrive")),)


def test_a_right_to_a_family_covers_its_higher_edition() -> None:
    rights = DelegatedRights(delegated=frozenset({"office_apps", "onedrive"}))
    assert permitted(held(APPS), rights=rights) == [ENTERPRISE_APPS]


def test_granular_rights_count_only_where_delegated_rights_exist() -> None:
    """No family is named twice: what is not delegated at all is condition 2, not a missing role."""
    rights = DelegatedRights(delegated=frozenset({"exchange", "sharepoint"}), granular=frozenset({"exchange"}))
    assert judge(held(BASIC), rights=rights)[E1] == (
        DelegatedRightsMissing(families=("onedrive", "teams")),
        GranularRightsMissing(families=("sharepoint",)),
    )
    assert judge(held(BASIC), rights=DelegatedRights(granular=frozenset()))[E1] == (
        GranularRightsMissing(families=("exchange", "sharepoint", "onedrive", "teams")),
    )


@pytest.mark.parametrize("sold_by", [SoldBy.US, SoldBy.PARTNER, SoldBy.DIRECT])
def test_condition_3_names_the_subscription_in_the_way_whoever_sold_it(sold_by: SoldBy) -> None:
    phone = held("microsoft-teams-phone-standard", sold_by=sold_by)
    reasons = judge(held(BASIC), phone)
    assert reasons[E5] == (ServicesAlreadyHeld(families=("telephony",), blocking=phone),)
    assert [key for key, found in reasons.items() if not found] == [STANDARD, E1, E3]


def test_a_customer_with_apps_for_enterprise_cannot_take_business_basic_to_what_has_office_apps() -> None:
    apps = held(ENTERPRISE_APPS, sold_by=SoldBy.PARTNER)
    reasons = judge(held(BASIC), apps)
    assert reasons[E1] == ()
    assert reasons[STANDARD] == (ServicesAlreadyHeld(families=("office_apps",), blocking=apps),)
    assert reasons[E3] == (ServicesAlreadyHeld(families=("office_apps_enterprise",), blocking=apps),)


def test_the_lower_edition_that_the_source_has_is_no_addition() -> None:
    """Exchange Plan 1 is in Business Basic already; E3 adds Plan 2 only, which Plan 1 does not contain."""
    assert permitted(held(BASIC), held("exchange-online-plan-1")) == [STANDARD, E1, E3, E5]


def test_the_higher_edition_elsewhere_stands_in_the_way_of_getting_it_again() -> None:
    mail = held("exchange-online-plan-2")
    assert permitted(held(BASIC), mail) == [STANDARD, E1]
    assert judge(held(BASIC), mail)[E3] == (ServicesAlreadyHeld(families=("exchange_plan_2",), blocking=mail),)


def test_any_edition_elsewhere_stands_in_the_way_of_a_family_that_is_new_altogether() -> None:
    """Apps for business has no Exchange: whoever holds some Exchange elsewhere already has part of what E3 adds."""
    mail = held("exchange-online-plan-1")
    assert judge(held(APPS), mail)[E3] == (ServicesAlreadyHeld(families=("exchange",), blocking=mail),)
    assert permitted(held(APPS), mail) == [ENTERPRISE_APPS]


def test_nothing_blocks_business_basic_to_e1_but_e1_itself() -> None:
    """It adds no core family, so condition 3 cannot fail (facts/partner-center.md, 5)."""
    everything = [held(key) for key in CATALOGUE.offers if key != E1]
    assert judge(held(BASIC), *everything)[E1] == ()
    e1 = held(E1, sold_by=SoldBy.DIRECT)
    assert judge(held(BASIC), e1)[E1] == (TargetAlreadyHeld(blocking=e1),)


def test_condition_4_is_reported_beside_condition_3_where_both_fail() -> None:
    """Every reason that holds is reported: who holds E3 holds its services too."""
    e3 = held(E3, sold_by=SoldBy.DIRECT)
    reasons = judge(held(STANDARD), e3)
    families = (
        "office_apps_enterprise",
        "exchange_plan_2",
        "sharepoint_plan_2",
        "rights_management",
        "defender_office",
    )
    assert reasons[E3] == (ServicesAlreadyHeld(families=families, blocking=e3), TargetAlreadyHeld(blocking=e3))
    assert reasons[E5] == (ServicesAlreadyHeld(families=families, blocking=e3),)


def test_each_subscription_in_the_way_is_named() -> None:
    one, two = held(E3), held(E3, sold_by=SoldBy.PARTNER)
    found = [each.blocking for each in judge(held(STANDARD), one, two)[E3] if isinstance(each, TargetAlreadyHeld)]
    assert found == [one, two]


def test_a_twin_holds_nothing_that_is_new() -> None:
    one, two = held(BASIC), held(BASIC)
    assert permitted(one, two) == permitted(two, one) == [STANDARD, E1, E3, E5]


def test_once_one_twin_is_upgraded_the_other_cannot_follow_to_the_same_target() -> None:
    """Condition 4, taken literally: the customer then has the subscription it would be upgraded to."""
    upgraded = held(STANDARD)
    assert TargetAlreadyHeld(blocking=upgraded) in judge(held(BASIC), upgraded)[STANDARD]


def test_a_subscription_never_stands_in_its_own_way() -> None:
    alone = held(BASIC)
    assert evaluate(catalogue=CATALOGUE, subscription=alone, held=(alone, alone), rights=ALL_RIGHTS) == evaluate(
        catalogue=CATALOGUE, subscription=alone, held=(), rights=ALL_RIGHTS
    )


@pytest.mark.parametrize("status", ["active", "suspended", "pending", "expired", "disabled", "none", "hibernating"])
def test_every_status_but_deleted_counts_against_an_upgrade(status: str) -> None:
    assert E3 not in permitted(held(STANDARD), held(E3, status=status))


def test_a_cancelled_subscription_does_not_count() -> None:
    assert permitted(held(STANDARD), held(E3, status="deleted")) == [E3, E5]


def test_business_standard_stands_in_the_way_of_business_standard_india() -> None:
    """Other offer, same services: condition 3, not condition 4."""
    standard = held(STANDARD)
    reasons = judge(held(f"{BASIC}-india"), standard)[f"{STANDARD}-india"]
    assert reasons == (ServicesAlreadyHeld(families=("office_apps",), blocking=standard),)


def test_what_the_catalogue_does_not_know_stands_in_nobodys_way() -> None:
    assert permitted(held(BASIC), held(None)) == [STANDARD, E1, E3, E5]


def test_shared_fillers_are_no_conflict() -> None:
    """Power BI Pro carries Exchange Foundation, as Business Premium does (facts/partner-center.md, 5)."""
    assert PREMIUM in permitted(held(APPS), held("power-bi-pro"))


def test_the_services_other_reasons_stand_after_the_four_conditions_and_all_are_reported() -> None:
    worst = held(BASIC, status="suspended", provisioned=False, has_add_ons=True, operation_pending=True)
    e1 = held(E1)
    reasons = judge(worst, e1, rights=DelegatedRights(delegated=frozenset({"teams"}), granular=frozenset()))[E1]
    assert reasons == (
        NotActive(status="suspended"),
        DelegatedRightsMissing(families=("exchange", "sharepoint", "onedrive")),
        TargetAlreadyHeld(blocking=e1),
        OperationPending(),
        AddOnsPresent(),
        NotProvisioned(),
        GranularRightsMissing(families=("teams",)),
    )


def test_the_state_of_other_subscriptions_is_not_that_of_this_one() -> None:
    other = held("power-bi-pro", provisioned=False, has_add_ons=True, operation_pending=True)
    assert permitted(held(BASIC), other) == [STANDARD, E1, E3]


def test_options_come_in_the_tables_order() -> None:
    catalogue: Catalogue = CATALOGUE
    options: tuple[Option, ...] = evaluate(catalogue=catalogue, subscription=held(BASIC), held=(), rights=ALL_RIGHTS)
    assert [each.target.key for each in options] == [STANDARD, E1, E3, E5]
