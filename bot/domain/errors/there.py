"""What was named or pressed and is not there (any more)."""

from bot.domain.errors.base import UpgradeDeskError


class NotThere(UpgradeDeskError):
    """What was named is not there."""

    code = "not_there"


class CustomerNotFound(NotThere):
    """No customer of that name, domain or tenant id. `query` is what was looked for."""

    code = "customer_not_found"


class CustomerGone(CustomerNotFound):
    """A customer that was chosen before is not among ours (any more). `query` is the tenant id: nobody typed it."""

    code = "customer_gone"


class LinkedCustomerGone(NotThere):
    """A channel is linked to a customer whom the service no longer knows. `query` is their tenant id."""

    code = "linked_customer_gone"


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
