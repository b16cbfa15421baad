"""Several processes on one database: work is taken over, and what belongs to one customer is sent one by one."""

import asyncio
from typing import Any

import pytest

from bot.domain.changes import ChangeState
from tests.faults.conftest import Worlds
from tests.faults.points import Action, named
from tests.faults.processes import command, ended_well
from tests.faults.resting import at_rest
from tests.faults.run import TARGET
from tests.faults.verdict import faults_of
from tests.faults.world import World
from tests.journeys.steps import EN, asked, ordered
from tests.support.workspace_reading import buttons

ENGINES = pytest.mark.parametrize("engine", ["sqlite", "postgres"])


async def order(world: World, customer: dict[str, Any], *, button: str = TARGET) -> None:
    """From the command to the modal that says that it is recorded."""
    sven = await world.person("sales_agent")
    listed = await asked(sven, customer["domain"])
    await ordered(sven, listed, button, EN)
    await sven.close(clear=True)


@ENGINES
async def test_what_a_killed_worker_had_is_taken_over_after_its_lease(worlds: Worlds, engine: str) -> None:
    """Two workers, one killed with the answer in its hands: every change ends, every customer has one order."""
    async with worlds(engine, customers=5) as world:
        point = named("answer: there")
        dying = world.children.start(*command("worker"), point=point, action=Action.KILL)
        other = world.children.start(*command("worker"))
        world.children.start(*command("serve"))
        await world.slack.wait_connected(within=30)
        customers = list(world.book)
        dying.arm()
        for customer in customers:
            await order(world, customer)
            if not dying.alive:
                break
        ordered_for = customers[: customers.index(customer) + 1]
        await asyncio.sleep(1)
        if dying.alive:  # the other one was faster each time: there is nothing to take over in this run
            dying.kill()
        ids = [each["id"] for each in ordered_for]
        changes = await at_rest(world, ids, dead=dying.pid, wanted=len(ids))
        assert {each.state for each in changes} == {ChangeState.COMPLETED}
        for change in changes:
            assert not await faults_of(world, change.id, orders=(1,))
        await ended_well(other)


@ENGINES
async def test_two_upgrades_of_one_customer_to_one_target_end_with_one_order(worlds: Worlds, engine: str) -> None:
    """Conditions 3 and 4 are the customer's: the second look of the later one sees the order of the first."""
    async with worlds(engine, customers=1, held=2) as world:
        world.children.start(*command("serve"))
        await world.slack.wait_connected(within=30)
        customer = next(world.book)
        sven = await world.person("sales_agent")
        listed = await asked(sven, customer["domain"])
        both = [each for each in buttons(listed) if each.startswith(TARGET)]
        assert len(both) == 2
        for button in both:
            await order(world, customer, button=button)
        workers = [world.children.start(*command("worker")) for _ in range(2)]
        changes = await at_rest(world, [customer["id"]], wanted=2)
        assert sorted(each.state for each in changes) == [ChangeState.COMPLETED, ChangeState.REFUSED]
        assert await world.orders(customer["id"]) == 1
        for worker in workers:
            await ended_well(worker)
