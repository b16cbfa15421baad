"""Conditions 1 and 2, the service's other reasons, and the table."""

from pathlib import Path

import pytest

from bot.domain.catalogue import Catalogue, parse_catalogue
from bot.eligibility.reasons import (
    ALL_RIGHTS,
    NO_RIGHTS,
    AddOnsPresent,
    DelegatedRights,
    DelegatedRightsMissing,
    GranularRightsMissing,
    NotActive,
    NotProvisioned,
    OperationPending,
    TargetAlreadyHeld,
)
from bot.eligibility.rules import Option, evaluate
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


def test_condition_2_needs_rights_for_what_a_path_loses_too() -> None:
    """No path of ours loses a service; an operator's catalogue may have one that does."""
    text = (Path(__file__).parents[3] / "bot" / "eligibility" / "catalogue.toml").read_text(encoding="utf-8")
    start = text.index("plans = [", text.index(f'key = "{E1}"'))
    text = f'{text[:start]}plans = ["TEAMS1"]{text[text.index("]", start) + 1 :]}'
    catalogue = parse_catalogue(text, source="own.toml")
    rights = DelegatedRights(delegated=frozenset({"teams"}))
    options = evaluate(catalogue=catalogue, subscription=held(BASIC), held=(), rights=rights)
    (to_e1,) = [each for each in options if each.target.key == E1]
    assert to_e1.reasons == (DelegatedRightsMissing(families=("exchange", "sharepoint", "onedrive")),)
