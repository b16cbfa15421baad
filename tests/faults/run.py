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
from tests.faults.verdict import faults_of
from tests.faults.world import World
from tests.journeys.steps import EN, asked, confirming
from tests.support.workspace_person import Person, wait_for
from tests.support.workspace_reading import buttons, reading

_HELD_SECONDS: Final = 8.0
_BLOCKED: Final = 1.5
_LONGEST_FAULT: Final = 400
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
class _Run:
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
            await self._people_and_fault(faulty)
            if self.action is Action.KILL or self.point.process == "worker":
                healthy.append(self.world.children.start(*command(self.point.process)))
            if self.action is Action.STOP:
                await self._asleep(faulty)
            if self.point.process == "serve":
                await self._press_again()
            change = await self._quiet()
            if self.action is Action.STOP:
                await ended_well(faulty)
            change = await self._way_out(change)
            for child in healthy:
                await ended_well(child)
            return change.id
        finally:
            for child in (faulty, *healthy):
                child.kill()

    async def _people_and_fault(self, faulty: Child) -> None:
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
            await self._until(ChangeState.UNKNOWN)
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

    async def _asleep(self, faulty: Child) -> None:
        """Everybody else goes on past its lease, as far as its locks let them; then it wakes up."""
        if self.point.inside:
            await asyncio.sleep(_BLOCKED)
            self.world.clock.advance(timedelta(seconds=125))
            await asyncio.sleep(_BLOCKED)
        elif self.point.process == "worker":
            await self._quiet()
        else:
            self.world.clock.advance(timedelta(seconds=125))
        faulty.go_on()
        await asyncio.sleep(max(_BLOCKED, self.answered - time.monotonic()))

    async def _press_again(self) -> None:
        """Whoever got no answer submits the same modal again: it is the same change, approved once."""
        await self.world.slack.wait_connected(within=30)
        person = await self.world.person("sales_agent")
        view = await person.modal()
        if view is not None and view.get("submit") is not None:
            approving = self.point.story is Story.APPROVAL
            done = await person.submit() if approving else await person.submit({EN.field: "4711"})
            assert done["result"] == "updated", done
            assert "went wrong" not in reading(done["view"]), reading(done["view"])

    async def _change(self) -> Change | None:
        changes, _ = await rows_of(self.world, [self.customer["id"]])
        return changes[0] if changes else None

    async def _until(self, state: ChangeState) -> None:
        async def look() -> bool:
            change = await self._change()
            return change is not None and change.state is state

        await wait_for(look, within=30, wanted=f"the change to be {state}")

    async def _quiet(self) -> Change:
        """The one change, once nothing is left to be done about it."""
        changes = await at_rest(self.world, [self.customer["id"]], dead=self.struck)
        assert len(changes) == 1, f"{len(changes)} changes"
        return changes[0]

    async def _way_out(self, change: Change) -> Change:
        """An outcome that stays unknown is settled by a second person who looked: after a day, not before."""
        if change.state is not ChangeState.UNKNOWN:
            return change
        name, amara = self.customer["companyName"], await self.world.person("admin_agent")
        card = await amara.wait_for_message(AUDIT, containing=name)
        assert "Partner Center" in reading(card), reading(card)
        await amara.press(card, "Check the outcome")
        await asyncio.sleep(_BLOCKED)
        change = await self._quiet()
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
        return await self._quiet()


async def run_point(world: World, point: Point, action: Action) -> Result:
    """Everything about one point, on the world's engine, for a customer that nobody ordered for yet."""
    began, customer = time.monotonic(), next(world.book)
    run = _Run(world=world, point=point, action=action, customer=customer)
    faults: list[str] = []
    state, orders = "?", -1
    try:
        change_id = await run.go()
        faults = await faults_of(world, change_id, orders=point.orders_after(action))
    except Exception as error:  # noqa: BLE001 - a point that cannot be carried out is a result as well
        faults = [f"{type(error).__name__}: {str(error)[:_LONGEST_FAULT]}"]
    finally:
        world.service.faults.clear()
        for person in ("sales_agent", "helpdesk_agent", "admin_agent"):
            await _close_modals(await world.person(person))
    change, orders = await run._change(), await world.orders(customer["id"])  # noqa: SLF001 - the same module's
    state = "none" if change is None else change.state.value
    return Result(
        point=point,
        action=action,
        engine=world.engine,
        state=state,
        orders=orders,
        faults=tuple(faults),
        seconds=time.monotonic() - began,
    )


async def _close_modals(person: Person) -> None:
    if await person.modal() is not None:
        await person.close(clear=True)
