"""The workspace as one object: what it remembers, the way to the app, and who watches."""

from bot.domain.clock import Clock
from bot.domain.ids import Ids
from bot.workspace.config import WorkspaceConfig
from bot.workspace.controls import Controls
from bot.workspace.faults import Faults
from bot.workspace.links.http import HttpLink
from bot.workspace.links.link import Link
from bot.workspace.links.socket import SocketLink
from bot.workspace.links.unreliable import UnreliableLink
from bot.workspace.state.board import Board
from bot.workspace.state.hooks import Hooks
from bot.workspace.state.naming import Names
from bot.workspace.state.people import People
from bot.workspace.state.places import Places
from bot.workspace.state.rates import Rates
from bot.workspace.state.stacks import Stacks
from bot.workspace.state.stateful import Values
from bot.workspace.state.streams import Streams
from bot.workspace.state.tokens import Tokens
from bot.workspace.state.triggers import Triggers
from bot.workspace.state.uploads import Uploads
from bot.workspace.store import WorkspaceStore
from bot.workspace.tasks import Tasks


class Workspace:
    """One team and one app. Everything lives in memory; `store` keeps what must survive a restart.

    `address` is where it is reached (`http://127.0.0.1:PORT`), known once the first request came; response urls,
    permalinks and socket addresses begin with it.
    """

    def __init__(
        self,
        *,
        config: WorkspaceConfig,
        clock: Clock,
        ids: Ids,
        store: WorkspaceStore,
        controls: Controls | None = None,
    ) -> None:
        self.config, self.clock, self.store, self.controls = config, clock, store, controls
        self.address = ""
        self.names = Names(clock=clock, ids=ids)
        self.people = People(config=config, store=store)
        self.places = Places(config=config, store=store)
        self.board = Board(names=self.names, store=store)
        self.stacks = Stacks(config=config, names=self.names, store=store)
        self.hooks = Hooks(clock=clock, names=self.names, store=store)
        self.uploads = Uploads(names=self.names, store=store)
        self.triggers = Triggers(clock=clock, names=self.names)
        self.rates = Rates(clock=clock)
        self.streams = Streams()
        self.tasks = Tasks()
        self.faults, self.tokens = Faults(), Tokens(config.app)
        self.typed: dict[tuple[str, str, str], Values] = {}
        self.socket = SocketLink(
            app_id=config.app.id,
            names=self.names,
            ack_within=config.ack_within,
            on_change=self._link_changed,
        )
        link: Link = self.socket
        if config.delivery is not None:
            link = HttpLink(delivery=config.delivery, clock=clock, ack_within=config.ack_within)
        self.link: Link = UnreliableLink(link, faults=self.faults, tasks=self.tasks)

    def _link_changed(self) -> None:
        self.streams.publish_all("app", {"connected": self.link.connected})

    async def start(self) -> None:
        """Take back what the store kept, and get the way to the app ready."""
        records = await self.store.load()
        self.people.restore(records.get("locale", {}))
        self.places.restore(records.get("joined", {}))
        self.board.restore(records.get("message", {}), records.get("read", {}))
        self.stacks.restore(records.get("view", {}))
        self.hooks.restore(records.get("hook", {}))
        self.uploads.restore(records.get("file", {}))
        await self.link.start()

    def hang_up(self) -> None:
        """End what would keep a stopping server waiting: the streams."""
        self.streams.close()

    async def stop(self) -> None:
        """End every stream, task and connection, and write everything down."""
        self.hang_up()
        await self.link.aclose()
        await self.tasks.aclose()
        await self.store.aclose()
