"""The error boundary: around every listener and around all work that outlives one (design.md, rule 5).

An exception that leaves a listener after `ack()` would lose the acknowledgement (facts/slack.md, 4.2).
"""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, Final

import structlog

from bot.domain.errors import DatabaseDown, OpenChangeExists, ServiceTrouble, Undetermined, Unexpected, UpgradeDeskError
from handlers.answers import ByDirectMessage
from handlers.card_link import card_url
from handlers.incoming import Incoming
from storage.errors import StorageUnavailable

log = structlog.get_logger(__name__)

_TELL_WITHIN: Final = 12.0
"""Seconds for telling an error, after which only the log knows it."""


def spawn(incoming: Incoming, work: Coroutine[Any, Any, None], *, name: str) -> None:
    """Do this after the acknowledgement, owned by the runtime, with the boundary around it."""
    incoming.runtime.spawn(guarded(incoming, work), name=name)


def tell(incoming: Incoming, error: UpgradeDeskError) -> None:
    """Tell an error in work of its own: the acknowledgement leaves when the listener returns, and has waited enough."""

    async def told() -> None:
        raise error

    spawn(incoming, told(), name="tell")


async def guarded(incoming: Incoming, work: Awaitable[None]) -> None:
    """Do the work. Whatever goes wrong is told to whoever asked and never raised (but for being cancelled)."""
    try:
        await work
    except UpgradeDeskError as error:
        _note(incoming, error)
        await _tell(incoming, error)
    except StorageUnavailable:
        down = DatabaseDown()
        down.reference = incoming.desk.ids.reference()
        log.exception("database_down", reference=down.reference, user_id=incoming.caller.actor.user_id)
        await _tell(incoming, down)
    except Exception:
        unexpected = Unexpected(reference=incoming.desk.ids.reference())
        log.exception(
            "unexpected_error",
            reference=unexpected.reference,
            kind=incoming.kind.value,
            team_id=incoming.caller.installed_team_id,
            user_id=incoming.caller.actor.user_id,
        )
        await _tell(incoming, unexpected)


def _note(incoming: Incoming, error: UpgradeDeskError) -> None:
    """Give what others have to look into a reference that is in the log; what is plain needs none."""
    if not isinstance(error, ServiceTrouble | Undetermined | Unexpected):
        log.info("refused_or_missing", code=error.code, user_id=incoming.caller.actor.user_id)
        return
    error.reference = error.reference or incoming.desk.ids.reference()
    log.warning(
        "trouble_told",
        code=error.code,
        reference=error.reference,
        reason=getattr(error, "reason", None),
        status=getattr(error, "status", None),
        correlation_id=getattr(error, "correlation_id", None),
        user_id=incoming.caller.actor.user_id,
    )


async def _tell(incoming: Incoming, error: UpgradeDeskError) -> None:
    try:
        async with asyncio.timeout(_TELL_WITHIN):
            url = None
            if isinstance(error, OpenChangeExists):
                url = await card_url(incoming, error.change_id)
            pen = await incoming.pen()
            await incoming.answer.trouble(pen, error, nonce=incoming.nonce(), url=url)
    except Exception:
        log.exception("error_could_not_be_told", code=error.code, reference=error.reference)
        await _tell_directly(incoming, error)


async def _tell_directly(incoming: Incoming, error: UpgradeDeskError) -> None:
    """Where the place of the press takes no answer, the direct message is left, unless that was the place."""
    direct = ByDirectMessage(incoming.client, incoming.caller.actor.user_id)
    if incoming.answer == direct or incoming.caller.actor.team_id != incoming.caller.installed_team_id:
        return
    try:
        async with asyncio.timeout(_TELL_WITHIN):
            await direct.trouble(await incoming.pen(), error, nonce=incoming.nonce(), url=None)
    except Exception:
        log.exception("error_not_told_directly", code=error.code, reference=error.reference)
