"""The eligibility service: there, it takes the token, a read works. Nothing is ordered."""

from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp

from bot.bootstrap.application import is_embedded
from bot.bootstrap.parts import fixed_token, read_catalogue, service_sessions
from bot.cli.doctor.finding import Finding, fault, ok, unchecked
from bot.cli.doctor.ground import Ground
from bot.domain.errors import ServiceDenied, ServiceNonsense, ServiceThrottled, ServiceTrouble
from bot.eligibility.client import ClientLimits, EligibilityClient
from bot.settings_faults import SettingsError

SERVICE: Final = "service"
_ONE: Final = ClientLimits(read_tries=1, read_timeout=6.0, read_budget=7.0, page_size=1, pages=1)


async def check_service(ground: Ground) -> list[Finding]:
    """One read with the token that is set."""
    settings = ground.settings
    url = settings.eligibility_url
    if url is None and ground.all_in_one:
        return [ok(SERVICE, "The embedded service runs in the desk's own process: there is nothing to reach.")]
    if url is None or settings.eligibility_token is None:
        return [unchecked(SERVICE, "The eligibility service: its address or its token is not set.")]
    try:
        catalogue = read_catalogue(settings)
    except SettingsError as error:
        return [fault(SERVICE, " ".join(error.faults), fix="Mend the file, or remove CATALOGUE_FILE.")]
    async with service_sessions(url) as (reads, orders):
        client = EligibilityClient(
            session=reads,
            orders=orders,
            base_url=url,
            token_source=fixed_token(settings),
            catalogue=catalogue,
            clock=ground.clock,
            ids=ground.ids,
            limits=_ONE,
        )
        try:
            await client.customers_starting_with("CompanyName", "a", correlation_id=ground.ids.uuid())
        except ServiceTrouble as error:
            return [_trouble(error)]
        embedded = await is_embedded(reads, url, tries=1)
        await _read_clock(ground, reads, url)
    kind = "Upgrade Desk's own; orders are live unless the policy says otherwise"
    other = "not Upgrade Desk's own; people look, and nobody orders, until the policy says mode"
    return [ok(SERVICE, f"The service answers and takes the token. It is {kind if embedded else other}.")]


def _trouble(error: ServiceTrouble) -> Finding:
    if isinstance(error, ServiceDenied):
        return fault(SERVICE, f"The service refuses the token ({error.status}).", fix="Check ELIGIBILITY_TOKEN.")
    if isinstance(error, ServiceThrottled):
        return fault(SERVICE, "The service is too busy to answer a read.", fix="Try again in a minute.")
    if isinstance(error, ServiceNonsense):
        says = "What answers at ELIGIBILITY_URL does not speak the service's contract."
        return fault(SERVICE, says, fix="Check the address: without a path, or with /v1.")
    return fault(
        SERVICE, f"The service gave no usable answer ({error.code}).", fix="Check ELIGIBILITY_URL and the proxies."
    )


async def _read_clock(ground: Ground, session: aiohttp.ClientSession, url: str) -> None:
    try:
        async with session.get(url, allow_redirects=False, timeout=aiohttp.ClientTimeout(total=3)) as answer:
            if "date" in answer.headers:
                ground.saw_clock("the service", parsedate_to_datetime(answer.headers["date"]))
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return
