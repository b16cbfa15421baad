"""Lists of changes: what waits for somebody, what they asked for, what was done lately, what a customer had."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Final

from bot.desk.admit import admit
from bot.desk.approval_results import ChangeList, Home, ListedChange, OpenList
from bot.desk.approval_status import approval_statuses
from bot.desk.desk import Desk
from bot.desk.results import Admission
from bot.desk.rights import rights_of
from bot.domain.audit import AuditName
from bot.domain.changes import Change
from bot.domain.errors import HandleUnknown
from bot.domain.people import Actor, Caller, Person
from bot.domain.policy import Action, authorise
from storage.database import Transaction
from storage.records import Page

PAGE: Final = 10
HOME_PAGE: Final = 5
_LOOKED_THROUGH: Final = 200
"""How many waiting changes are looked through for one page: those that somebody cannot decide are left out."""


async def waiting_for(desk: Desk, *, caller: Caller, after: str | None = None) -> ChangeList:
    """What waits for this person's approval, oldest first: not their own, not what they approved already.

    Empty for those who may look but not approve. Raises what `admit` raises, and HandleUnknown for a made-up `after`.
    """
    admission = await _admit(desk, caller)
    may = authorise(policy=admission.policy, action=Action.APPROVE, evidence=admission.evidence).allowed
    async with desk.database.read() as tx:
        return await _waiting(tx, desk, admission.person, may=may, after=after, limit=PAGE)


async def mine(desk: Desk, *, caller: Caller, after: str | None = None) -> ChangeList:
    """What this person asked for, newest first. Raises as `waiting_for`."""
    person = (await _admit(desk, caller)).person
    async with desk.database.read() as tx:
        return await _listed(tx, desk, person, tx.changes.mine(caller.actor, after=after, limit=PAGE))


async def lately(desk: Desk, *, caller: Caller, after: str | None = None) -> ChangeList:
    """The workspace's changes, newest first. Raises as `waiting_for`."""
    person = (await _admit(desk, caller)).person
    async with desk.database.read() as tx:
        page = tx.changes.recent(caller.installed_team_id, after=after, limit=PAGE)
        return await _listed(tx, desk, person, page)


async def of_customer(desk: Desk, *, caller: Caller, customer_id: str, after: str | None = None) -> ChangeList:
    """The changes of one customer, newest first. Raises as `waiting_for`."""
    person = (await _admit(desk, caller)).person
    async with desk.database.read() as tx:
        page = tx.changes.of_customer(caller.installed_team_id, customer_id, after=after, limit=PAGE)
        return await _listed(tx, desk, person, page)


async def home(desk: Desk, *, caller: Caller) -> Home:
    """All of App Home in one snapshot. Those who may not look see their rights and no change.

    Raises Refused for those who are no members, Undetermined where Slack cannot say who they are.
    """
    rights = await rights_of(desk, caller=caller)
    person, may_look = rights.person, rights.may(Action.LOOK)
    waiting = asked = done = None
    work: tuple[OpenList, ...] = ()
    async with desk.database.read() as tx:
        if may_look:
            may = rights.may(Action.APPROVE)
            waiting = await _waiting(tx, desk, person, may=may, after=None, limit=HOME_PAGE)
            asked = await _listed(tx, desk, person, tx.changes.mine(caller.actor, limit=HOME_PAGE))
            done = await _listed(tx, desk, person, tx.changes.recent(caller.installed_team_id, limit=HOME_PAGE))
            work = await _work(tx, caller.actor)
        stopped = await tx.switches.stopped()
    return Home(
        rights=rights,
        waiting=waiting,
        mine=asked,
        lately=done,
        stopped=stopped,
        may_stop=rights.may(Action.SETTLE),
        work=work,
    )


async def _work(tx: Transaction, actor: Actor) -> tuple[OpenList, ...]:
    held = [
        (await tx.changes.get(each.change_id), each) for each in await tx.follow_ups.held_by(actor, limit=HOME_PAGE)
    ]
    return tuple(OpenList(change=change, work=work) for change, work in held if change is not None)


async def _admit(desk: Desk, caller: Caller) -> Admission:
    return await admit(desk, caller=caller, action=Action.LOOK, tried=AuditName.CHANGES_LIST)


async def _listed(tx: Transaction, desk: Desk, person: Person, page: Awaitable[Page[Change]]) -> ChangeList:
    try:
        found = await page
    except ValueError as error:
        raise HandleUnknown from error
    return ChangeList(
        person=person,
        items=await _items(tx, desk, found.items),
        after=found.after,
        read_at=tx.now,
    )


async def _waiting(
    tx: Transaction, desk: Desk, person: Person, *, may: bool, after: str | None, limit: int
) -> ChangeList:
    if not may:
        return ChangeList(person=person, items=(), after=None, read_at=tx.now)
    own = desk.policies().approval.self_approval
    items: list[ListedChange] = []
    for _ in range(_LOOKED_THROUGH // limit):
        page = await _listed(tx, desk, person, tx.changes.waiting(person.actor.team_id, after=after, limit=limit))
        items += [each for each in page.items if _decides(person, each, own=own, now=page.read_at)]
        after = page.after
        if after is None or len(items) >= limit:
            break
    return ChangeList(person=person, items=tuple(items), after=after, read_at=tx.now)


def _decides(person: Person, listed: ListedChange, *, own: bool, now: datetime) -> bool:
    """Whether this person's approval would count."""
    change = listed.change
    given = any(each.actor == person.actor for each in listed.status.given)
    return change.expires_at > now and not given and (own or change.asker != person.actor)


async def _items(tx: Transaction, desk: Desk, changes: Sequence[Change]) -> tuple[ListedChange, ...]:
    """A page costs three statements, however long it is: Home is drawn after every action."""
    if not changes:
        return ()
    cards = await tx.cards.of_all([each.id for each in changes])
    statuses = await approval_statuses(tx, desk, changes)
    return tuple(ListedChange(change=each, card=cards.get(each.id), status=statuses[each.id]) for each in changes)
