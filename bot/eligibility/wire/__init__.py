"""Partner Center's contract, as far as we speak it: all that service and client share.

`Model.model_validate_json(body)` reads, `model.to_json()` writes. Fields of our own are marked OURS.
"""

from bot.eligibility.wire.audit import AuditRecord, CustomData
from bot.eligibility.wire.base import Attributes, Collection, Header, Link, Links, WireModel, collection, typed
from bot.eligibility.wire.customers import BillingProfile, CompanyProfile, Customer
from bot.eligibility.wire.faults import Fault
from bot.eligibility.wire.subscriptions import (
    ProductSku,
    RefundableQuantity,
    RefundWindow,
    ServicePlanState,
    SubscribedSku,
    Subscription,
)
from bot.eligibility.wire.upgrades import (
    UPGRADE_TYPES,
    ApiFault,
    BlockingSubscription,
    OfferProduct,
    TargetOffer,
    Upgrade,
    UpgradeError,
    UpgradeErrorCode,
    UpgradeResult,
    UserLicenseError,
)
from bot.eligibility.wire.users import AssignedLicense, CustomerUser, License

__all__ = [
    "UPGRADE_TYPES",
    "ApiFault",
    "AssignedLicense",
    "Attributes",
    "AuditRecord",
    "BillingProfile",
    "BlockingSubscription",
    "Collection",
    "CompanyProfile",
    "CustomData",
    "Customer",
    "CustomerUser",
    "Fault",
    "Header",
    "License",
    "Link",
    "Links",
    "OfferProduct",
    "ProductSku",
    "RefundWindow",
    "RefundableQuantity",
    "ServicePlanState",
    "SubscribedSku",
    "Subscription",
    "TargetOffer",
    "Upgrade",
    "UpgradeError",
    "UpgradeErrorCode",
    "UpgradeResult",
    "UserLicenseError",
    "WireModel",
    "collection",
    "typed",
]
