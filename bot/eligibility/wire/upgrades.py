"""Upgrades on the wire (facts/partner-center.md, 1)."""

from enum import IntEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from bot.eligibility.wire.base import Attributes, EnumText, Links, Many, WireModel, typed

UPGRADE_TYPES = ("none", "upgrade_only", "upgrade_with_license_transfer")
"""`upgradeType` by its number. The documentation has the text in answers, the number in requests: both are read."""


class UpgradeErrorCode(IntEnum):
    """Why an upgrade is not eligible, by the service's number."""

    OTHER = 0
    DELEGATED_ADMIN_PERMISSIONS_DISABLED = 1
    SUBSCRIPTION_STATUS_NOT_ACTIVE = 2
    CONFLICTING_SERVICE_TYPES = 3
    CONCURRENCY_CONFLICTS = 4
    USER_CONTEXT_REQUIRED = 5
    SUBSCRIPTION_ADD_ONS_PRESENT = 6
    SUBSCRIPTION_DOES_NOT_HAVE_ANY_UPGRADE_PATHS = 7
    SUBSCRIPTION_TARGET_OFFER_NOT_FOUND = 8
    SUBSCRIPTION_NOT_PROVISIONED = 9
    OFFER_DOES_NOT_SUPPORT_BILLING_CYCLE = 10
    INSUFFICIENT_GRANULAR_ADMIN_PERMISSIONS = 11

    @property
    def word(self) -> str:
        """The text form of the documentation."""
        return self.name.lower()

    @classmethod
    def read(cls, code: int | str) -> "UpgradeErrorCode | None":
        """The code of a number, a number as text, or a word in snake or Pascal case; None for an unknown one."""
        return _BY_TEXT.get(str(code).strip().replace("_", "").casefold())


_BY_TEXT = {
    text: each for each in UpgradeErrorCode for text in (str(each.value), each.name.replace("_", "").casefold())
}


def _upgrade_type(value: object) -> object:
    if value is None:
        return UPGRADE_TYPES[0]
    text = str(value).strip()
    if isinstance(value, int | str) and not isinstance(value, bool) and text in {"0", "1", "2"}:
        return UPGRADE_TYPES[int(text)]
    return str(value) if isinstance(value, int) else value


UpgradeType = Annotated[EnumText, BeforeValidator(_upgrade_type, json_schema_input_type=int | str)]


class OfferProduct(WireModel):
    """The product of an offer. `id` is the Entra sku id."""

    id: str | None = None
    name: str | None = None
    unit: str | None = None


class TargetOffer(WireModel):
    """The offer that an upgrade leads to. The quantities bound the seats of one subscription."""

    id: str
    name: str = ""
    description: str | None = None
    minimum_quantity: int | None = None
    maximum_quantity: int | None = None
    rank: int | None = None
    uri: str | None = None
    locale: str | None = None
    country: str | None = None
    category: dict[str, Any] | None = None
    prerequisite_offers: list[Any] | None = None
    is_add_on: bool | None = None
    is_available_for_purchase: bool | None = None
    billing: EnumText | None = None
    is_auto_renewable: bool | None = None
    is_internal: bool | None = None
    conversion_target_offers: list[Any] | None = None
    partner_qualifications: list[str] | None = None
    product: OfferProduct | None = None
    unit_type: str | None = None
    links: Links | None = None
    attributes: Attributes | None = None


class BlockingSubscription(WireModel):
    """OURS, not Partner Center's: the subscription that stands in the way. `sold_by` is `us`, `partner` or `direct`."""

    id: str | None = None
    offer_name: str
    offer_key: str | None = None
    friendly_name: str | None = None
    sold_by: EnumText


class UpgradeError(WireModel):
    """One reason against an upgrade. `code` stays a number or a text, as it came.

    OURS, optional, where the contract has no field: `condition` (1 to 4, the article's), `service_families` (keys of
    the catalogue), `blocking_subscription`. Condition 4 has no code of its own in Partner Center: it is 3, as 3 is.
    """

    code: int | str
    description: str | None = None
    additional_details: str | None = None
    condition: int | None = None
    service_families: list[str] | None = None
    blocking_subscription: BlockingSubscription | None = None
    attributes: Attributes | None = Field(default_factory=lambda: typed("UpgradeError"))

    @property
    def known(self) -> UpgradeErrorCode | None:
        """The code, if it is one that we know."""
        return UpgradeErrorCode.read(self.code)


class Upgrade(WireModel):
    """One possible upgrade: the answer's item, and the body that orders it. `quantity` is the source's unless changed.

    OURS, optional: `catalogue_flag`, the catalogue's doubt about this cell of its table, in English;
    `partial_quantity_allowed`, whether fewer seats than the source has may be ordered, so that the others stay.
    """

    target_offer: TargetOffer
    upgrade_type: UpgradeType = "upgrade_with_license_transfer"
    is_eligible: bool = False
    quantity: int | None = None
    upgrade_errors: Many[UpgradeError] = Field(default_factory=list)
    catalogue_flag: str | None = None
    partial_quantity_allowed: bool | None = None
    attributes: Attributes | None = Field(default_factory=lambda: typed("Upgrade"))


class ApiFault(WireModel):
    """One fault inside a result."""

    code: str = Field(coerce_numbers_to_str=True)
    description: str | None = None
    data: list[Any] | None = None


class UserLicenseError(WireModel):
    """An account whose licences could not move cleanly. OURS, optional: `services`, the service plans' names."""

    user_object_id: str
    name: str | None = None
    email: str | None = None
    errors: Many[ApiFault] = Field(default_factory=list)
    services: list[str] | None = None
    attributes: Attributes | None = Field(default_factory=lambda: typed("UserLicenseError"))


class UpgradeResult(WireModel):
    """The outcome of an order. HTTP 200 alone is not success.

    With `upgrade_errors` nothing was done; with `license_errors` the upgrade is done and these accounts need work.
    """

    source_subscription_id: str | None = None
    target_subscription_id: str | None = None
    upgrade_type: UpgradeType | None = None
    upgrade_errors: Many[UpgradeError] = Field(default_factory=list)
    license_errors: Many[UserLicenseError] = Field(default_factory=list)
    attributes: Attributes | None = Field(default_factory=lambda: typed("UpgradeResult"))
