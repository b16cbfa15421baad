"""The modal that asks for the customer: what is wanted of whom, and where the answer goes, behind an opaque id."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.directory_search import FoundCustomer, Suggested
from bot.desk.handles import HandleMaker, text_of
from bot.desk.open_handle import open_handle
from bot.desk.purposes import Purpose
from bot.domain.audit import AuditName
from bot.domain.errors import TooLate
from bot.domain.people import Caller, Person
from bot.domain.policy import Action
from bot.eligibility.client_together import side_by_side
from storage.customers.records import Standing
from storage.errors import StorageError

log = structlog.get_logger(__name__)

OPENED_WITHIN = 2.0
"""Seconds: a submission and a menu's options are answered within three."""

_STANDING_WITHIN = 1.0
_CANDIDATES_WITHIN = 0.5


class Wanted(StrEnum):
    """What is shown of the customer, once chosen."""

    OPTIONS = "options"
    SEATS = "seats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """What the modal shows. `find_id` stands for the rest. `asked_in_message`: `candidates` come from a message.

    `as_of` and `complete` as in `Searched`: how the directory stands.
    """

    find_id: str
    wanted: Wanted
    person: Person
    candidates: tuple[FoundCustomer, ...]
    asked_in_message: bool
    as_of: datetime | None
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What stands behind a `find_id`. `address` is a response_url: never in a log, never in the client's hands."""

    wanted: Wanted
    address: str
    channel_id: str
    keys: tuple[str, ...]
    person: Person


async def prepare_finder(
    desk: Desk,
    *,
    caller: Caller,
    wanted: Wanted,
    address: str,
    candidates: Sequence[FoundCustomer] | None = None,
) -> Finder:
    """Keep what is wanted. Raises what `admit` raises, and StorageUnavailable.

    `candidates`: who may be meant by the message that the modal is about; None where it is about none.
    """
    admission = await admit(desk, caller=caller, action=Action.LOOK, tried=AuditName.OPTIONS_LOOK)
    maker, found = HandleMaker(desk=desk, caller=caller), tuple(candidates or ())
    find_id = maker.make(
        Purpose.FIND,
        {
            "wanted": wanted,
            "address": address,
            "channel_id": caller.channel_id,
            "keys": " ".join(each.key for each in found),
        },
    )
    await maker.keep()
    standing = await _standing(desk)
    return Finder(
        find_id=find_id,
        wanted=wanted,
        person=admission.person,
        candidates=found,
        asked_in_message=candidates is not None,
        as_of=None if standing is None else standing.as_of,
        complete=standing is not None and standing.as_of is not None,
    )


async def open_finder(desk: Desk, *, caller: Caller, value: str) -> Sought:
    """What a modal is about. Raises what `admit` and `open_handle` raise; TooLate after two seconds."""
    began = desk.clock.monotonic()
    try:
        admission = await admit(
            desk, caller=caller, action=Action.LOOK, tried=AuditName.OPTIONS_LOOK, within=OPENED_WITHIN
        )
        async with asyncio.timeout(max(0.0, OPENED_WITHIN - (desk.clock.monotonic() - began))):
            handle = await open_handle(desk, caller=caller, value=value, purpose=Purpose.FIND)
    except TimeoutError as error:
        raise TooLate from error
    return Sought(
        wanted=Wanted(text_of(handle.data, "wanted")),
        address=text_of(handle.data, "address"),
        channel_id=text_of(handle.data, "channel_id"),
        keys=tuple(text_of(handle.data, "keys").split()),
        person=admission.person,
    )


async def suggest_candidates(desk: Desk, *, caller: Caller, value: str) -> Suggested:
    """Who may be meant by the message, while nothing is typed yet. Raises as `open_finder` does."""
    sought = await open_finder(desk, caller=caller, value=value)
    try:
        async with asyncio.timeout(_CANDIDATES_WITHIN):
            asked = [desk.database.customers.by_key(key) for key in sought.keys]
            kept = await side_by_side(asked, most=desk.config.side_by_side)
    except TimeoutError as error:
        raise TooLate from error
    found = [FoundCustomer(key=each.key, customer=each.customer) for each in kept if each is not None]
    return Suggested(matches=tuple(found), as_of=None, complete=True, person=sought.person)


async def _standing(desk: Desk) -> Standing | None:
    """How the directory stands; None where it does not say, which keeps nobody from searching in it."""
    try:
        async with asyncio.timeout(_STANDING_WITHIN):
            return await desk.database.customers.standing()
    except (StorageError, TimeoutError) as error:
        log.warning("directory_standing_unknown", error=type(error).__name__)
        return None
