"""Records of the book as resources of the contract."""

import base64
import json
from typing import Any

from bot.domain.catalogue import Catalogue, Offer, ServicePlan
from bot.eligibility import wire
from storage.book.records import AuditRecordRow, CustomerRecord, SubscriptionRecord, UserRecord

EMBEDDED_PARTNER = "00000000-0000-4000-8000-0000000000e1"
"""The partner id in audit records: the embedded service serves one partner, and the id is made up."""

_CUSTOMER = wire.typed("Customer")
_PROFILE = wire.typed("CustomerCompanyProfile")
_BILLING = wire.typed("CustomerBillingProfile")
_LANGUAGES = {"AT": "de", "CH": "de", "DE": "de", "LI": "de"}
"""The book names no language: bills are in German where German is the usual one, else in English."""
_USER = wire.typed("CustomerUser")
_LICENSE = wire.typed("License")


def listed_customer(record: CustomerRecord) -> wire.Customer:
    """A customer as lists have it: without delegated access and address."""
    profile = wire.CompanyProfile(
        tenant_id=record.id, domain=record.domain, company_name=record.name, attributes=_PROFILE
    )
    return wire.Customer(
        id=record.id, company_profile=profile, relationship_to_partner="reseller", attributes=_CUSTOMER
    )


def whole_customer(record: CustomerRecord) -> wire.Customer:
    """A customer as it is read alone. With rights for some services only, delegated access is true."""
    profile = wire.CompanyProfile(
        tenant_id=record.id,
        domain=record.domain,
        company_name=record.name,
        address={"country": record.country},
        attributes=_PROFILE,
    )
    return wire.Customer(
        id=record.id,
        company_profile=profile,
        billing_profile=wire.BillingProfile(language=_LANGUAGES.get(record.country, "en"), attributes=_BILLING),
        relationship_to_partner="reseller",
        allow_delegated_access=bool(record.delegated),
        custom_domains=[record.domain],
        links=wire.Links(self_=wire.Link(uri=f"/customers/{record.id}")),
        attributes=_CUSTOMER,
    )


def etag_of(record: SubscriptionRecord) -> str:
    """The ETag: base64 of id and version, as Partner Center's look (facts/partner-center.md, 3)."""
    raw = json.dumps({"id": record.id, "version": record.version}, separators=(",", ":"))
    return base64.b64encode(raw.encode()).decode()


def offer_name(record: SubscriptionRecord, catalogue: Catalogue) -> str:
    """The name to show: the book's, the catalogue's English one, or the bare id where neither knows better."""
    told = record.details.get("offerName")
    if told is not None:
        return str(told)
    offer = catalogue.by_offer_id(record.offer_id)
    return record.offer_id if offer is None else offer.name.en


def subscription(record: SubscriptionRecord, catalogue: Catalogue) -> wire.Subscription:
    """A subscription that was sold by us."""
    name = offer_name(record, catalogue)
    details = record.details
    reasons = details.get("suspensionReasons", ["partner"]) if record.status == "suspended" else None
    return wire.Subscription(
        id=record.id,
        offer_id=record.offer_id,
        entitlement_id=record.id,
        offer_name=name,
        friendly_name=details.get("friendlyName", name),
        quantity=record.quantity,
        unit_type="Licenses",
        creation_date=_instant(details.get("creationDate")),
        effective_start_date=_instant(details.get("creationDate")),
        commitment_end_date=_instant(details.get("commitmentEndDate")),
        status=record.status,
        auto_renew_enabled=details.get("autoRenew", True),
        billing_type="license",
        billing_cycle=details.get("billingCycle", "monthly"),
        has_purchasable_addons=False,
        is_trial=False,
        is_microsoft_product=True,
        contract_type="subscription",
        suspension_reasons=reasons,
        order_id=details.get("orderId"),
        term_duration=details.get("termDuration"),
        refundable_quantity=_refundable(details.get("refundable")),
        cancellation_allowed_until_date=_instant(details.get("cancellationAllowedUntilDate")),
        links=wire.Links(
            offer=wire.Link(uri=f"/offers/{record.offer_id}"),
            self_=wire.Link(uri=f"/customers/{record.customer_id}/subscriptions/{record.id}"),
        ),
        attributes=wire.Attributes(etag=etag_of(record), object_type="Subscription"),
    )


def _refundable(windows: list[dict[str, Any]] | None) -> wire.RefundableQuantity | None:
    if not windows:
        return None
    details = [wire.RefundWindow(quantity=each["quantity"], allowed_until_date_time=each["until"]) for each in windows]
    return wire.RefundableQuantity(total_quantity=sum(each.quantity for each in details), details=details)


def user(record: UserRecord, catalogue: Catalogue) -> wire.CustomerUser:
    """A user, with the licences (OURS) so that one paged read tells who has services switched off."""
    assigned = []
    for each in record.licences or ():
        offer = catalogue.by_offer_id(each.offer_id)
        sku = each.offer_id if offer is None else offer.entra_sku_id
        off = [plan.plan_id for key in each.disabled if (plan := catalogue.plan(key)) is not None]
        assigned.append(wire.AssignedLicense(sku_id=sku, disabled_plans=off))
    return wire.CustomerUser(
        id=record.id,
        user_principal_name=record.principal_name,
        display_name=record.display_name,
        user_domain_type="managed",
        state="active" if record.active else "inactive",
        assigned_licenses=None if record.licences is None else assigned,
        attributes=_USER,
    )


def licence(offer: Offer | None, offer_id: str, *, disabled: tuple[str, ...]) -> wire.License:
    """A licence of one user."""
    plans = () if offer is None else offer.plans
    return wire.License(
        service_plans=[plan_state(plan, on=plan.key not in disabled) for plan in plans],
        product_sku=product_sku(offer, offer_id),
        attributes=_LICENSE,
    )


def plan_state(plan: ServicePlan, *, on: bool) -> wire.ServicePlanState:
    """A service plan, on or off."""
    return wire.ServicePlanState(
        display_name=plan.name.en,
        service_name=plan.key,
        id=plan.plan_id,
        capability_status="Enabled" if on else "Disabled",
        target_type="User",
    )


def product_sku(offer: Offer | None, offer_id: str, *, name: str | None = None) -> wire.ProductSku:
    """The product of a licence; of an offer that the catalogue lacks no more is known than the book says."""
    if offer is None:
        return wire.ProductSku(id=offer_id, name=name, target_type="User", license_group_id="group1")
    return wire.ProductSku(
        id=offer.entra_sku_id,
        name=offer.name.en,
        sku_part_number=offer.sku_part_number,
        target_type="User",
        license_group_id="group1",
    )


def audit_record(row: AuditRecordRow) -> wire.AuditRecord:
    """An audit record."""
    return wire.AuditRecord(
        id=row.id,
        partner_id=EMBEDDED_PARTNER,
        customer_id=row.customer_id,
        customer_name=row.customer_name,
        application_id="upgrade-desk-eligibility",
        resource_type=row.resource_type,
        resource_old_value=row.old_value,
        resource_new_value=row.new_value,
        operation_type=row.operation,
        original_correlation_id=row.correlation_id,
        operation_date=row.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        operation_status="succeeded" if row.succeeded else "failed",
        customized_data=[wire.CustomData(key=key, value=value) for key, value in row.extra],
        attributes=wire.typed("AuditRecord"),
    )


def _instant(text: str | None) -> str | None:
    """Days of the book file as instants; what an upgrade wrote is one already."""
    return text if text is None or "T" in text else f"{text}T00:00:00Z"
