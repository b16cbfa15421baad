"""One call of the Web API: token, scope, rate, method."""

from typing import Any

from bot.workspace.core import Workspace
from bot.workspace.methods.arguments import Arguments
from bot.workspace.methods.table import PER_MINUTE, Method, methods
from bot.workspace.refusals import SlackError, rate_limited


class Calls:
    """The Web API of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._methods = methods()

    def scopes(self) -> str:
        """What the bot token may do, as `x-oauth-scopes` has it."""
        return ",".join(sorted(self._workspace.config.manifest.scopes))

    def call(self, name: str, *, token: str, values: dict[str, Any]) -> dict[str, Any]:
        """Call a method; the answer without `ok`. Raises SlackError."""
        method = self._methods.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        if not method.anyone:
            self._authorise(method, token)
            self._count(name, method)
        return method.call(self._workspace, Arguments(values))

    def _authorise(self, method: Method, token: str) -> None:
        if (self._workspace.tokens.kind(token) == "bot") == method.app_token:
            raise SlackError("not_allowed_token_type")
        if method.scope is not None and method.scope not in self._workspace.config.manifest.scopes:
            raise SlackError("missing_scope", needed=method.scope, provided=self.scopes())

    def _count(self, name: str, method: Method) -> None:
        if method.tier is None:
            return
        allowed = PER_MINUTE[method.tier]
        wait = self._workspace.rates.take(f"call/{name}", burst=allowed, per_second=allowed / 60)
        if wait:
            raise rate_limited(wait)
