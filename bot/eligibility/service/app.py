"""The service as an ASGI app."""

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from bot.domain.catalogue import Catalogue
from bot.domain.clock import Clock
from bot.domain.ids import Ids
from bot.eligibility.service import audit_records, customers, subscriptions, upgrades, users
from bot.eligibility.service.errors import (
    InvalidInput,
    InvalidProperty,
    MethodNotAllowed,
    ServiceFault,
    TryLater,
    UnknownPath,
)
from bot.eligibility.service.faults import Faults
from bot.eligibility.service.openapi import describe
from bot.eligibility.service.parts import Service
from bot.eligibility.service.shell import SERVERS_SEND, Shell
from storage.book.book import Book


def create_service(
    *, book: Book, catalogue: Catalogue, token: str, clock: Clock, ids: Ids, faults: Faults | None = None
) -> FastAPI:
    """The eligibility service over an open book. `faults` are switches for tests and the demo; None: it never errs.

    The caller opens the book before the first request and closes it after the last one.
    """
    service = Service(book=book, catalogue=catalogue, clock=clock, ids=ids)
    app = _App(
        title="Upgrade Desk eligibility service",
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
    )
    # Routes are tried in this order; upgrades are what is asked for most.
    for make in (upgrades, subscriptions, customers, users, audit_records):
        router: APIRouter = make.router(service)
        app.include_router(router, prefix="/v1")
    app.add_exception_handler(ServiceFault, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _busy)
    app.add_exception_handler(PoolTimeout, _busy)
    app.add_middleware(Shell, token=token, ids=ids, faults=faults)
    describe(app)
    return app


class _App(FastAPI):
    """Notes the server's own `send`, which Starlette's outermost middleware hides from ours."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[SERVERS_SEND] = send
        await super().__call__(scope, receive, send)


def _answer(fault: ServiceFault) -> Response:
    return Response(fault.body(), fault.status, headers=fault.headers, media_type="application/json")


async def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, ServiceFault):
        raise error
    return _answer(error)


async def _unreadable(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    told = [f"{'.'.join(str(step) for step in each['loc'])}: {each['msg']}"[:300] for each in error.errors()[:20]]
    return _answer(InvalidInput(data=[each.encode("utf-8", "replace").decode() for each in told]))


async def _http(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 404:  # noqa: PLR2004 the status itself
        return _answer(UnknownPath())
    if error.status_code == 405:  # noqa: PLR2004 the status itself
        return _answer(MethodNotAllowed(headers=dict(error.headers or {})))
    return _answer(InvalidProperty())


async def _busy(_: Request, error: Exception) -> Response:
    """Locks that were not got in time, a database that is away: an answer that says so. The rest is ours to mend."""
    away = isinstance(error, PoolTimeout) or (
        isinstance(error, DBAPIError) and (error.connection_invalidated or type(error).__name__ == "OperationalError")
    )
    if not away:
        raise error
    return _answer(TryLater())
