"""The embedded eligibility service in this process, on a port of its own."""

import contextlib
import secrets
import socket
from collections.abc import AsyncIterator

from pydantic import SecretStr
from starlette.concurrency import run_in_threadpool

from bot.bootstrap.parts import read_catalogue
from bot.domain.clock import Clock
from bot.domain.ids import Ids
from bot.eligibility.service.app import create_service
from bot.eligibility.service.faults import Faults
from bot.settings import Settings
from bot.settings_faults import SettingsError
from bot.web.server import bind, serving
from storage import migrate
from storage.book.book import Book
from storage.book.schema import BookSchemaError


@contextlib.asynccontextmanager
async def open_book(settings: Settings) -> AsyncIterator[Book]:
    """The book of ELIGIBILITY_DATABASE_URL. Raises SettingsError for one of another version."""
    book = Book.at(settings.eligibility_database)
    try:
        await book.open()
    except BookSchemaError as error:
        await book.close()
        raise SettingsError([f"ELIGIBILITY_DATABASE_URL: {error}."]) from None
    try:
        yield book
    finally:
        await book.close()


@contextlib.asynccontextmanager
async def serving_book(
    settings: Settings,
    *,
    book: Book,
    token: str,
    clock: Clock,
    ids: Ids,
    on: socket.socket,
    faults: Faults | None = None,
) -> AsyncIterator[str]:
    """Serve the book as Partner Center would, on a bound socket. Yields the address."""
    service = create_service(
        book=book, catalogue=read_catalogue(settings), token=token, clock=clock, ids=ids, faults=faults
    )
    async with serving(service, on=on):
        host, port = on.getsockname()[:2]
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"


@contextlib.asynccontextmanager
async def with_embedded_service(settings: Settings, *, clock: Clock, ids: Ids) -> AsyncIterator[Settings]:
    """Migrate, and run the service where ELIGIBILITY_URL names none. Yields the settings with its address."""
    await run_in_threadpool(migrate.upgrade, settings.database_url)
    if settings.eligibility_url is not None:
        yield settings
        return
    token = settings.eligibility_token.get_secret_value() if settings.eligibility_token else secrets.token_urlsafe(32)
    listening = bind(host="127.0.0.1", port=0)
    async with (
        open_book(settings) as book,
        serving_book(settings, book=book, token=token, clock=clock, ids=ids, on=listening) as address,
    ):
        yield settings.model_copy(update={"eligibility_url": address, "eligibility_token": SecretStr(token)})
