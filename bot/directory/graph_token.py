"""Tokens for Microsoft Graph by MSAL: the app's own (client credentials), kept until shortly before they end."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final

import msal

from bot.directory.directory import SourceUnreachable
from bot.domain.clock import Clock

SCOPE: Final = "https://graph.microsoft.com/.default"
_AUTHORITY: Final = "https://login.microsoftonline.com/"
_ANEW_BEFORE_END: Final = 300.0
_TIMEOUT: Final = 5.0


@dataclass(slots=True, kw_only=True)
class MsalToken:
    """Gives an access token for Graph. MSAL speaks HTTP synchronously, so it works in a thread.

    `http_client` replaces MSAL's own (a proxy, a stand-in); None lets MSAL make one.
    """

    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    clock: Clock
    http_client: Any = None
    _app: msal.ConfidentialClientApplication | None = field(default=None, repr=False)
    _token: str = field(default="", repr=False)
    _good_until: float = float("-inf")
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def __call__(self) -> str:
        """A token that is good for minutes. Raises SourceUnreachable; the reason is Microsoft's error code."""
        async with self._asking:
            if self.clock.monotonic() >= self._good_until:
                began = self.clock.monotonic()
                token, seconds = await asyncio.to_thread(self._acquire)
                self._token, self._good_until = token, began + seconds - _ANEW_BEFORE_END
            return self._token

    def _acquire(self) -> tuple[str, float]:
        try:
            if self._app is None:
                self._app = msal.ConfidentialClientApplication(
                    self.client_id,
                    client_credential=self.client_secret,
                    authority=_AUTHORITY + self.tenant_id,
                    http_client=self.http_client,
                    timeout=None if self.http_client else _TIMEOUT,
                    instance_discovery=False,
                )
            # MSAL keeps a cache of its own by the machine's clock; ours goes by the clock that is passed in.
            answer = self._app.acquire_token_for_client(scopes=[SCOPE])
        except Exception as error:  # MSAL raises requests' errors, its own, and ValueError
            raise SourceUnreachable(type(error).__name__) from error
        if not isinstance(answer, dict) or "access_token" not in answer:
            code = answer.get("error", "no_token") if isinstance(answer, dict) else "no_token"
            raise SourceUnreachable(str(code))
        return str(answer["access_token"]), float(answer.get("expires_in", 0))
