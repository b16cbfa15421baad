"""How Slack is reached: one shared session, and a proxy only where the environment wants one.

slack_sdk takes `HTTP_PROXY` for every address, the loopback ones included, and ignores `NO_PROXY` (facts/slack.md,
4.6); Bolt makes a new client per request that reads the environment again. So the session decides, by address.
"""

import ipaddress
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import aiohttp


def proxy_for(url: str) -> str | None:
    """The proxy that the environment wants for `url`; None for loopback, hosts of NO_PROXY, and without a proxy."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_loopback(host):
        return None
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    proxies = urllib.request.getproxies()
    chosen = proxies.get(scheme) or proxies.get("all")
    # With the port, as `NO_PROXY=host:8443` may name one.
    if chosen is None or urllib.request.proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    return chosen if "://" in chosen else f"http://{chosen}"


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class SlackSession:
    """What slack_sdk needs of an aiohttp session (`closed`, `request`), with the proxy chosen per address."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @property
    def closed(self) -> bool:
        """Whether the session was closed; slack_sdk would then open one of its own."""
        return self._session.closed

    def request(self, method: str, url: str, **arguments: Any) -> Any:
        """As `aiohttp.ClientSession.request`; the caller's own idea of a proxy is not used."""
        return self._session.request(method, url, **{**arguments, "proxy": proxy_for(url)})

    def post(self, url: str, **arguments: Any) -> Any:
        """As `aiohttp.ClientSession.post`, for response_url."""
        return self.request("POST", url, **arguments)


def new_session(*, total: float = 10.0) -> aiohttp.ClientSession:
    """A session for one event loop; calls have `total` seconds, connecting three of them. The caller closes it."""
    timeout = aiohttp.ClientTimeout(total=total, connect=3.0)
    return aiohttp.ClientSession(
        timeout=timeout, trust_env=False, connector=aiohttp.TCPConnector(limit=200, limit_per_host=100)
    )
