"""The one conditional UPDATE of a move: built once for each kind of move, from the table of legal transitions."""

from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, exists, update

from bot.domain.changes import ChangeState, sources_of
from storage.repositories.outbox_adding import placeholders
from storage.tables.base import among
from storage.tables.changes import attempts, changes

_NOTHING_WAS_SENT: Final = frozenset({ChangeState.APPROVED, ChangeState.AWAITING_APPROVAL, ChangeState.REFUSED})


@cache
def moving(to: ChangeState, sets: tuple[str, ...], only: tuple[str, ...], *, lapsed: bool, not_expired: bool) -> Any:
    """A move to `to` that sets these columns besides (`new_` and their names), and returns the row.

    Held to `of_change` and whatever else `only` names: `of_version`, `of_owner` (whose lease is not over). The instant
    is `this_moment`.
    """
    table, now = changes.c, bindparam("this_moment", type_=changes.c.changed_at.type)
    held = [table.id == bindparam("of_change"), among(table.state, sources_of(to))]
    if "of_version" in only:
        held.append(table.facts_version == bindparam("of_version"))
    if "of_owner" in only:
        held += [table.lease_owner == bindparam("of_owner"), table.lease_until > now]
    if lapsed:
        held.append(table.lease_until <= now)
    if not_expired:
        held.append(table.expires_at > now)
    if to in _NOTHING_WAS_SENT:
        held.append(~_unanswered())
    values = placeholders(changes, *sets, prefix="new_")
    fixed = {"state": to.value, "lease_owner": None, "lease_until": None, "row_version": table.row_version + 1}
    return update(changes).where(*held).values(**values, **fixed).returning(changes)


def _unanswered() -> ColumnElement[bool]:
    return exists().where(attempts.c.change_id == changes.c.id, attempts.c.answered_at.is_(None))
