"""Conditions 3 and 4: what the customer holds already, and what of it stands in the way (docs/decisions/0011)."""

import pytest

from bot.domain.customers import SoldBy
from bot.eligibility.reasons import ALL_RIGHTS, ServicesAlreadyHeld, TargetAlreadyHeld
from bot.eligibility.rules import evaluate
from tests.bot.eligibility.judging import (
    APPS,
    BASIC,
    CATALOGUE,
    E1,
    E3,
    E5,
    ENTERPRISE_APPS,
    PREMIUM,
    STANDARD,
    held,
    judge,
    permitted,
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
