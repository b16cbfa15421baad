"""What has to hold after any trouble with Slack: all there, once, in order within each thread."""

from collections import Counter, defaultdict
from typing import Any, Final

from pydantic import SecretStr
from sqlalchemy import select

from bot.desk.outbox_state import OutboxState, outbox_state
from bot.workspace.state.board import Message
from storage.tables.outgoing import outbox
from tests.support.product import Product
from tests.support.workspace_person import wait_for

PROBE: Final = 16.0
"""Seconds after which one item asks again for all."""
PATIENCE: Final = 60.0
_QUIET: Final = 10


async def state(product: Product) -> OutboxState:
    """How the outbox stands."""
    return await outbox_state(product.app.desk.database)


async def all_sent(product: Product, *, moved: float = PROBE, within: float = PATIENCE) -> None:
    """Move the clock on in small steps until nothing waits; nothing was given up meanwhile."""
    quiet = 0

    async def look() -> bool:
        nonlocal quiet
        async with product.app.desk.database.read() as tx:
            rows = (await tx.changes.unit.execute(select(outbox.c.status))).scalars().all()
        # What is under way keeps its lease: the clock is moved when the worker has nothing to do.
        quiet = 0 if "leased" in rows else quiet + 1
        if "waiting" in rows and quiet >= _QUIET:
            quiet = 0
            await product.slack.advance(moved)
        return not {"waiting", "leased"} & set(rows)

    await wait_for(look, within=within, wanted="the outbox to be empty")
    found = await state(product)
    assert (found.waiting, found.given_up) == (0, 0)


async def kept_back(product: Product, code: str, *, within: float = PATIENCE) -> int:
    """Wait until this code is what is in the way; how many items wait for it."""

    async def look() -> int:
        found = (await state(product)).troubles.get(code)
        return found.waiting if found is not None else 0

    count: int = await wait_for(look, within=within, wanted=f"{code} to be in the way")
    return count


async def figures(product: Product) -> dict[str, float]:
    """`/metrics` of the bot, its outbox: name with labels -> value."""
    await product.app.metrics.refresh()
    lines = product.app.metrics.page().decode().splitlines()
    named = (line.rsplit(" ", 1) for line in lines if line.startswith(("upgrade_desk_outbox", "upgrade_desk_slack")))
    return {name: float(value) for name, value in named}


def posted(product: Product) -> list[Message]:
    """Every message of the app that carries metadata, wherever it stands, oldest first."""
    workspace = product.slack.server.workspace
    found: list[Message] = []
    for place in workspace.places.all():
        for top in workspace.board.history(place.id):
            found += [top, *workspace.board.replies(place.id, top.ts)]
    return sorted((each for each in found if each.metadata), key=lambda each: each.ts)


def payload(message: Message) -> dict[str, Any]:
    """What a message carries so that it is found again."""
    return dict((message.metadata or {})["event_payload"])


def once_and_in_order(product: Product) -> None:
    """No item stands twice, and in each thread the entries come in the order of the trail."""
    messages = posted(product)
    counted = Counter(payload(each)["item"] for each in messages)
    assert [item for item, count in counted.items() if count > 1] == []
    threads: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for each in messages:
        if each.thread_ts is not None and each.thread_ts != each.ts:
            threads[each.channel, each.thread_ts].append(int(payload(each)["audit_number"]))
    for thread, numbers in threads.items():
        assert numbers == sorted(set(numbers)), (thread, numbers)


async def nothing_lost(product: Product) -> None:
    """Each change has one card, which is drawn from its newest row, and the last of its steps stands in its thread."""
    once_and_in_order(product)
    async with product.app.desk.database.read() as tx:
        rows = (await tx.changes.unit.execute(select(outbox))).all()
        cards = {change: await tx.cards.get(change) for change in {row.change_id for row in rows}}
        changes = {change: await tx.changes.get(change) for change in cards}
    assert {row.status for row in rows} <= {"sent"}, [(row.kind, row.status, row.why) for row in rows]
    by_place = {(each.channel, each.ts): each for each in posted(product)}
    for change_id, card in cards.items():
        change = changes[change_id]
        assert card is not None, change_id
        assert change is not None
        shown = payload(by_place[card.channel_id, card.ts])
        assert (shown["change"], shown["kind"]) == (change_id, "card")
        assert shown["version"] == str(change.row_version), (change_id, shown, change.row_version)
        steps = [row.audit_number for row in rows if row.change_id == change_id and row.kind == "step"]
        told = [
            int(payload(each)["audit_number"])
            for each in by_place.values()
            if each.thread_ts == card.ts and each.ts != card.ts and each.channel == card.channel_id
        ]
        if steps:
            assert told, change_id
            assert max(told) == max(steps), (change_id, told, steps)
    await product.check_trail()


async def with_new_token(product: Product, token: str) -> None:
    """The app is installed anew: another token, and the bot starts again with it."""
    product.slack.server.workspace.tokens.issue(token)
    await product.stop_bot()
    product.use_bot_token(SecretStr(token))
    await product.start_bot()
