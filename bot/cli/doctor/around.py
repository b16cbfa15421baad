"""What is around the desk: its manifest, other machines' clocks, proxies."""

import asyncio
from typing import Final
from urllib.parse import urlsplit

from bot.bootstrap.manifest import MANIFEST, manifest_gaps, read_manifest
from bot.bootstrap.proxies import proxy_for
from bot.cli.doctor.finding import Finding, fault, ok
from bot.cli.doctor.ground import Ground

MANIFEST_GROUP: Final = "manifest"
CLOCK: Final = "clock"
PROXIES: Final = "proxies"
_SIGN_IN: Final = "https://login.microsoftonline.com"
_MOST_SECONDS: Final = 30.0
"""Slack's signatures allow 300 s, evidence of an order 120 s; a clock that is kept is never 30 s off."""

_CONNECT_SECONDS: Final = 3.0


async def check_manifest(_ground: Ground) -> list[Finding]:
    """The file beside the program against what the program registers. What Slack has can only be seen by its scopes."""
    try:
        document = await asyncio.to_thread(read_manifest)
        gaps = manifest_gaps(document)
    except (OSError, ValueError, KeyError, TypeError) as error:
        says = f"manifest.json cannot be read ({type(error).__name__})."
        return [fault(MANIFEST_GROUP, says, fix=f"Put the release's file back: {MANIFEST}.")]
    fix = "Put the release's manifest.json back, and update the Slack app from it (App Manifest)."
    return [fault(MANIFEST_GROUP, f"manifest.json: {each}.", fix=fix) for each in gaps] or [
        ok(MANIFEST_GROUP, "manifest.json declares what the program registers.")
    ]


async def check_clocks(ground: Ground) -> list[Finding]:
    """This machine's clock against those that the other checks saw."""
    found = []
    for whose, (told, ours) in ground.clocks.items():
        ahead = (ours - told).total_seconds()
        if abs(ahead) > _MOST_SECONDS:
            says = f"This machine's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} {whose}."
            found.append(fault(CLOCK, says, fix="Let the machines keep their time by NTP."))
        else:
            found.append(ok(CLOCK, f"This machine's clock agrees with {whose}."))
    return found


async def check_proxies(ground: Ground) -> list[Finding]:
    """Which proxy the environment wants for each address, and whether that proxy can be reached."""
    settings = ground.settings
    wanted = {"Slack": settings.slack_api_url, "the eligibility service": settings.eligibility_url}
    if settings.uses_graph:
        wanted |= {"Microsoft Graph": settings.graph_url, "Microsoft's sign-in": _SIGN_IN}
    through: dict[str, list[str]] = {}
    for whose, url in wanted.items():
        proxy = proxy_for(url) if url is not None else None
        if proxy is not None:
            through.setdefault(proxy, []).append(whose)
    return [await _reach(proxy, ", ".join(names)) for proxy, names in through.items()] or [
        ok(PROXIES, "Everything is reached directly.")
    ]


async def _reach(proxy: str, names: str) -> Finding:
    parts = urlsplit(proxy)
    # Without user and password, which a proxy's address may hold.
    shown = f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}"
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
        writer.close()
    except (OSError, TimeoutError):
        fix = "Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, or name what needs none in NO_PROXY."
        return fault(PROXIES, f"The proxy {shown} for {names} cannot be reached.", fix=fix)
    return ok(PROXIES, f"The proxy {shown} for {names} can be reached.")
