"""The pressed card locks at once, from memory (decision 0066), while a thousand messages wait and Slack takes none."""

from pathlib import Path
from typing import Final

from bot.domain.changes import ChangeState
from bot.domain.people import Actor
from bot.worker.pacing import Pacing
from bot.workspace.sample import APPROVALS, AUDIT, PEOPLE, TEAM
from storage.outgoing_records import Queue, Waiting
from storage.records import OutboxKind
from tests.journeys.steps import EN, asked
from tests.support import made
from tests.support.product import Product, running_product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import wait_for
from tests.support.workspace_reading import buttons

BOOK: Final = [customer("Fabrikam AG", subscription(BASIC, 12), domain="fabrikam.example")]
THOUSAND: Final = 1_000
HOUR: Final = 3600.0


async def fill(product: Product) -> None:
    """A thousand cards that nobody drew yet; then Slack asks for an hour of patience, in everything."""
    pacing = Pacing(approvals_channel=APPROVALS, audit_channel=AUDIT)
    async with product.app.desk.database.write() as tx:
        for queue in Queue:
            await tx.turns.hold(pacing.main(Waiting(team_id=TEAM.id, queue=queue)), seconds=HOUR)
        for number in range(THOUSAND):
            fields = {
                "team_id": TEAM.id,
                "asker": Actor(team_id=TEAM.id, user_id=PEOPLE["user_admin"]),
                "state": ChangeState.AWAITING_APPROVAL,
                "approvals_needed": 1,
            }
            change = await tx.changes.add(made.change(tx, customer=f"made-up-{number}", **fields))
            await tx.outbox.add(made.item(tx, OutboxKind.CARD, change.id, team_id=TEAM.id, priority=0))


async def test_the_pressed_card_locks_at_once_while_a_thousand_wait(tmp_path: Path) -> None:
    async with running_product(tmp_path, customers=BOOK) as product:
        heidi = await product.person("helpdesk_agent", locale="en-US")
        await heidi.press(await asked(heidi, "fabrikam.example"), "Office 365 E3")
        await heidi.wait_for_modal(title=EN.confirm)
        await heidi.submit({EN.field: "4711"})
        sven = await product.person("sales_agent", locale="en-US")
        card = await sven.wait_for_message(APPROVALS, containing="Fabrikam AG")
        await sven.press(card, "Check and approve")
        await sven.wait_for_modal(title="Check and approve")
        await fill(product)
        before = list(product.slack.server.workspace.board.history(APPROVALS))
        assert (await sven.submit())["result"] == "updated"
        locked = await sven.wait_for_message(
            APPROVALS, containing="Fabrikam AG", where=lambda each: "WAITING" not in each["text"]
        )
        assert buttons(locked) == []
        assert "Approved: <@U0SALES001>" in locked["text"]
        assert len(list(product.slack.server.workspace.board.history(APPROVALS))) == len(before)
        await wait_for(lambda: carried_out(product), within=30, wanted="the order")
        async with product.app.desk.database.read() as tx:
            (change,) = (await tx.changes.mine(Actor(team_id=TEAM.id, user_id=heidi.id))).items
            assert {item.kind for item in await tx.outbox.of(change.id)} >= {OutboxKind.CARD}
            assert (await tx.outbox.depth()).waiting > THOUSAND


async def carried_out(product: Product) -> bool:
    """What was decided is ordered, however long the messages about it have to wait."""
    return await product.orders() == 1
