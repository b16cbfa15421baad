"""The eligibility service did not give a usable answer."""

from bot.domain.errors.base import UpgradeDeskError


class ServiceTrouble(UpgradeDeskError):
    """The eligibility service did not give a usable answer. `correlation_id` names the call in its own records."""

    code = "service_trouble"

    def __init__(self, *, correlation_id: str | None = None, status: int | None = None, **params: object) -> None:
        super().__init__(**params)
        self.correlation_id = correlation_id
        self.status = status


class ServiceUnreachable(ServiceTrouble):
    """No connection: a write that met this did not arrive."""

    code = "service_unreachable"


class ServiceTimeout(ServiceTrouble):
    """A read took too long."""

    code = "service_timeout"


class ServiceNonsense(ServiceTrouble):
    """The answer of a read could not be understood."""

    code = "service_nonsense"


class ServiceDenied(ServiceTrouble):
    """401 or 403: the service does not let us."""

    code = "service_denied"


class ServiceThrottled(ServiceTrouble):
    """429: not done, to be tried again after `retry_after` seconds."""

    code = "service_throttled"

    def __init__(self, *, retry_after: float, correlation_id: str | None = None) -> None:
        super().__init__(correlation_id=correlation_id, status=429)
        self.retry_after = retry_after


class ServiceRejected(ServiceTrouble):
    """A 4xx with the service's own code and words: it proves that nothing was done."""

    code = "service_rejected"

    def __init__(self, *, status: int, fault_code: str, fault_text: str, correlation_id: str | None = None) -> None:
        super().__init__(correlation_id=correlation_id, status=status, fault_code=fault_code, fault_text=fault_text)
        self.fault_code = fault_code
        self.fault_text = fault_text


class OutcomeUnknown(ServiceTrouble):
    """A write was sent and no proof of its outcome came back. Never retried (design.md, rule 2)."""

    code = "outcome_unknown"
