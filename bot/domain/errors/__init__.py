"""Every error that a user may meet, once. The sentence stands in the locale catalogues, keyed by `code`.

UpgradeDeskError
├── Refused             somebody may not do this (authorisation, operation mode, foreign button)
├── Undetermined        it could not be found out whether they may; never worded as a refusal
├── NotThere            what was named or pressed is not there (any more)
│   ├── CustomerNotFound (CustomerGone), LinkedCustomerGone, SubscriptionGone, HandleUnknown, HandleTooOld
│   ├── ChangeUnknown, ChannelClosed
├── Clash               the world moved, or somebody was first
│   ├── OpenChangeExists, AlreadyDecided, FactsMoved, NotPossibleAnyMore
├── ServiceTrouble      the eligibility service did not give a usable answer
│   ├── ServiceUnreachable, ServiceTimeout, ServiceNonsense, ServiceDenied, ServiceThrottled, ServiceRejected
│   └── OutcomeUnknown  a write was sent and no proof of its outcome came back
├── DatabaseDown        our own database does not answer: nothing was recorded
├── TooLate             two seconds passed before the claim: nothing was recorded
├── FilesNotAllowed     Slack lets the app send no files: a scope is missing
├── BadInput            what was typed cannot be used (seats, ticket)
└── Unexpected          a defect of ours; carries the reference that is in the log
"""

from bot.domain.errors.base import UpgradeDeskError
from bot.domain.errors.clash import AlreadyDecided, Clash, FactsMoved, NotPossibleAnyMore, OpenChangeExists
from bot.domain.errors.ours import DatabaseDown, FilesNotAllowed, TooLate, Unexpected
from bot.domain.errors.people import BadInput, Refused, Undetermined
from bot.domain.errors.service import (
    OutcomeUnknown,
    ServiceDenied,
    ServiceNonsense,
    ServiceRejected,
    ServiceThrottled,
    ServiceTimeout,
    ServiceTrouble,
    ServiceUnreachable,
)
from bot.domain.errors.there import (
    ChangeUnknown,
    ChannelClosed,
    CustomerGone,
    CustomerNotFound,
    HandleTooOld,
    HandleUnknown,
    LinkedCustomerGone,
    NotThere,
    SubscriptionGone,
)

__all__ = [
    "AlreadyDecided",
    "BadInput",
    "ChangeUnknown",
    "ChannelClosed",
    "Clash",
    "CustomerGone",
    "CustomerNotFound",
    "DatabaseDown",
    "FactsMoved",
    "FilesNotAllowed",
    "HandleTooOld",
    "HandleUnknown",
    "LinkedCustomerGone",
    "NotPossibleAnyMore",
    "NotThere",
    "OpenChangeExists",
    "OutcomeUnknown",
    "Refused",
    "ServiceDenied",
    "ServiceNonsense",
    "ServiceRejected",
    "ServiceThrottled",
    "ServiceTimeout",
    "ServiceTrouble",
    "ServiceUnreachable",
    "SubscriptionGone",
    "TooLate",
    "Undetermined",
    "Unexpected",
    "UpgradeDeskError",
]
