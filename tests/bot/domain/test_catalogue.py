import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.catalogue import NO_LIMIT, Catalogue, load_default
from bot.domain.eligibility_terms import HelpTopic

WIRE = Path(__file__).parents[4] / "shared" / "wire" / "partner_center"

APPS, STANDARD, BASIC = (
    f"microsoft-365-{name}" for name in ("apps-for-business", "business-standard", "business-basic")
)
PREMIUM, ENTERPRISE_APPS = "microsoft-365-business-premium", "microsoft-365-apps-for-enterprise"
E1, E3, E5 = (f"office-365-enterprise-e{number}" for number in (1, 3, 5))
STANDARD_INDIA = f"{STANDARD}-india"

ARTICLE = {
    APPS: [PREMIUM, ENTERPRISE_APPS, E3, E5],
    STANDARD: [E3, E5],
    BASIC: [STANDARD, E1, E3, E5],
    f"{APPS}-india": [STANDARD_INDIA, ENTERPRISE_APPS, E3, E5],
    f"{BASIC}-india": [STANDARD_INDIA, E1, E3, E5],
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_default()


def _wire(name: str) -> Any:
    return json.loads((WIRE / name).read_text(encoding="utf-8"))


def test_the_table_is_the_articles_eighteen_paths_in_its_order(catalogue: Catalogue) -> None:
    """facts/upgrade-article.md, Supported upgrades, with the India rule (1)."""
    told: dict[str, list[str]] = {}
    for path in catalogue.paths:
        told.setdefault(path.source_key, []).append(path.target_key)
    assert told == ARTICLE
    assert len(catalogue.paths) == 18


def test_only_the_doubtful_cell_is_flagged_in_both_languages(catalogue: Catalogue) -> None:
    flagged = [path for path in catalogue.paths if path.flagged]
    assert [(path.source_key, path.target_key) for path in flagged] == [(APPS, PREMIUM)]
    note = flagged[0].flag_note
    assert note is not None
    assert "Business Standard" in note.en
    assert "Business Standard" in note.de


def test_ids_names_and_former_names_are_those_of_the_facts(catalogue: Catalogue) -> None:
    for row in _wire("offer_ids.json"):
        offer = catalogue.by_offer_id(row["legacyOfferId"].swapcase())
        assert offer is not None
        assert (offer.name.en, offer.entra_sku_id, offer.sku_part_number, offer.invented_ids) == (
            row["name"],
            row["entraSkuId"],
            row["skuPartNumber"],
            False,
        )
        assert row["oldName"] is None or row["oldName"] in offer.former_names
        assert catalogue.by_sku(row["entraSkuId"].upper()) is offer


def test_keys_are_the_english_names_in_kebab_case(catalogue: Catalogue) -> None:
    """design.md, Interfaces that are fixed."""
    for source, targets in ARTICLE.items():
        for key in (source, *targets):
            assert key == catalogue.offers[key].name.en.lower().replace(" ", "-")


def test_the_plans_of_an_offer_are_microsofts_as_far_as_the_catalogue_knows_plans(catalogue: Catalogue) -> None:
    """wire/partner_center/sku_service_plans.json: so are the families, which come from the plans."""
    for part_number, sku in _wire("sku_service_plans.json").items():
        offer = catalogue.by_any(part_number)
        assert offer is not None
        plans = {each["servicePlanName"]: each["servicePlanId"] for each in sku["servicePlans"]}
        assert {each.key: each.plan_id for each in offer.plans} == {
            key: plan_id for key, plan_id in plans.items() if key in catalogue.plans
        }


def test_added_families_are_those_of_the_added_plans_unless_the_source_has_them(catalogue: Catalogue) -> None:
    """wire/partner_center/upgrade_service_deltas.json; lower editions that the source has are no addition."""
    for delta in _wire("upgrade_service_deltas.json"):
        source, target = catalogue.by_any(delta["fromSkuPartNumber"]), catalogue.by_any(delta["toSkuPartNumber"])
        assert source is not None
        assert target is not None
        from_plans: set[str] = set()
        for each in delta["addedServicePlans"]:
            if (plan := catalogue.plan(each["servicePlanId"])) is not None:
                from_plans |= plan.families
        assert frozenset(from_plans) - source.families == target.families - source.families
        assert set(catalogue.added(source.key, target.key)) == set(catalogue.told(from_plans - source.families))


def test_core_plans_of_the_facts_give_families_and_fillers_give_none(catalogue: Catalogue) -> None:
    """facts/partner-center.md, 5: comparing fillers gives false conflicts."""
    for filler in ("SWAY", "YAMMER_ENTERPRISE", "EXCHANGE_S_FOUNDATION", "INTUNE_O365", "SHAREPOINTWAC"):
        assert catalogue.plans[filler].families == frozenset()
    for core in ("MCOEV", "MCOMEETADV", "BI_AZURE_P2", "RMS_S_ENTERPRISE", "ATP_ENTERPRISE", "LOCKBOX_ENTERPRISE"):
        assert catalogue.plans[core].families


def test_business_basic_to_e1_adds_nothing(catalogue: Catalogue) -> None:
    assert catalogue.added(BASIC, E1) == ()
    assert catalogue.lost(BASIC, E1) == ()


def test_no_path_of_the_table_loses_a_service(catalogue: Catalogue) -> None:
    assert [path for path in catalogue.paths if path.lost] == []
    assert catalogue.lost(E5, E3) == (
        "telephony",
        "audio_conferencing",
        "power_bi",
        "threat_intelligence",
        "customer_lockbox",
    )


def test_a_higher_edition_is_told_without_its_lower_one(catalogue: Catalogue) -> None:
    assert catalogue.added(APPS, E3)[:2] == ("office_apps_enterprise", "exchange_plan_2")
    assert catalogue.told({"exchange", "exchange_plan_2", "teams"}) == ("exchange_plan_2", "teams")
    assert catalogue.asked_for({"exchange", "exchange_plan_2", "teams"}) == ("exchange", "teams")
    assert catalogue.covered({"exchange", "no such family"}) == {"exchange", "exchange_plan_2"}


def test_business_offers_end_at_300_seats(catalogue: Catalogue) -> None:
    for offer in catalogue.offers.values():
        assert offer.seat_limit == (300 if "business" in offer.key else None)
        assert offer.seat_ceiling == (300 if "business" in offer.key else NO_LIMIT)


def test_india_offers_are_marked_as_invented_and_hold_what_their_sisters_hold(catalogue: Catalogue) -> None:
    for key in (APPS, BASIC, STANDARD):
        india = catalogue.offers[f"{key}-india"]
        assert india.invented_ids
        assert india.families == catalogue.offers[key].families


def test_short_names_fit_a_button_and_are_unique(catalogue: Catalogue) -> None:
    names = [each.short_name for each in catalogue.offers.values()]
    assert all(len(name) <= 24 for name in names)
    assert len({name.casefold() for name in names}) == len(names)


def test_part_number_office_365_business_premium_is_business_standard(catalogue: Catalogue) -> None:
    """facts/partner-center.md, 5: a trap."""
    offer = catalogue.by_any(" o365_business_premium ")
    assert offer is catalogue.offer(STANDARD)
    assert catalogue.by_any("Office 365 Business Premium") is None


def test_every_help_topic_has_a_link_per_language(catalogue: Catalogue) -> None:
    for topic in HelpTopic:
        assert "/en-us/" in catalogue.help_url(topic, "en-GB")
        assert "/de-de/" in catalogue.help_url(topic, "de-DE")
        assert "/en-us/" in catalogue.help_url(topic, "fr")


def test_a_family_that_another_service_names_is_shown_by_its_key(catalogue: Catalogue) -> None:
    assert catalogue.family_name("telephony", "de-DE") == "Telefonie"
    assert catalogue.family_name("copilot", "de-DE") == "copilot"
