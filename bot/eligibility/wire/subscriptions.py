"""Subscriptions on the wire (facts/partner-center.md, 3)."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import ConfigDict, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from bot.eligibility.wire.base import Attributes, EnumText, Links, Many, WireModel

_DATE = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})")


class RefundWindow(WireModel):
    """Seats that can be given back until an instant, in text."""

    model_config = ConfigDict(extra="allow")

    quantity: int
    allowed_until_date_time: str | None = None


class RefundableQuantity(WireModel):
    """What can be given back in all, and each window (facts/partner-center.md, 3)."""

    model_config = ConfigDict(extra="allow")

    total_quantity: int | None = None
    details: Many[RefundWindow] = Field(default_factory=list)


def _or_none(value: object, read: ValidatorFunctionWrapHandler) -> object:
    """What only informs: in a shape that we do not know, it must not make the subscription unreadable."""
    try:
        return read(value)
    except ValidationError:
        return None


class Subscription(WireModel):
    """A subscription. Dates are text, as the wire writes them (the documentation's own examples hold malformed ones).

    A PATCH sends the whole resource, and what is left out is reset: the client sends back the very text that it read.
    """

    model_config = ConfigDict(extra="allow")

    id: str
    offer_id: str | None = None
    entitlement_id: str | None = None
    offer_name: str | None = None
    friendly_name: str | None = None
    quantity: int
    unit_type: str | None = None
    parent_subscription_id: str | None = None
    creation_date: str | None = None
    effective_start_date: str | None = None
    commitment_end_date: str | None = None
    status: EnumText
    auto_renew_enabled: bool | None = None
    billing_type: EnumText | None = None
    billing_cycle: EnumText | None = None
    term_duration: str | None = None
    has_purchasable_addons: bool | None = None
    is_trial: bool | None = None
    is_microsoft_product: bool | None = None
    partner_id: str | None = None
    suspension_reasons: list[str] | None = None
    contract_type: str | None = None
    scheduled_next_term_instructions: dict[str, Any] | None = None
    next_charge_instructions: dict[str, Any] | None = None
    refundable_quantity: Annotated[RefundableQuantity | None, WrapValidator(_or_none)] = None
    cancellation_allowed_until_date: Annotated[str | None, WrapValidator(_or_none)] = None
    order_id: str | None = None
    links: Links | None = None
    attributes: Attributes | None = None

    @property
    def etag(self) -> str | None:
        """The etag, where the service keeps one."""
        return None if self.attributes is None else self.attributes.etag

    @property
    def ends_on(self) -> date | None:
        """The last day of the term; None where the wire says none, or nothing that can be read."""
        if self.commitment_end_date is None or (found := _DATE.match(self.commitment_end_date)) is None:
            return None
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return None


class ProductSku(WireModel):
    """The product of a licence. `id` is the Entra sku id."""

    id: str
    name: str | None = None
    sku_part_number: str | None = None
    target_type: str | None = None
    license_group_id: EnumText | None = None


class ServicePlanState(WireModel):
    """A service plan of a tenant's sku or of a user's licence. `service_name` is Microsoft's name of the plan."""

    display_name: str | None = None
    service_name: str | None = None
    id: str
    capability_status: str | None = None
    target_type: str | None = None


class SubscribedSku(WireModel):
    """What a tenant has of one product, from whomever it was bought (facts/partner-center.md, 6)."""

    available_units: int = 0
    active_units: int = 0
    consumed_units: int = 0
    suspended_units: int = 0
    total_units: int = 0
    warning_units: int = 0
    product_sku: ProductSku
    service_plans: Many[ServicePlanState] = Field(default_factory=list)
    capability_status: str | None = None
    attributes: Attributes | None = None
