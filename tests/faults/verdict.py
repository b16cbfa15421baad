"""What must hold after a fault, whatever it was: one order, a whole trail, each message once, the card like the row."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import select

from bot.bootstrap.application import Application
from bot.desk.approval_status import approval_status
from bot.domain.audit import AuditName
from bot.domain.changes import OPEN, TRANSITIONS, Change, ChangeState
from bot.locales import load as load_locales
from bot.worker.drawing import Drawing
from bot.workspace.sample import APPROVALS, AUDIT, TEAM
from bot.workspace.state.board import Message
from storage.records import AuditRow
from storage.tables.outgoing import outbox
from tests.faults.world import World
from tests.support.workspace_reading import reading

_CLAIM: Final = (ChangeState.APPROVED, ChangeState.SUBMITTING)
"""A claim has no entry of its own: nothing is decided by it, and the entry after it says from where it went on."""

_TOLD: Final = frozenset(ChangeState) - OPEN | {ChangeState.UNKNOWN}


async def faults_of(
    world: World, change_id: str, *, orders: tuple[int, ...], ends: ChangeState | None = None
) -> list[str]:
    """A sentence for everything that does not hold; none where all is well. `ends`: the state that it must be in."""
    app = world.look
    async with app.desk.database.read() as tx:
        change = await tx.changes.get(change_id)
        assert change is not None
        entries = await tx.audit.of_change(change_id)
        report = await tx.audit.verify(TEAM.id)
        items = (await tx.outbox.unit.execute(select(outbox).where(outbox.c.change_id == change_id))).all()
        card, status = await tx.cards.get(change_id), await approval_status(tx, app.desk, change)
    messages = [each for each in _messages(world, change) if payload_of(each).get("change") == change_id]
    found = [*_service(await world.orders(change.facts.customer_id), change, orders, ends)]
    found += [f"the chain is broken: {each}" for each in report.faults]
    found += _walk(change, entries)
    found += _once(items, messages, change)
    found += _in_order(messages)
    where = None if card is None else world.slack.server.workspace.board.get(card.channel_id, card.ts)
    if where is None:
        return [*found, "there is no card"]
    return [*found, *_like_the_row(app, change, status, where)]


def _service(orders: int, change: Change, wanted: tuple[int, ...], ends: ChangeState | None) -> Iterator[str]:
    if orders not in wanted:
        yield f"the service carried out {orders} orders, not {' or '.join(map(str, wanted))}"
    if orders and change.state not in {ChangeState.COMPLETED, ChangeState.UNKNOWN}:
        yield f"it was ordered, and the change is {change.state}"
    if ends is not None:
        if change.state is not ends:
            yield f"the change is {change.state}, not {ends}"
    elif not orders and change.state not in {ChangeState.FAILED, ChangeState.UNKNOWN}:
        yield f"nothing was ordered, and the change is {change.state}"
    if change.state not in _TOLD:
        yield f"the change is left {change.state}"


def _walk(change: Change, entries: list[AuditRow]) -> Iterator[str]:
    """Every state that was reached stands in an entry, each reached from the one before as the table allows."""
    at: ChangeState | None = None
    for row in entries:
        entry = row.entry
        if entry.name is AuditName.CHANGE_REQUEST:
            if at is not None:
                yield f"entry {row.number} is a second birth"
            at = ChangeState(str(entry.after))
            continue
        before, after = entry.before, entry.after
        if before is None or after is None:
            continue
        if at is None or (before is not at and (at, before) != _CLAIM):
            yield f"entry {row.number} goes on from {before}, the one before it ended with {at}"
        if after is not before and after not in TRANSITIONS[ChangeState(before)]:
            yield f"entry {row.number} goes from {before} to {after}"
        at = ChangeState(after)
    if at is not change.state:
        yield f"the last entry ends with {at}, the change is {change.state}"


def _once(items: Any, messages: list[Message], change: Change) -> Iterator[str]:
    there = Counter(item for message in messages for item in _items(message))
    for item in items:
        if item.status != "sent":
            yield f"a {item.kind} is {item.status} ({item.why})"
        overtaken = item.kind == "notice" and item.state != change.state.value
        if there[item.id] > 1 or (there[item.id] == 0 and not overtaken):
            yield f"a {item.kind} ({item.audit_number or item.state or change.state}) is there {there[item.id]} times"
    unknown = set(there) - {item.id for item in items}
    if unknown:
        yield f"messages of items that do not exist: {unknown}"


def _in_order(messages: list[Message]) -> Iterator[str]:
    steps = [number for each in messages if payload_of(each).get("kind") == "step" for number in _entries(each)]
    if steps != sorted(steps):
        yield f"the thread is out of order: {steps}"


def _like_the_row(app: Application, change: Change, status: Any, message: Message) -> Iterator[str]:
    drawing = Drawing(catalogues=load_locales(), catalogue=app.desk.catalogue, language=app.settings.language)
    wanted = drawing.card(change, status)
    if message.text != wanted.text or reading(message.blocks) != reading(list(wanted.blocks)):
        yield f"the card says {message.text!r}, the row {wanted.text!r}"


def _messages(world: World, change: Change) -> Iterator[Message]:
    """What stands in the channels, in the direct conversation and in the threads, oldest first."""
    workspace = world.slack.server.workspace
    for channel in (AUDIT, APPROVALS, workspace.places.direct_id(change.asker.user_id)):
        for message in workspace.board.history(channel):
            yield message
            yield from workspace.board.replies(channel, message.ts)


def payload_of(message: Message) -> dict[str, Any]:
    """The metadata that a message carries; empty where it has none."""
    return (message.metadata or {}).get("event_payload") or {}


def _items(message: Message) -> list[str]:
    """What a message tells: one item, or steps that were gathered."""
    payload = payload_of(message)
    return str(payload.get("items") or payload.get("item")).split()


def _entries(message: Message) -> list[int]:
    payload = payload_of(message)
    several = str(payload.get("entries") or "").split()
    return [int(each.partition(":")[0]) for each in several] or [int(payload.get("audit_number") or 0)]
