"""Which card was pressed to open a modal, so that its submission can lock it at once.

A response_url lives half an hour and is a key to the message: it is kept here, in memory, and nowhere else. A
submission in another process or after a restart finds none; the outbox then draws the card, a moment later.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

_MOST: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PressedCard:
    """The change of the card, and the response_url of the press; None where no message was pressed (App Home)."""

    change_id: str
    address: str | None


@dataclass(slots=True)
class PressedCards:
    """By the id of the modal; the oldest are forgotten first."""

    _known: OrderedDict[str, PressedCard] = field(default_factory=OrderedDict)

    def keep(self, view_id: str, card: PressedCard) -> None:
        """Note what was pressed to open this modal."""
        self._known[view_id] = card
        while len(self._known) > _MOST:
            self._known.popitem(last=False)

    def of(self, view_id: str) -> PressedCard | None:
        """What was pressed to open this modal, if that is known here."""
        return self._known.get(view_id)
