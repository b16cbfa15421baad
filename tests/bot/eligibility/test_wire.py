from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.eligibility.wire import (
    Collection,
    Customer,
    CustomerUser,
    Fault,
    License,
    SubscribedSku,
    Subscription,
    Upgrade,
    UpgradeError,
    UpgradeErrorCode,
    UpgradeResult,
    UserLicenseError,
    WireModel,
    collection,
)

WIRE = Path(__file__).parents[4] / "shared" / "wire" / "partner_center"


def _body(name: str) -> bytes:
    return (WIRE / name).read_bytes()


def test_upgrades_of_the_documentation_are_read() -> None:
    upgrades = Collection[Upgrade].model_validate_json(_body("01_upgrades_legacy_2.response.json"))
    (upgrade,) = upgrades.items
    assert (upgrade.upgrade_type, upgrade.is_eligible, upgrade.quantity) == ("upgrade_only", False, 1)
    assert upgrade.target_offer.maximum_quantity == 10_000_000
    assert upgrade.target_offer.product is not None
    assert upgrade.target_offer.product.id == "18181a46-0d4e-45cd-891e-60aabd171b4e"
    assert upgrade.upgrade_errors[0].known is UpgradeErrorCode.SUBSCRIPTION_STATUS_NOT_ACTIVE


def test_subscriptions_of_the_documentation_are_read() -> None:
    one = Subscription.model_validate_json(_body("03_get_subscription_2.response.json"))
    assert (one.status, one.offer_id, one.ends_on) == ("active", "MS-AZR-0145P", date(9999, 12, 10))
    assert one.etag is not None
    listed = Collection[Subscription].model_validate_json(_body("03b_list_subscriptions_2.response.json"))
    assert (listed.total_count, listed.items[0].ends_on) == (37, date(2016, 12, 12))


def test_pascal_case_is_read_as_camel_case_is() -> None:
    asked = Subscription.model_validate_json(_body("03c_patch_quantity_1.request.json"))
    answered = Subscription.model_validate_json(_body("03c_patch_quantity_3.response.json"))
    assert asked.quantity == answered.quantity == 2
    assert asked.auto_renew_enabled is False
    assert asked.etag == answered.etag == "<etag>"
    assert answered.links is not None
    assert answered.links.offer is not None
    assert answered.links.offer.uri.startswith("/v1/offers/")


def test_customers_of_the_documentation_are_read() -> None:
    page = Collection[Customer].model_validate_json(_body("04_list_customers_3.response.json"))
    assert [each.allow_delegated_access for each in page.items] == [None, None]
    assert page.links is not None
    assert page.links.next is None
    one = Customer.model_validate_json(_body("04c_get_customer_2.response.json"))
    assert one.allow_delegated_access is True
    assert one.company_profile.company_name == "1kl as kjk"


def test_subscribed_skus_of_the_documentation_are_read() -> None:
    skus = Collection[SubscribedSku].model_validate_json(_body("06e_subscribedskus_2.response.json"))
    assert [each.product_sku.sku_part_number for each in skus.items] == ["EMS", "POWER_BI_PRO"]
    assert skus.items[0].service_plans[0].service_name == "RMS_S_PREMIUM"


def test_the_three_shapes_of_errors_are_read() -> None:
    """facts/partner-center.md, 4 and 7."""
    usual = Fault.model_validate_json(_body("03c_patch_quantity_5.response.json"))
    assert (usual.number, usual.words) == (800090, "Subscription quantity cannot be decreased.")
    throttled = Fault.model_validate_json(b'{"statusCode": 429, "message": "Rate limit is exceeded."}')
    assert (throttled.number, throttled.words) == (429, "Rate limit is exceeded.")
    other = Fault.model_validate_json(b'{"code": "600074", "message": "m", "errorName": "AccountStatusNotFound"}')
    assert (other.number, other.error_name) == (600074, "AccountStatusNotFound")
    assert Fault.model_validate_json(b'{"code": "Forbidden", "data": null}').number is None


@pytest.mark.parametrize("code", UpgradeErrorCode)
def test_a_code_is_known_as_number_text_and_word(code: UpgradeErrorCode) -> None:
    pascal = code.word.replace("_", " ").title().replace(" ", "")
    for written in (code.value, str(code.value), code.word, f"{code.word} ", pascal):
        assert UpgradeError(code=written).known is code


