"""Response urls: five uses in thirty minutes (facts/slack.md 1.3)."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.clock import Clock
from bot.workspace.refusals import SlackError
from bot.workspace.state.naming import Names
from bot.workspace.store import WorkspaceStore

USES = 5
LIFE = timedelta(minutes=30)


@dataclass(slots=True, kw_only=True)
class Hook:
    """What a response url stands for: a place, the member who acted, and the message that they pressed, if any."""

    token: str
    channel: str
    member: str
    born: str
    ts: str | None = None
    uses: int = 0


class Hooks:
    """Every response url that was ever given, until it is long over."""

    def __init__(self, *, clock: Clock, names: Names, store: WorkspaceStore) -> None:
        self._clock, self._names, self._store = clock, names, store
        self._known: dict[str, Hook] = {}

    def restore(self, hooks: dict[str, dict[str, Any]]) -> None:
        """Take back what the store kept."""
        self._known = {key: Hook(**body) for key, body in hooks.items()}

    def new(self, *, channel: str, member: str, ts: str | None = None) -> str:
        """The token of a new response url."""
        now = self._clock.now()
        for old in [one for one in self._known.values() if now - datetime.fromisoformat(one.born) > 2 * LIFE]:
            del self._known[old.token]
            self._store.put("hook", old.token, None)
        hook = Hook(token=self._names.secret(), channel=channel, member=member, born=now.isoformat(), ts=ts)
        self._known[hook.token] = hook
        self._store.put("hook", hook.token, asdict(hook))
        return hook.token

    def look(self, token: str) -> Hook:
        """The hook, still usable. Raises SlackError (HTTP 404) `no_such_url`, `expired_url` or `used_url`."""
        hook = self._known.get(token)
        if hook is None:
            raise SlackError("no_such_url", status=404)
        if self._clock.now() - datetime.fromisoformat(hook.born) > LIFE:
            raise SlackError("expired_url", status=404)
        if hook.uses >= USES:
            raise SlackError("used_url", status=404)
        return hook

    def use(self, hook: Hook) -> None:
        """Count one use."""
        hook.uses += 1
        self._store.put("hook", hook.token, asdict(hook))
