"""Puts the registry's routes on the Bolt app."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk.desk import Desk
from handlers.boundary import guarded
from handlers.incoming import incoming
from handlers.payload import Kind
from handlers.registry import ROUTES, Route
from handlers.runtime import Runtime

BoltListener = Callable[[AsyncAck, dict[str, Any], AsyncBoltContext, AsyncWebClient], Awaitable[None]]


_ASKED: Final = (Kind.VIEW, Kind.OPTIONS, Kind.COMMAND, Kind.SHORTCUT, Kind.EVENT, Kind.ACTION)
"""In which order Bolt asks the listeners, which costs some of its time for each: what records comes first. A delivery
is of one kind, and the routes of a kind stay in their order."""


def register(app: AsyncApp, desk: Desk, runtime: Runtime) -> None:
    """Register every route.

    The app must be built with `process_before_response=True`: the acknowledgement then leaves when the listener
    returns, and what takes longer runs in `runtime`.
    """
    put = {
        Kind.COMMAND: app.command,
        Kind.ACTION: app.action,
        Kind.VIEW: app.view_submission,
        Kind.EVENT: app.event,
        Kind.OPTIONS: app.options,
        Kind.SHORTCUT: app.shortcut,
    }
    for route in sorted(ROUTES, key=lambda each: _ASKED.index(each.kind)):
        put[route.kind](route.pattern)(_listener(route, desk, runtime))


def _listener(route: Route, desk: Desk, runtime: Runtime) -> BoltListener:
    async def listener(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
        came = incoming(
            kind=route.kind,
            body=body,
            desk=desk,
            runtime=runtime,
            client=client,
            ack=ack,
            installed=context.team_id,
        )
        await guarded(came, route.listener(came))
        if ack.response is None:
            await ack()

    return listener
