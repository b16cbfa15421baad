"""Single parts of the application, each with the sentence for what can be wrong with its settings."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp

from bot.bootstrap.proxies import proxy_for
from bot.desk.policies import PolicyWatch, watch_policy
from bot.domain.catalogue import Catalogue, CatalogueError, load_catalogue
from bot.domain.clock import Clock
from bot.domain.ids import Ids
from bot.domain.policy_file import PolicyError
from bot.settings import Settings
from bot.settings_faults import SettingsError
from storage.database import Database
from storage.errors import StorageError


def read_catalogue(settings: Settings) -> Catalogue:
    """The catalogue. Raises SettingsError naming the line at fault."""
    try:
        return load_catalogue(settings.catalogue_file)
    except (CatalogueError, OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"CATALOGUE_FILE: {error}."]) from None


def read_policy(settings: Settings, *, clock: Clock) -> PolicyWatch:
    """The policy, watched from now on. Raises SettingsError naming the line at fault: then there is no start."""
    try:
        return watch_policy(settings.policy_file, clock=clock)
    except PolicyError as error:
        raise SettingsError([f"POLICY_FILE: {error}."]) from None


@asynccontextmanager
async def open_database(settings: Settings, *, clock: Clock, ids: Ids) -> AsyncIterator[Database]:
    """The desk's database, at the right version. Raises SettingsError with what to do."""
    settings.require("audit_key")
    key = settings.audit_key.get_secret_value().encode() if settings.audit_key is not None else b""
    database = Database(settings.database_url, clock=clock, ids=ids, audit_key=key)
    try:
        await database.open()
    except StorageError as error:
        raise SettingsError([f"DATABASE_URL: {error}."]) from None
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def service_sessions(url: str) -> AsyncIterator[tuple[aiohttp.ClientSession, aiohttp.ClientSession]]:
    """Sessions for the eligibility service: one for reads, one that opens a connection of its own for each order."""
    proxy = proxy_for(url)
    async with (
        aiohttp.ClientSession(proxy=proxy, connector=aiohttp.TCPConnector(limit=100)) as reads,
        aiohttp.ClientSession(proxy=proxy, connector=aiohttp.TCPConnector(force_close=True)) as orders,
    ):
        yield reads, orders


def fixed_token(settings: Settings) -> Callable[[], Awaitable[str]]:
    """The bearer token of the settings as the client asks for it: anew for each call."""
    settings.require("eligibility_token")
    token = settings.eligibility_token.get_secret_value() if settings.eligibility_token is not None else ""

    async def source() -> str:
        return token

    return source
