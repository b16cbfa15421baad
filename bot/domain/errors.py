"""Every error that a user may meet, once. The sentence stands in the locale catalogues, keyed by `code`.

UpgradeDeskError
├── Refused             somebody may not do this (authorisation, operation mode, foreign button)
├── Undetermined        it could not be found out whether they may; never worded as a refusal
├── NotThere            what was named or pressed is not there (any more)
│   ├── CustomerNotFound, SubscriptionGone, HandleUnknown, HandleTooOld, ChangeUnknown, ChannelClosed
├── Clash               the world moved, or somebody was first
│   ├── OpenChangeExists, AlreadyDecided, FactsMoved, NotPossibleAnyMore
├── ServiceTrouble      the eligibility service did not give a usable answer
│   ├── ServiceUnreachable, ServiceTimeout, ServiceNonsense, ServiceDenied, ServiceThrottled, ServiceRejected
│   └── OutcomeUnknown  a write was sent and no proof of its outcome came back
├── DatabaseDown        our own database does not answer: nothing was recorded
├── TooLate             two seconds passed before the claim: nothing was recorded
├── BadInput            what was typed cannot be used (seats, ticket)
└── Unexpected          a defect of ours; carries the reference that is in the log
"""

from datetime import datetime
from typing import ClassVar

from bot.domain.changes import Change
from bot.domain.facts import Move
from bot.domain.people import Actor


class UpgradeDeskError(Exception):
    """Base. `code` names the sentence; `params` fill it in (already plain values, not yet escaped)."""

    code: ClassVar[str] = "error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params
        self.reference: str | None = None


class Refused(UpgradeDeskError):
    """Somebody may not do this. `reason` is one of the policy's refusal reasons and names the sentence."""

    code = "refused"

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(**params)
        self.reason = reason


class Undetermined(UpgradeDeskError):
    """Roles or policy could not be read. Never worded as a refusal."""

    code = "undetermined"

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(**params)
        self.reason = reason


class NotThere(UpgradeDeskError):
    """What was named is not there."""

    code = "not_there"


class CustomerNotFound(NotThere):
    """No customer of that name, domain or tenant id. `query` is what was looked for."""

    code = "customer_not_found"


class SubscriptionGone(NotThere):
    """The subscription vanished between list and press."""

    code = "subscription_gone"


class HandleUnknown(NotThere):
    """A pressed value that we never made, or that is not this person's."""

    code = "handle_unknown"


class HandleTooOld(NotThere):
    """A press on a list that is too old to act on."""

    code = "handle_too_old"


class ChangeUnknown(NotThere):
    """No such change."""

    code = "change_unknown"


class ChannelClosed(NotThere):
    """The app may not read or post in the channel: it is not in it."""

    code = "channel_closed"


class Clash(UpgradeDeskError):
    """The world moved, or somebody was first."""

    code = "clash"


class OpenChangeExists(Clash):
    """The subscription already has an open change, `change_id`, asked for by `by`."""

    code = "open_change_exists"

    def __init__(self, *, change_id: str, number: str, by: Actor) -> None:
        super().__init__(number=number)
        self.change_id = change_id
        self.by = by


class AlreadyDecided(Clash):
    """Somebody else decided first."""

    code = "already_decided"

    def __init__(self, *, by: Actor, at: datetime, state: str) -> None:
        super().__init__(state=state)
        self.by = by
        self.at = at


class FactsMoved(Clash):
    """The facts are no longer those that were confirmed.

    `moves` says what moved; where it can be submitted anew, `review_id` stands for the facts as they are by now.
    """

    code = "facts_moved"

    def __init__(
        self, *, moves: tuple[Move, ...] = (), change: Change | None = None, review_id: str | None = None
    ) -> None:
        super().__init__()
        self.moves = moves
        self.change = change
        self.review_id = review_id


class NotPossibleAnyMore(Clash):
    """The upgrade is no longer permitted by the service."""

    code = "not_possible_any_more"


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


class DatabaseDown(UpgradeDeskError):
    """Our own database does not answer. Nothing of what was asked was recorded."""

    code = "database_down"


class TooLate(UpgradeDeskError):
    """Two seconds passed before the claim: nothing was recorded."""

    code = "too_late"


class BadInput(UpgradeDeskError):
    """What was typed cannot be used. `field` is the input's block id; `problem` names the sentence."""

    code = "bad_input"

    def __init__(self, *, field: str, problem: str, **params: object) -> None:
        super().__init__(**params)
        self.field = field
        self.problem = problem


class Unexpected(UpgradeDeskError):
    """A defect of ours. The traceback is in the log under `reference`."""

    code = "unexpected"

    def __init__(self, *, reference: str) -> None:
        super().__init__()
        self.reference = reference
