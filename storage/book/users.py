"""Users of a customer and the licences they hold."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.book import tables
from storage.book.customers import CURRENT
from storage.book.records import HolderRecord, LicenceRecord, Page, UserRecord

_U = tables.users.c
_L = tables.licences.c

_USER = select(_U.id, _U.display_name, _U.principal_name, _U.active)
_OF_CUSTOMER = (_U.generation == CURRENT, _U.customer_id == bindparam("customer_id"))
_LICENCES = select(_L.user_id, _L.offer_id, _L.disabled).where(
    _L.generation == CURRENT, _L.customer_id == bindparam("customer_id")
)
_HOLDERS = (
    select(_U.id, _U.display_name, _U.principal_name, _U.active, _L.disabled)
    .join_from(
        tables.licences,
        tables.users,
        and_(_U.generation == _L.generation, _U.customer_id == _L.customer_id, _U.id == _L.user_id),
    )
    .where(
        _L.generation == CURRENT,
        _L.customer_id == bindparam("customer_id"),
        _L.offer_id == bindparam("offer_id"),
        _U.active,
    )
    .order_by(_U.id)
)
_COUNTS = (
    select(_L.offer_id, func.count())
    .join_from(
        tables.licences,
        tables.users,
        and_(_U.generation == _L.generation, _U.customer_id == _L.customer_id, _U.id == _L.user_id),
    )
    .where(_U.active, _L.generation == CURRENT, _L.customer_id == bindparam("customer_id"))
    .group_by(_L.offer_id)
)


class Users:
    """Users and licences on one connection. Several reads belong together only inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def page(
        self, customer_id: str, *, active: bool | None, size: int, after: tuple[str, ...] | None
    ) -> Page[UserRecord]:
        """Users in the order of their ids, with their licences. `active` None: active and inactive ones."""
        chosen = [*_OF_CUSTOMER] if active is None else [*_OF_CUSTOMER, _U.active.is_(active)]
        bound = {"customer_id": customer_id}
        query = _USER.where(*chosen).order_by(_U.id).limit(size + 1)
        if after is not None:
            query = query.where(_U.id > after[0])
        rows = (await self._connection.execute(query, bound)).all()
        shown = rows[:size]
        held = await self._held(customer_id, between=(shown[0].id, shown[-1].id)) if shown else {}
        return Page(
            items=tuple(_user(row, held.get(row.id, [])) for row in shown),
            next_after=(shown[-1].id,) if len(rows) > size else None,
        )

    async def get(self, customer_id: str, user_id: str) -> UserRecord | None:
        """One user with the licences."""
        query = _USER.where(*_OF_CUSTOMER, _U.id == user_id)
        row = (await self._connection.execute(query, {"customer_id": customer_id})).first()
        if row is None:
            return None
        held = await self._held(customer_id, between=(user_id, user_id))
        return _user(row, held.get(user_id, []))

    async def counts(self, customer_id: str) -> dict[str, int]:
        """How many active users hold a licence of each offer."""
        rows = (await self._connection.execute(_COUNTS, {"customer_id": customer_id})).all()
        return {row[0]: row[1] for row in rows}

    async def holders(self, customer_id: str, offer_id: str) -> tuple[HolderRecord, ...]:
        """The active users who hold a licence of an offer, in the order of their ids."""
        bound = {"customer_id": customer_id, "offer_id": offer_id}
        rows = (await self._connection.execute(_HOLDERS, bound)).all()
        return tuple(HolderRecord(user=_user(row, None), disabled=tuple(json.loads(row[4]))) for row in rows)

    async def move(self, customer_id: str, *, from_offer: str, to_offer: str, user_ids: Sequence[str]) -> None:
        """Give these users a licence of another offer, every plan of it on, for the one that they hold."""
        generation = (await self._connection.execute(select(CURRENT))).scalar_one()
        for at in range(0, len(user_ids), _CHUNK):
            chunk = user_ids[at : at + _CHUNK]
            here = (_L.generation == generation, _L.customer_id == customer_id, _L.user_id.in_(chunk))
            await self._connection.execute(
                delete(tables.licences).where(*here, _L.offer_id.in_([from_offer, to_offer]))
            )
            await self._connection.execute(
                insert(tables.licences),
                [
                    {
                        "generation": generation,
                        "customer_id": customer_id,
                        "offer_id": to_offer,
                        "user_id": each,
                        "disabled": "[]",
                    }
                    for each in chunk
                ],
            )

    async def _held(self, customer_id: str, *, between: tuple[str, str]) -> dict[str, list[LicenceRecord]]:
        query = _LICENCES.where(_L.user_id >= between[0], _L.user_id <= between[1]).order_by(_L.user_id, _L.offer_id)
        found: dict[str, list[LicenceRecord]] = {}
        for row in (await self._connection.execute(query, {"customer_id": customer_id})).all():
            licence = LicenceRecord(offer_id=row.offer_id, disabled=tuple(json.loads(row.disabled)))
            found.setdefault(row.user_id, []).append(licence)
        return found


_CHUNK = 500
"""Users of one statement: both engines bound the parameters of a statement."""


def _user(row: Any, licences: list[LicenceRecord] | None) -> UserRecord:
    return UserRecord(
        id=row[0],
        display_name=row[1],
        principal_name=row[2],
        active=bool(row[3]),
        licences=None if licences is None else tuple(licences),
    )
