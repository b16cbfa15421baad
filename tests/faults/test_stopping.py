"""Stopping and starting (issue 4, 7): SIGTERM ends with 0 within 25 seconds, and a second start is safe."""

import asyncio
import signal
import sys
import time

import aiohttp
import pytest

from bot.domain.changes import ChangeState
from bot.eligibility.service.faults import ORDERS
from bot.web.server import bind
from tests.faults.conftest import Worlds
from tests.faults.processes import ROOT, Child, command, ended_well
from tests.faults.resting import at_rest
from tests.faults.test_side_by_side import ENGINES, order
from tests.faults.verdict import faults_of
from tests.faults.world import World, environment
from tests.support.workspace_person import wait_for


async def ready(port: int) -> int:
    """The status of `/readyz`; 0 where nobody answers."""
    try:
        async with aiohttp.ClientSession() as web, web.get(f"http://127.0.0.1:{port}/readyz") as answer:
            return answer.status
    except aiohttp.ClientError:
        return 0


async def at_the_service(world: World) -> None:
    """Wait until an order met the fault that is armed."""

    async def look() -> bool:
        return bool(world.service.faults.met)

    await wait_for(look, within=30, wanted="the order at the service")


async def test_readiness_turns_before_anything_stops(worlds: Worlds) -> None:
    """Told to stop, `serve` says 503 while it still takes in; then it ends with 0."""
    with bind(host="127.0.0.1", port=0) as found:
        port = found.getsockname()[1]
    async with worlds("sqlite", customers=1) as world:
        serve = world.children.start("serve", "--port", str(port))

        async def status(wanted: int) -> bool:
            return await ready(port) == wanted

        await wait_for(lambda: status(200), within=30, wanted="serve to be ready")
        await world.slack.wait_connected()
        serve.ask_to_stop()
        began = time.monotonic()
        await wait_for(lambda: status(503), within=2, wanted="readiness to turn")
        assert serve.alive
        sven = await world.person("sales_agent")
        assert "error" not in await sven.send("C0GENERAL1", "/upgrade-options Kunde 000")
        code, _ = await serve.ended()
        assert code == 0, serve.tail()
        assert time.monotonic() - began < 25


async def test_an_order_under_way_is_finished(worlds: Worlds) -> None:
    """The service takes three seconds: the worker that is told to stop waits for it."""
    async with worlds("sqlite", customers=1) as world:
        worker = await _with_worker(world)
        world.service.faults.arm("slow", method="POST", path=ORDERS, seconds=3.0)
        customer = next(world.book)
        await order(world, customer)
        await at_the_service(world)
        await ended_well(worker)
        await _ended_once(world, customer["id"])


async def test_an_order_that_hangs_is_handed_over(worlds: Worlds) -> None:
    """The service never answers: the next worker finds by reading that it was carried out."""
    async with worlds("sqlite", customers=1) as world:
        worker = await _with_worker(world)
        world.service.faults.arm("hang", method="POST", path=ORDERS, acts=True, seconds=30.0)
        customer = next(world.book)
        await order(world, customer)
        await at_the_service(world)
        await ended_well(worker)
        await _ended_once(world, customer["id"], dead=worker.pid)


@ENGINES
async def test_a_rolling_deployment_loses_nothing(worlds: Worlds, engine: str) -> None:
    """The new pair starts beside the old one, which is told to stop while changes are sent."""
    async with worlds(engine, customers=6) as world:
        old = [world.children.start(*command("serve")), await _with_worker(world, serve=False)]
        await world.slack.wait_connected(within=30)
        customers = list(world.book)
        for customer in customers[:3]:
            await order(world, customer)
        new = [world.children.start(*command("serve")), world.children.start(*command("worker"))]
        await wait_for(lambda: _connections(world, 2), within=30, wanted="the new one to be connected")
        for child in old:
            child.ask_to_stop()
        await wait_for(lambda: _connections(world, 1), within=30, wanted="the old one to go")
        for customer in customers[3:]:
            await order(world, customer)
        for child in old:
            code, _ = await child.ended()
            assert code == 0, child.tail()
        changes = await at_rest(world, [each["id"] for each in customers], wanted=len(customers))
        assert {each.state for each in changes} == {ChangeState.COMPLETED}
        for change in changes:
            assert not await faults_of(world, change.id, orders=(1,))
        for child in new:
            await ended_well(child)


async def _connections(world: World, count: int) -> bool:
    return world.slack.server.workspace.socket.connections == count


async def _with_worker(world: World, *, serve: bool = True) -> Child:
    """A worker, and where it is wanted somebody who takes in."""
    if serve:
        world.children.start(*command("serve"))
        await world.slack.wait_connected(within=30)
    return world.children.start(*command("worker"))


async def _ended_once(world: World, customer_id: str, *, dead: int = 0) -> None:
    """The next worker tells what is left to be told."""
    worker = world.children.start(*command("worker"))
    (change,) = await at_rest(world, [customer_id], dead=dead)
    assert not await faults_of(world, change.id, orders=(1,))
    assert change.state is ChangeState.COMPLETED
    await ended_well(worker)


STRUCK_WHILE_LOADING = """
import os, signal, sys

class Strike:
    def find_spec(self, name, path=None, target=None):
        if name == "sqlalchemy":
            os.kill(os.getpid(), signal.SIGTERM)

sys.meta_path.insert(0, Strike())
from bot.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("command_line", "code"),
    [("serve", 0), ("worker", 0), ("eligibility", 0), ("demo", 0), ("migrate", -signal.SIGTERM)],
)
async def test_told_to_stop_while_it_loads_it_ends_well(command_line: str, code: int) -> None:
    """A deployment that is taken back at once is no failure; a migration that did not come about is one."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", STRUCK_WHILE_LOADING, command_line, cwd=ROOT, env=environment({})
    )
    async with asyncio.timeout(60):
        assert await process.wait() == code
