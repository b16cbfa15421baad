"""The page's switch "Slack is having trouble": one kind at a time, until it is switched off or the demo ends."""

import asyncio
from collections.abc import Callable

from bot.workspace.acts.channels import archive, keep_bot
from bot.workspace.core import Workspace
from bot.workspace.faults import RESPONSE_URL

FINE = "fine"
_DROP_SECONDS = 3.0


class TroubleSwitch:
    """Sets the workspace's faults for a person at the page; what tests armed beside it is cleared with each turn."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._channels = [each.id for each in workspace.config.channels if each.bot_is_member and not each.is_archived]
        self._kinds: dict[str, Callable[[], None]] = {
            FINE: lambda: None,
            "unavailable": self._unavailable,
            "lost_answers": lambda: self._arm("cut", "chat.postMessage", acts=True),
            "too_many": lambda: self._arm("ratelimited", "chat.postMessage", "chat.update", RESPONSE_URL),
            "archived": lambda: self._each_channel(lambda channel: archive(workspace, channel)),
            "removed": lambda: self._each_channel(lambda channel: keep_bot(workspace, channel, member=False)),
            "token_revoked": workspace.tokens.revoke,
            "twice": lambda: workspace.faults.arm_delivery("twice", times=None),
        }
        if workspace.config.delivery is None:
            self._kinds["dropping"] = self._begin_dropping
        self.now, self._turns = FINE, 0

    def shown(self) -> dict[str, object]:
        """As the page has it."""
        return {"now": self.now, "kinds": self.kinds}

    @property
    def kinds(self) -> list[str]:
        """What can be chosen; the first is a sound Slack."""
        return list(self._kinds)

    def turn(self, kind: str) -> None:
        """End what was chosen before, and begin with this. KeyError for what is no kind."""
        begin = self._kinds[kind]
        workspace = self._workspace
        workspace.faults.clear()
        workspace.tokens.reinstate()
        if self.now in ("archived", "removed"):
            self._each_channel(lambda channel: archive(workspace, channel, archived=False))
            self._each_channel(lambda channel: keep_bot(workspace, channel, member=True))
        self.now = kind
        self._turns += 1
        begin()

    def _unavailable(self) -> None:
        self._arm("html")
        self._arm("html", RESPONSE_URL)

    def _arm(self, kind: str, *methods: str, acts: bool | None = None) -> None:
        self._workspace.faults.arm(kind, *methods, times=None, acts=acts)

    def _each_channel(self, change: Callable[[str], None]) -> None:
        for channel in self._channels:
            change(channel)

    def _begin_dropping(self) -> None:
        self._workspace.tasks.spawn(self._dropping(self._turns))

    async def _dropping(self, turn: int) -> None:
        while self._turns == turn:
            await self._workspace.socket.drop()
            await asyncio.sleep(_DROP_SECONDS)