@pytest.mark.parametrize("code", [99, -1, "12", "brand_new", ""])
def test_an_unknown_code_stays_as_it_came(code: int | str) -> None:
    error = UpgradeError.model_validate({"Code": code, "Description": "words"})
    assert error.known is None
    assert error.code == code
    assert UpgradeError.model_validate_json(error.to_json()) == error


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1", "upgrade_only"),
        ('"1"', "upgrade_only"),
        ("2", "upgrade_with_license_transfer"),
        ('"Upgrade_Only "', "upgrade_only"),
        ("null", "none"),
        ('"sideways"', "sideways"),
        ("7", "7"),
    ],
)
def test_an_upgrade_type_is_number_or_text_known_or_not(written: str, read: str) -> None:
    body = f'{{"targetOffer": {{"id": "x"}}, "upgradeType": {written}}}'
    assert Upgrade.model_validate_json(body).upgrade_type == read


def test_an_unknown_status_does_not_stop_the_reading() -> None:
    assert (
        Subscription.model_validate_json(b'{"id": "1", "quantity": "3", "status": "Hibernating "}').status
        == "hibernating"
    )


def test_what_we_do_not_know_of_a_subscription_goes_back_as_it_came() -> None:
    """facts/partner-center.md, 3: a PATCH resets what its body leaves out."""
    body = b'{"id":"1","quantity":3,"status":"active","autoRenewEnabled":true,"futureField":{"a":[1]}}'
    read = Subscription.model_validate_json(body)
    changed = read.model_copy(update={"quantity": 4})
    assert changed.to_json() == body.replace(b":3,", b":4,")


def test_an_exactly_spelt_key_wins_over_its_variant() -> None:
    read = Subscription.model_validate_json(b'{"id": "1", "QUANTITY": 9, "quantity": 3, "Status": "active"}')
    assert read.quantity == 3


def test_a_date_that_cannot_be_read_is_no_date() -> None:
    for text in ("2016-13-45T00:00:00Z", "soon", ""):
        assert Subscription(id="1", quantity=1, status="active", commitment_end_date=text).ends_on is None


def test_lists_that_come_as_null_are_empty() -> None:
    result = UpgradeResult.model_validate_json(b'{"upgradeErrors": null, "licenseErrors": null}')
    assert result.upgrade_errors == []
    assert result.license_errors == []


def test_a_result_with_accounts_that_need_work_survives_the_way() -> None:
    body = (
        b'{"licenseErrors": [{"userObjectId": "u", "name": "N", "email": "n@x.example",'
        b' "errors": [{"code": 60000, "description": "d", "data": ["Teams"]}], "services": ["Teams"]}]}'
    )
    (error,) = UpgradeResult.model_validate_json(body).license_errors
    assert error.errors[0].code == "60000"
    assert UserLicenseError.model_validate_json(error.to_json()) == error


def test_our_own_fields_are_left_out_when_there_is_nothing_to_say() -> None:
    sent = UpgradeError(code=2, description="d").to_json()
    assert sent == b'{"code":2,"description":"d","attributes":{"objectType":"UpgradeError"}}'


def test_users_carry_their_switched_off_plans_if_the_service_tells_them() -> None:
    told = CustomerUser.model_validate_json(
        b'{"id": "u", "assignedLicenses": [{"skuId": "s", "disabledPlans": ["p"]}], "State": "Active"}'
    )
    assert told.assigned_licenses is not None
    assert told.assigned_licenses[0].disabled_plans == ["p"]
    assert CustomerUser.model_validate_json(b'{"id": "u"}').assigned_licenses is None


def test_a_page_that_we_send_counts_its_items() -> None:
    page = collection([Customer(id="c")], token="t")
    assert page.to_json() == (
        b'{"totalCount":1,"items":[{"id":"c","companyProfile":{"domain":"","companyName":""},"customDomains":[]}],'
        b'"continuationToken":"t","attributes":{"objectType":"Collection"}}'
    )


MODELS = (Subscription, Customer, Upgrade, UpgradeResult, UpgradeError, SubscribedSku, CustomerUser, License, Fault)


@pytest.mark.parametrize("model", MODELS)
@given(seed=st.randoms(use_true_random=False))
def test_keys_are_read_in_any_case(model: type[WireModel], seed: object) -> None:
    """facts/partner-center.md: parse and accept case-insensitively."""
    rnd = seed
    keys = [field.alias for field in model.model_fields.values() if field.alias]
    spelt = {"".join(c.upper() if rnd.random() < 0.5 else c.lower() for c in key): key for key in keys}  # type: ignore[attr-defined]
    assert model._any_case(dict.fromkeys(spelt, 1)) == dict.fromkeys(keys, 1)  # noqa: SLF001  # the hook itself
