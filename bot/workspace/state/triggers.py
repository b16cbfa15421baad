"""Trigger ids: three seconds, once (facts/slack.md 1.4)."""

from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.workspace.refusals import SlackError
from bot.workspace.state.naming import Names

LIFE = 3.0
_KEPT = 600.0


@dataclass(slots=True, kw_only=True)
class Trigger:
    """Who did something, when (monotonic seconds), and inside which view, if any."""

    member: str
    born: float
    view_id: str | None
    used: bool = False


class Triggers:
    """Every trigger id of the last ten minutes."""

    def __init__(self, *, clock: Clock, names: Names) -> None:
        self._clock, self._names = clock, names
        self._known: dict[str, Trigger] = {}

    def new(self, member: str, *, view_id: str | None = None) -> str:
        """A trigger id for what this member just did."""
        now = self._clock.monotonic()
        for old in [key for key, one in self._known.items() if now - one.born > _KEPT]:
            del self._known[old]
        trigger_id = self._names.trigger()
        self._known[trigger_id] = Trigger(member=member, born=now, view_id=view_id)
        return trigger_id

    def look(self, trigger_id: object) -> Trigger:
        """The trigger, still usable. Raises SlackError `invalid_`, `exchanged_` or `expired_trigger_id`."""
        trigger = self._known.get(trigger_id) if isinstance(trigger_id, str) else None
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock.monotonic() - trigger.born > LIFE:
            raise SlackError("expired_trigger_id")
        return trigger
