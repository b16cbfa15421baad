"""The world moved, or somebody was first."""

from datetime import datetime

from bot.domain.changes import Change
from bot.domain.errors.base import UpgradeDeskError
from bot.domain.facts import Move
from bot.domain.people import Actor


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
