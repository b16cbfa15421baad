"""The service's own audit records on the wire (facts/partner-center.md, 10)."""

from pydantic import Field

from bot.eligibility.wire.base import Attributes, EnumText, Many, WireModel


class CustomData(WireModel):
    """A named detail, such as `SubscriptionId-0`."""

    key: str
    value: str | None = None


class AuditRecord(WireModel):
    """What the service did. `original_correlation_id` is the call's `MS-CorrelationId`: by it an order is found again.

    `resource_old_value` and `resource_new_value` are JSON as text.
    """

    id: str
    partner_id: str | None = None
    customer_id: str | None = None
    customer_name: str | None = None
    user_principal_name: str | None = None
    application_id: str | None = None
    resource_type: EnumText | None = None
    resource_old_value: str | None = None
    resource_new_value: str | None = None
    operation_type: EnumText | None = None
    original_correlation_id: str | None = None
    operation_date: str | None = None
    operation_status: EnumText | None = None
    customized_data: Many[CustomData] = Field(default_factory=list)
    attributes: Attributes | None = None
