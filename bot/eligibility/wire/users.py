"""Users of a customer and their licences on the wire (facts/partner-center.md, 6)."""

from pydantic import Field

from bot.eligibility.wire.base import Attributes, EnumText, Links, Many, WireModel
from bot.eligibility.wire.subscriptions import ProductSku, ServicePlanState


class AssignedLicense(WireModel):
    """A licence of a user as Microsoft Graph writes it: the sku's id, and the ids of the plans switched off in it."""

    sku_id: str
    disabled_plans: Many[str] = Field(default_factory=list)


class CustomerUser(WireModel):
    """A user of a customer.

    OURS, optional: `assigned_licenses`, so that one paged read tells who would get switched-off services back.
    """

    id: str
    user_principal_name: str = ""
    first_name: str | None = None
    last_name: str | None = None
    display_name: str = ""
    usage_location: str | None = None
    user_domain_type: EnumText | None = None
    state: EnumText | None = None
    last_directory_sync_time: str | None = None
    soft_deletion_time: str | None = None
    assigned_licenses: list[AssignedLicense] | None = None
    links: Links | None = None
    attributes: Attributes | None = None


class License(WireModel):
    """A licence of one user. Plans switched off in it have `capabilityStatus` `Disabled`."""

    service_plans: Many[ServicePlanState] = Field(default_factory=list)
    product_sku: ProductSku
    attributes: Attributes | None = None
