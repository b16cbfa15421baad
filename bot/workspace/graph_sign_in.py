"""Carries what MSAL sends to Microsoft's sign-in service to the stand-in, and nowhere else."""

import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

MICROSOFT: Final = "login.microsoftonline.com"
_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInAnswer:
    """An answer in the shape that MSAL reads."""

    status_code: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def raise_for_status(self) -> None:
        """MSAL asks for it where it expects nothing but success."""
        if self.status_code >= 400:  # noqa: PLR2004 - HTTP's own border
            raise OSError(f"the sign-in service answered {self.status_code}")


@dataclass(frozen=True, slots=True)
class StandInSignIn:
    """MSAL's `http_client`. `base` is the stand-in's address; any host but Microsoft's is refused with ValueError."""

    base: str

    def get(self, url: str, *, params: Any = None, headers: Any = None, **_options: Any) -> SignInAnswer:
        """A GET."""
        return self._ask(url, params=params, headers=headers, data=None)

    def post(
        self, url: str, *, params: Any = None, data: Any = None, headers: Any = None, **_options: Any
    ) -> SignInAnswer:
        """A POST of a form."""
        body = data if isinstance(data, bytes) else urlencode(data or {}).encode()
        return self._ask(url, params=params, headers=headers, data=body)

    def close(self) -> None:
        """Nothing is kept open."""

    def _ask(self, url: str, *, params: Any, headers: Any, data: bytes | None) -> SignInAnswer:
        parts = urlsplit(url)
        if parts.netloc != MICROSOFT:
            raise ValueError("the stand-in stands for Microsoft's sign-in service alone")
        query = "&".join(filter(None, (parts.query, urlencode(params or {}))))
        address = f"{self.base}{parts.path}{f'?{query}' if query else ''}"
        request = urllib.request.Request(address, data=data, headers=dict(headers or {}))  # noqa: S310 - `base` is http
        # No proxy: what stands here listens on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=_SECONDS) as answer:
                return SignInAnswer(
                    status_code=answer.status, text=answer.read().decode(), headers=dict(answer.headers)
                )
        except urllib.error.HTTPError as error:
            with error:
                return SignInAnswer(status_code=error.code, text=error.read().decode(), headers=dict(error.headers))
