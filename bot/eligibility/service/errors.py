"""Every refusal of the service, in Partner Center's shape and codes (facts/partner-center.md, 3, 4 and 7).

ServiceFault
├── BadRequest           400: InvalidInput, InvalidProperty, and the refusals of changes below
├── AccessDenied         401
├── NotFound             404: UnknownPath, CustomerUnknown, SubscriptionUnknown, UserUnknown
├── MethodNotAllowed     405
├── TooSlow              408
├── Conflicting          409: NotReady, PendingOperation, RequestIdReused
└── Broken               500: UnexpectedFault, TryLater
"""

from collections.abc import Mapping
from typing import ClassVar

from bot.eligibility.wire import Fault

SOURCE = "UpgradeDesk"


class ServiceFault(Exception):
    """Base. `data` are further details; `headers` go out with the answer."""

    status: ClassVar[int] = 500
    code: ClassVar[int] = 800003
    description: ClassVar[str] = "Unexpected service error."

    def __init__(
        self, description: str | None = None, *, data: list[str] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(description or self.description)
        self.data = data or []
        self.headers = dict(headers or {})

    def body(self) -> bytes:
        """The body of the answer."""
        return Fault(code=self.code, description=str(self)[:1024], data=self.data, source=SOURCE).to_json()


class BadRequest(ServiceFault):
    """The request cannot be carried out as it is."""

    status, code, description = 400, 800002, "Invalid input."


class InvalidInput(BadRequest):
    """Something in the request cannot be read."""


class InvalidProperty(BadRequest):
    """A property has a value that cannot be."""

    code, description = 3000, "Invalid property."


class StaleEtag(BadRequest):
    """The subscription was changed since the ETag was read."""

    code, description = 2055, "Etag is no longer valid."


class QuantityOutOfRange(BadRequest):
    """Outside the minimum and maximum of the offer."""

    code, description = 2002, "The quantity is outside the range of the offer."


class QuantityDecreased(BadRequest):
    """Seats are never taken away here."""

    code, description = 800090, "Subscription quantity cannot be decreased."


class SubscriptionSuspended(BadRequest):
    """No change of seats while suspended."""

    code, description = 2001, "The quantity cannot be changed while the subscription is suspended."


class SubscriptionDeleted(BadRequest):
    """No change of a cancelled subscription."""

    code, description = 2011, "The subscription is deleted."


class SubscriptionNotActive(BadRequest):
    """No change of a subscription that is not active."""

    code, description = 800012, "The subscription is not active."


class StatusNotChangeable(BadRequest):
    """The status is not changed here."""

    code, description = 800096, "The status of the subscription cannot be updated."


class BillingCycleNotChangeable(BadRequest):
    """The billing cycle is not changed here."""

    code, description = 2054, "The billing cycle cannot be changed here."


class AccessDenied(ServiceFault):
    """No token, or a wrong one."""

    status, code, description = 401, 400, "Access denied."

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer realm="upgrade-desk eligibility"'})


class NotFound(ServiceFault):
    """It is not there."""

    status, code, description = 404, 1000, "Not found."


class UnknownPath(NotFound):
    """There is nothing at this path."""


class CustomerUnknown(NotFound):
    """No customer of this tenant id."""

    code, description = 60003, "The tenant was not found."


class SubscriptionUnknown(NotFound):
    """The customer has no subscription of this id that was sold by us."""

    code, description = 20003, "The subscription was not found."


class UserUnknown(NotFound):
    """The customer has no user of this id."""

    code, description = 60002, "The user was not found."


class MethodNotAllowed(ServiceFault):
    """The path has no such method; `Allow` says which it has."""

    status, code, description = 405, 1000, "The method is not allowed."


class TooSlow(ServiceFault):
    """The request's body did not arrive in time."""

    status, code, description = 408, 800002, "The request did not arrive in time."


class Conflicting(ServiceFault):
    """Not now."""

    status, code, description = 409, 800082, "The subscription is not ready to be updated."


class NotReady(Conflicting):
    """The subscription is not fully provisioned."""


class PendingOperation(Conflicting):
    """Another operation is running on the subscription."""

    code, description = 900278, "Another operation is pending on the subscription."


class RequestIdReused(Conflicting):
    """The `MS-RequestId` has already carried out another request."""

    code, description = 3000, "The MS-RequestId was used for a different request, which was carried out."


class Broken(ServiceFault):
    """Ours to mend."""


class TryLater(Broken):
    """The book's database is too busy or away."""

    code, description = 900192, "The service is busy. Try again later."
