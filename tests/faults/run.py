"""One point: people order, the fault strikes, what is left takes over, and everything must hold."""

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bot.domain.changes import Change, ChangeState
from bot.eligibility.service.faults import ORDERS
from bot.workspace.sample import APPROVALS, AUDIT
from tests.faults.points import Action, Point, Story
from tests.faults.processes import Child, command, ended_well
from tests.faults.resting import at_rest, rows_of
from tests.faults.world import World
from tests.journeys.steps import EN, asked, confirming
from tests.support.workspace_person import Person, wait_for
from tests.support.workspace_reading import buttons, reading

_HELD_SECONDS: Final = 8.0
BLOCKED: Final = 1.5
TARGET: Final = "Office 365 E3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a point came out: the final state, the orders, and a sentence per fault."""

    point: Point
    action: Action
    engine: str
    state: str
    orders: int
    faults: tuple[str, ...]
    seconds: float


@dataclass(slots=True, kw_only=True)
class Run:
    """One point, from the command to the last message. Stories of their own: `stories.py`."""

    world: World
    point: Point
    action: Action
    customer: dict[str, Any]
    struck: int = 0
    answered: float = 0.0

    async def go(self) -> str:
        """From the command to the last message; returns the change's id."""
        await self.world.other(self.point.process)
        faulty = self.world.children.start(*command(self.point.process), point=self.point, action=self.action)
        self.struck = faulty.pid
        healthy: list[Child] = []
        try:
            await self.people_and_fault(faulty)
            if self.action is Action.KILL or self.point.process == "worker":
                healthy.append(self.world.children.start(*command(self.point.process)))
            if self.action is Action.STOP:
                await self.asleep(faulty)
            if self.point.process == "serve":
                await self.press_again()
            change = await self.quiet()
            if self.action is Action.STOP:
                await ended_well(faulty)
                change = await self.quiet()  # what it said as it ended, of an answer that came too late, goes out too
            change = await self.way_out(change)
            for child in healthy:
                await ended_well(child)
            return change.id
        finally:
            for child in (faulty, *healthy):
                child.kill()

    async def people_and_fault(self, faulty: Child) -> None:
        """Order, and wait for the fault. A serving process is armed at the press that it is about."""
        world, point = self.world, self.point
        await world.slack.wait_connected(within=30)
        held = 0
        if point.story is Story.UNKNOWN:
            world.service.faults.arm("cut", method="POST", path=ORDERS, acts=True)
        elif point.target is None:
            held = len(world.service.faults.met)
            world.service.faults.arm("hang", method="POST", path=ORDERS, acts=point.acts, seconds=_HELD_SECONDS)
        asker = await world.person("helpdesk_agent" if point.story is Story.APPROVAL else "sales_agent")
        await confirming(asker, await asked(asker, self.customer["domain"]), TARGET, EN)
        about_approval = point.process == "serve" and point.story is Story.APPROVAL
        if not about_approval:
            faulty.arm()
        striking = asyncio.create_task(asker.submit({EN.field: "4711"}))
        if point.story is Story.APPROVAL:
            await striking
            approver = await self._reviewing()
            faulty.arm()
            striking = asyncio.create_task(approver.submit())
        if point.target is None:
            await wait_for(self._held(held), within=30, wanted="the order at the service")
            self.answered = time.monotonic() + _HELD_SECONDS
            # Nothing else is under way then: a process that is stopped in a transaction would keep SQLite's lock.
            await wait_for(self._nothing_waits, within=_HELD_SECONDS - 2, wanted="the outbox to be empty")
            faulty.strike()
        if point.story is Story.UNKNOWN:
            await self.until(ChangeState.UNKNOWN)
            world.clock.advance(timedelta(seconds=61))
        await faulty.struck(self.action)
        await striking

    async def _nothing_waits(self) -> bool:
        changes, waiting = await rows_of(self.world, [self.customer["id"]])
        return bool(changes) and not waiting

    def _held(self, before: int) -> Any:
        async def look() -> bool:
            return len(self.world.service.faults.met) > before

        return look

    async def _reviewing(self) -> Person:
        """The second person has the facts in front."""
        approver = await self.world.person("sales_agent")
        card = await approver.wait_for_message(APPROVALS, containing=self.customer["companyName"])
        await approver.press(card, "Check and approve")
        await approver.wait_for_modal(title="Check and approve", containing="Enterprise E3")
        return approver

    async def asleep(self, faulty: Child) -> None:
        """Everybody else goes on past its lease, as far as its locks let them; then it wakes up."""
        if self.point.inside:
            await asyncio.sleep(BLOCKED)
            self.world.clock.advance(timedelta(seconds=125))
            await asyncio.sleep(BLOCKED)
        elif self.point.process == "worker":
            await self.quiet()
        else:
            self.world.clock.advance(timedelta(seconds=125))
        faulty.go_on()
        await asyncio.sleep(max(BLOCKED, self.answered - time.monotonic()))

    async def press_again(self) -> None:
        """Whoever got no answer submits the same modal again: it is the same change, approved once."""
        await self.world.slack.wait_connected(within=30)
        person = await self.world.person("sales_agent")
        view = await person.modal()
        if view is not None and view.get("submit") is not None:
            approving = self.point.story is Story.APPROVAL
            done = await person.submit() if approving else await person.submit({EN.field: "4711"})
            assert done["result"] == "updated", done
            assert "went wrong" not in reading(done["view"]), reading(done["view"])

    async def change(self) -> Change | None:
        """The customer's change, if there is one yet."""
        changes, _ = await rows_of(self.world, [self.customer["id"]])
        return changes[0] if changes else None

    async def until(self, state: ChangeState, *, attempts: int = 0) -> None:
        """Wait until the change is in this state, after so many attempts."""

        async def look() -> bool:
            change = await self.change()
            return change is not None and change.state is state and change.attempts >= attempts

        await wait_for(look, within=30, wanted=f"the change to be {state}")

    async def more_faults(self) -> list[str]:
        """What else does not hold, besides what holds for every change."""
        return []

    async def quiet(self) -> Change:
        """The one change, once nothing is left to be done about it."""
        changes = await at_rest(self.world, [self.customer["id"]], dead=self.struck)
        assert len(changes) == 1, f"{len(changes)} changes"
        return changes[0]

    async def way_out(self, change: Change) -> Change:
        """An outcome that stays unknown is settled by a second person who looked: after a day, not before."""
        if change.state is not ChangeState.UNKNOWN:
            return change
        name, amara = self.customer["companyName"], await self.world.person("admin_agent")
        card = await amara.wait_for_message(AUDIT, containing=name)
        assert "Partner Center" in reading(card), reading(card)
        await amara.press(card, "Check the outcome")
        await asyncio.sleep(BLOCKED)
        change = await self.quiet()
        if change.state is ChangeState.COMPLETED:  # what was accepted was carried out meanwhile, and the look found it
            assert await self.world.orders(self.customer["id"]) == 1
            return change
        assert change.state is ChangeState.UNKNOWN, change.state
        assert not await self.world.orders(self.customer["id"])
        self.world.clock.advance(timedelta(hours=25))
        card = await amara.wait_for_message(
            AUDIT, containing=name, where=lambda each: "Settle by hand" in buttons(each)
        )
        await amara.press(card, "Settle by hand")
        await amara.wait_for_modal(title="Settle by hand")
        done = await amara.submit({"outcome": "failed", "seen": "No order in Partner Center, no new subscription"})
        assert done["result"] == "updated", done
        return await self.quiet()
