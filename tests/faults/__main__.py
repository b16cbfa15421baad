"""`make faults`: every point, killed and stopped, on both engines; prints a table and fails if anything does not hold.

python -m tests.faults [--engine sqlite|postgres] [--action kill|stop] [--only WORDS] [--keep FOLDER]
"""

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from storage import migrate
from tests.faults.carrying import run_point
from tests.faults.points import POINTS, Action, Point
from tests.faults.run import Result
from tests.faults.world import running_world
from tests.support.engines import started_postgres

ENGINES = ("sqlite", "postgres")


@contextlib.contextmanager
def _database(engine: str, folder: Path) -> Iterator[str]:
    """The URL of a migrated, empty database."""
    with contextlib.ExitStack() as stack:
        if engine == "sqlite":
            url = f"sqlite:///{folder / 'desk.sqlite3'}"
        else:
            url = stack.enter_context(started_postgres(None))
        migrate.upgrade(url)
        yield url


async def run_engine(
    engine: str, wanted: Sequence[tuple[Point, Action]], tell: Callable[[Result], None], *, keep: Path | None = None
) -> None:
    """All these points one after the other. `keep`: a folder for the processes' logs and the data."""
    with contextlib.ExitStack() as stack:
        if keep is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ud-faults-")))
        else:
            folder = keep / engine
            folder.mkdir(parents=True)
        url = stack.enter_context(_database(engine, folder))
        async with running_world(folder, engine=engine, database_url=url, customers=len(wanted)) as world:
            for point, action in wanted:
                tell(await run_point(world, point, action))


def _row(result: Result) -> str:
    held = "ok" if not result.faults else "DOES NOT HOLD"
    cells = f"{result.point.name:<44} {result.action.value:<5} {result.engine:<9}"
    lines = [f"{cells} {result.orders:>6}  {result.state:<10} {result.seconds:5.1f} s  {held}"]
    return "\n".join([*lines, *(f"    {fault}" for fault in result.faults)])


async def _run(arguments: argparse.Namespace) -> int:
    wanted = [
        (point, Action(action))
        for action in ([arguments.action] if arguments.action else list(Action))
        for point in POINTS
        if arguments.only in point.name
    ]
    results: list[Result] = []

    def tell(result: Result) -> None:
        results.append(result)
        sys.stdout.write(_row(result) + "\n")
        sys.stdout.flush()

    sys.stdout.write(f"{'point':<44} {'fault':<5} {'engine':<9} {'orders':>6}  {'state':<10}\n")
    engines = [arguments.engine] if arguments.engine else ENGINES
    async with asyncio.TaskGroup() as group:
        for engine in engines:
            group.create_task(run_engine(engine, wanted, tell, keep=arguments.keep))
    broken = sum(bool(result.faults) for result in results)
    sys.stdout.write(f"{len(results)} faults injected, {broken} broke a promise.\n")
    return min(broken, 1)


async def _stoppable(arguments: argparse.Namespace) -> int:
    # A stand-in that is stopped while it holds an order says so at length.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)
    task = asyncio.ensure_future(_run(arguments))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def main(arguments: Sequence[str]) -> int:
    """Run; the exit code says whether everything held."""
    parser = argparse.ArgumentParser(prog="make faults")
    parser.add_argument("--engine", choices=ENGINES)
    parser.add_argument("--action", choices=[each.value for each in Action])
    parser.add_argument("--only", default="", help="points whose name has these words")
    parser.add_argument("--keep", type=Path, help="a new folder in which logs and data stay")
    return asyncio.run(_stoppable(parser.parse_args(arguments)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
