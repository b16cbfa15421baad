"""What a handle stands for: a button's opaque value is looked up here, never parsed (design.md, rule 1)."""

from enum import StrEnum


class Purpose(StrEnum):
    """Why a handle was made. A handle of one purpose opens nothing of another."""

    CHOOSE_CUSTOMER = "choose_customer"
    FIND = "find"  # a modal that asks for the customer: what is wanted, and where the answer goes
    UPGRADE = "upgrade"
    CHOOSE_SEATS = "choose_seats"
    SEATS_LIST = "seats_list"  # read the list of seats again, also at another page
    SEATS_TYPED = "seats_typed"  # what was typed beside the customer, while one is chosen
    REFRESH = "refresh"  # read the list again, also at another page
    SHARE = "share"
    TRAIL = "trail"  # another page of the audit trail, or all of it as a file
    LIST = "list"  # another page of a list of changes
