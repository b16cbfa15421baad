"""Modals and Homes: a stack of at most three views for each member, and one Home each (facts/slack.md 1.4, 2.5)."""

from dataclasses import asdict, dataclass, field
from typing import Any

from bot.workspace.config import WorkspaceConfig
from bot.workspace.refusals import PageError, SlackError
from bot.workspace.state.filling import fill, fill_blocks
from bot.workspace.state.naming import Names
from bot.workspace.state.stateful import Values, stateful, values_of
from bot.workspace.store import WorkspaceStore

DEPTH = 3


@dataclass(slots=True, kw_only=True)
class View:
    """A view that somebody has open: `body` as Slack shows it without its state, and what was typed (`sent`)."""

    id: str
    member: str
    team: str
    body: dict[str, Any]
    sent: Values = field(default_factory=dict)
    handed: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def is_home(self) -> bool:
        """Whether this is a Home tab."""
        return bool(self.body["type"] == "home")

    def shown(self) -> dict[str, Any]:
        """The view object with the whole state: initial values where nothing was sent."""
        return {**self.body, "state": {"values": values_of(self.body["blocks"], self.sent)}}

    def answered(self) -> dict[str, Any]:
        """The view object as the Web API returns it: only the state that was sent."""
        return {**self.body, "state": {"values": self.sent}}


class Stacks:
    """The open views of all members."""

    def __init__(self, *, config: WorkspaceConfig, names: Names, store: WorkspaceStore) -> None:
        self._config, self._names, self._store = config, names, store
        self._views: dict[str, View] = {}
        self._stacks: dict[str, list[str]] = {}
        self._homes: dict[str, str] = {}

    def restore(self, views: dict[str, dict[str, Any]]) -> None:
        """Take back what the store kept: Homes, and modals in the order in which they were opened."""
        for body in views.values():
            view = View(**body)
            self._views[view.id] = view
            if view.is_home:
                self._homes[view.member] = view.id
            else:
                self._stacks.setdefault(view.member, []).append(view.id)

    def keep(self, view: View) -> None:
        """Write a view down."""
        self._store.put("view", view.id, asdict(view))

    def get(self, view_id: object) -> View | None:
        """A view by id, while it is open."""
        return self._views.get(view_id) if isinstance(view_id, str) else None

    def by_external_id(self, external_id: object) -> View | None:
        """A view by the id that the app gave it."""
        if not external_id:
            return None
        return next((one for one in self._views.values() if one.body["external_id"] == external_id), None)

    def need(self, member_id: str, view_id: object) -> View:
        """A view that this member has open. Raises PageError 404."""
        view = self.get(view_id)
        if view is None or view.member != member_id:
            raise PageError(404, "view_not_found")
        return view

    def home(self, member_id: str) -> View | None:
        """What was published for this member last."""
        return self._views.get(self._homes.get(member_id, ""))

    def stack(self, member_id: str) -> list[View]:
        """The member's open modals, root first."""
        return [self._views[view_id] for view_id in self._stacks.get(member_id, [])]

    def top(self, member_id: str) -> View | None:
        """The modal in front, if one is open."""
        stack = self.stack(member_id)
        return stack[-1] if stack else None

    def open(self, member_id: str, team: str, given: dict[str, Any], *, on_top: bool) -> View:
        """Open a checked view, `on_top` of the member's stack or instead of it. Raises SlackError."""
        stack = self.stack(member_id)
        if on_top and len(stack) >= DEPTH:
            raise SlackError("push_limit_reached")
        self._check_external_id(given, None)
        if not on_top:
            self.clear(member_id)
            stack = []
        view_id = self._names.id("V")
        body = self._body(given, view_id=view_id, team=team)
        if stack:
            body.update(root_view_id=stack[0].id, previous_view_id=stack[-1].id)
        view = View(id=view_id, member=member_id, team=team, body=body)
        self._views[view_id] = view
        self._stacks.setdefault(member_id, []).append(view_id)
        self.keep(view)
        return view

    def publish(self, member_id: str, team: str, given: dict[str, Any], view_hash: object) -> View:
        """Set a member's Home. Raises SlackError `hash_conflict`."""
        view = self.home(member_id)
        if view is None:
            view_id = self._names.id("V")
            view = View(id=view_id, member=member_id, team=team, body=self._body(given, view_id=view_id, team=team))
            self._views[view_id] = view
            self._homes[member_id] = view_id
            self.keep(view)
            return view
        return self.update(view, given, view_hash)

    def update(self, view: View, given: dict[str, Any], view_hash: object = None) -> View:
        """Put other content into a view. Inputs whose block and action ids stay keep their values."""
        if view_hash and view_hash != view.body["hash"]:
            raise SlackError("hash_conflict")
        if given["type"] != view.body["type"]:
            raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] the type cannot change"]})
        self._check_external_id(given, view)
        chain = {name: view.body[name] for name in ("root_view_id", "previous_view_id")}
        view.body = {**self._body(given, view_id=view.id, team=view.team), **chain}
        kept: Values = {}
        for block, element in stateful(view.body["blocks"]):
            before = view.sent.get(block["block_id"], {}).get(element["action_id"])
            if before is not None and before["type"] == element["type"]:
                kept.setdefault(block["block_id"], {})[element["action_id"]] = before
        view.sent = kept
        self.keep(view)
        return view

    def close(self, view: View) -> None:
        """Take a modal, and whatever lies on it, off the stack."""
        stack = self._stacks[view.member]
        for view_id in stack[stack.index(view.id) :]:
            self._forget(view_id)
        del stack[stack.index(view.id) :]

    def clear(self, member_id: str) -> None:
        """Close everything that a member has open."""
        for view_id in self._stacks.pop(member_id, []):
            self._forget(view_id)

    def _forget(self, view_id: str) -> None:
        self._views.pop(view_id, None)
        self._store.put("view", view_id, None)

    def _check_external_id(self, given: dict[str, Any], own: View | None) -> None:
        other = self.by_external_id(given.get("external_id"))
        if other is not None and other is not own:
            raise SlackError("duplicate_external_id")

    def _body(self, given: dict[str, Any], *, view_id: str, team: str) -> dict[str, Any]:
        app = self._config.app
        filled = fill({name: value for name, value in given.items() if name != "blocks"})
        titles = {"title": filled["title"]} if given["type"] == "modal" else {}
        return {
            "id": view_id,
            "team_id": team,
            "type": given["type"],
            "blocks": fill_blocks(given["blocks"], self._names),
            "private_metadata": filled.get("private_metadata", ""),
            "callback_id": filled.get("callback_id", ""),
            "state": {"values": {}},
            "hash": self._names.hash(),
            **titles,
            "clear_on_close": filled.get("clear_on_close", False),
            "notify_on_close": filled.get("notify_on_close", False),
            "close": filled.get("close"),
            "submit": filled.get("submit"),
            "previous_view_id": None,
            "root_view_id": view_id,
            "app_id": app.id,
            "external_id": filled.get("external_id", ""),
            "app_installed_team_id": self._config.team.id,
            "bot_id": app.bot_id,
        }
