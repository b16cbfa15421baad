"""The app's tokens: one for the bot, one for Socket Mode, and those that were revoked."""

import hmac

from bot.workspace.config import AppIdentity
from bot.workspace.refusals import SlackError

REVOKED = ("token_revoked", "account_inactive", "invalid_auth", "token_expired")
"""What Slack answers to a token that no longer counts."""


class Tokens:
    """Which tokens count. A revoked one is refused with the code it was revoked with, for ever."""

    def __init__(self, app: AppIdentity) -> None:
        self._bot, self._app = app.bot_token, app.app_token
        self._gone: dict[str, str] = {}

    @property
    def bot(self) -> str:
        """The bot's token of the moment."""
        return self._bot

    def kind(self, token: str) -> str:
        """`bot` or `app`. Raises SlackError for any other."""
        if not token:
            raise SlackError("not_authed")
        if token in self._gone:
            raise SlackError(self._gone[token])
        for kind, known in (("bot", self._bot), ("app", self._app)):
            if hmac.compare_digest(token.encode(), known.encode()):
                return kind
        raise SlackError("invalid_auth")

    def revoke(self, error: str = "token_revoked") -> None:
        """The bot's token counts no longer. ValueError for a code that Slack does not have."""
        if error not in REVOKED:
            raise ValueError(f"{error} is not what Slack says of a token")
        self._gone[self._bot] = error

    def issue(self, token: str) -> None:
        """The app was installed anew: this is the bot's token now. A token of the past cannot come back."""
        if token in self._gone:
            raise ValueError("a revoked token stays revoked")
        self._bot = token

    def reinstate(self) -> None:
        """For the page's switch: the present token counts again, as if the demo's app had never been removed."""
        self._gone.pop(self._bot, None)
