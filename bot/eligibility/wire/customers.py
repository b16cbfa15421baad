"""Customers on the wire (facts/partner-center.md, 4)."""

from typing import Any

from pydantic import Field

from bot.eligibility.wire.base import Attributes, EnumText, Links, Many, WireModel


class CompanyProfile(WireModel):
    """A company's names. `address` holds `country` (two letters) and is left out of lists."""

    tenant_id: str | None = None
    domain: str = ""
    company_name: str = ""
    address: dict[str, Any] | None = None
    email: str | None = None
    links: Links | None = None
    attributes: Attributes | None = None


class BillingProfile(WireModel):
    """To whom and in which language a customer is billed; with one customer only, never in lists."""

    culture: str | None = None
    language: str | None = None
    attributes: Attributes | None = None


class Customer(WireModel):
    """A customer; `id` is the tenant id. `allow_delegated_access` comes with one customer only, never in lists."""

    id: str
    commerce_id: str | None = None
    company_profile: CompanyProfile = Field(default_factory=CompanyProfile)
    billing_profile: BillingProfile | None = None
    relationship_to_partner: EnumText | None = None
    allow_delegated_access: bool | None = None
    custom_domains: Many[str] = Field(default_factory=list)
    associated_partner_id: str | None = None
    links: Links | None = None
    attributes: Attributes | None = None
