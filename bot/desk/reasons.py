"""The reasons that the desk gives with Refused, Undetermined and BadInput: each has its sentence in both languages."""

from enum import StrEnum


class Why(StrEnum):
    """`Refused.reason`. The first nine are about the person, the others about the desk's operation."""

    GUEST = "guest"
    OTHER_ORGANISATION = "other_organisation"
    OTHER_WORKSPACE = "other_workspace"
    BOT = "bot"
    DELETED = "deleted"
    NO_ROLE = "no_role"
    ROLE_NOT_ENOUGH = "role_not_enough"
    NOBODY_MAY = "nobody_may"
    NOT_YOURS = "not_yours"
    OWN_CHANGE = "own_change"
    STOPPED = "stopped"
    READ_ONLY = "read_only"
    FREEZE = "freeze"
    NOT_A_PILOT_CUSTOMER = "not_a_pilot_customer"
    NEVER_THIS_CUSTOMER = "never_this_customer"
    DAILY_LIMIT = "daily_limit"
    SHARED_CHANNEL = "shared_channel"
    LINK_IN_SHARED_CHANNEL = "link_in_shared_channel"
    LINK_IN_DIRECT_MESSAGE = "link_in_direct_message"
    SECOND_PERSON = "second_person"
    TOO_EARLY = "too_early"
    TICKET_WANTED = "ticket_wanted"


class Unclear(StrEnum):
    """`Undetermined.reason`.

    NOT_CONFIRMED: the database did not say whether the request was recorded; submitting the same draft again is safe.
    NOT_RECORDED: the answer could not be recorded in time, so it is not given.
    """

    POLICY_BROKEN = "policy_broken"
    SOURCE_UNREACHABLE = "source_unreachable"
    PEOPLE_UNREACHABLE = "people_unreachable"
    NOT_CONFIRMED = "not_confirmed"
    NOT_RECORDED = "not_recorded"
    CHANNEL_UNREADABLE = "channel_unreadable"


class Problem(StrEnum):
    """`BadInput.problem`.

    The fields: `customer` (the command's text), `note`, `reason`, `seen`, `order_id`, `seats`, `colleague`.
    OVER_LIMIT comes with `limit` and `most` (that can be added), MORE_THAN_THERE and NOT_IN_PARTS with `most`,
    NOT_MORE_THAN_NOW with `current`.
    """

    CONTROL_CHARACTERS = "control_characters"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    TICKET_WANTED = "ticket_wanted"
    NO_ORDER_ID = "no_order_id"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    NOT_POSITIVE = "not_positive"
    NUMBER_TOO_LARGE = "number_too_large"
    NOT_MORE_THAN_NOW = "not_more_than_now"
    OVER_LIMIT = "over_limit"
    MORE_THAN_THERE = "more_than_there"
    NOT_IN_PARTS = "not_in_parts"
    MAY_NOT_LOOK = "may_not_look"
    HOLDS_IT_ALREADY = "holds_it_already"


class Ended(StrEnum):
    """`Outcome.error_code`s of ours; besides these a refused change may carry a `Why`, a failed one the service's code.

    NOTHING was ordered for any of them, but OUTCOME_UNKNOWN: nobody knows.
    """

    FACTS_MOVED = "facts_moved"
    NOT_POSSIBLE_ANY_MORE = "not_possible_any_more"
    SUBSCRIPTION_GONE = "subscription_gone"
    CUSTOMER_NOT_FOUND = "customer_not_found"
    REHEARSAL_NOW = "rehearsal_now"
    APPROVER_LEFT = "approver_left"
    NOT_OFFERED = "not_offered"
    FAILED_LATER = "failed_later"
    OUTCOME_UNKNOWN = "outcome_unknown"
    REJECTED = "rejected"
    SETTLED_FAILED = "settled_failed"
