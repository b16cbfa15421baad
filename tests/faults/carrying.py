"""What carries a point out, by the story that it is in."""

import time
from types import MappingProxyType
from typing import Final

from tests.faults.point import Action, Point, Story
from tests.faults.run import Result, Run
from tests.faults.stories import Answered, Refused, Reject, Seats, Settle, Throttled, Wait, Withdraw
from tests.faults.verdict import faults_of
from tests.faults.world import World
from tests.support.workspace_person import Person

_LONGEST_FAULT: Final = 400

RUNS: Final = MappingProxyType(
    {
        Story.REJECT: Reject,
        Story.WITHDRAW: Withdraw,
        Story.SETTLE: Settle,
        Story.WAIT: Wait,
        Story.ACCEPTED: Answered,
        Story.THROTTLED: Throttled,
        Story.REFUSED: Refused,
        Story.SEATS: Seats,
    }
)


async def run_point(world: World, point: Point, action: Action) -> Result:
    """Everything about one point, on the world's engine, for a customer that nobody ordered for yet."""
    began, customer = time.monotonic(), next(world.book)
    run = RUNS.get(point.story, Run)(world=world, point=point, action=action, customer=customer)
    faults: list[str] = []
    state, orders = "?", -1
    try:
        change_id = await run.go()
        faults = await faults_of(world, change_id, orders=point.orders_after(action), ends=point.ends)
        faults += await run.more_faults()
    except Exception as error:  # noqa: BLE001 - a point that cannot be carried out is a result as well
        faults = [f"{type(error).__name__}: {str(error)[:_LONGEST_FAULT]}"]
    finally:
        world.service.faults.clear()
        for person in ("sales_agent", "helpdesk_agent", "admin_agent"):
            await _close_modals(await world.person(person))
    change, orders = await run.change(), await world.orders(customer["id"])
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
