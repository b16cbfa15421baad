"""A thousand changes through a service in a storm, on both engines, with a table of what was met.

python -m tests.chaos [--changes 1000] [--seed WORDS] [--engine sqlite|postgres]
"""

import argparse
import asyncio
import contextlib
import logging
import sys
import tempfile
from pathlib import Path

import structlog

from storage import migrate
from tests.chaos.run import Report, run_chaos
from tests.support.engines import started_postgres

_ENGINES = ("sqlite", "postgres")


def main(arguments: list[str]) -> int:
    """Run; 0 if everything holds, else the AssertionError names what does not."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--changes", type=int, default=1000)
    parser.add_argument("--seed", default="a thousand changes")
    parser.add_argument("--engine", choices=_ENGINES, action="append")
    chosen = parser.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for engine in chosen.engine or _ENGINES:
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ud-chaos-")))
            url = f"sqlite:///{folder / 'desk.db'}"
            if engine == "postgres":
                url = stack.enter_context(started_postgres(None))
            migrate.upgrade(url)
            report = asyncio.run(run_chaos(database_url=url, folder=folder, seed=chosen.seed, changes=chosen.changes))
        sys.stdout.write(_told(engine, chosen.seed, report))
    return 0


def _told(engine: str, seed: str, report: Report) -> str:
    verdict = report.verdict
    states = ", ".join(f"{count} {state}" for state, count in verdict.states.most_common())
    lines = [
        f"{engine}, seed {seed!r}: everything holds, {report.seconds:.0f} s",
        f"  changes   {verdict.changes}: {states}",
        f"  sendings  {verdict.attempts} marked, {sum(report.met.values())} arrived, {report.killed} cut off",
        f"  orders    {verdict.orders}, each of a change of its own",
        f"  trail     {verdict.entries} entries, the chain is whole",
        *(f"  {count:>7}   {what}" for what, count in report.met.most_common()),
        f"  reads     {sum(report.reads_met.values())}, of them {report.reads_met['fair']} in fair weather",
    ]
    return "\n".join(lines) + "\n\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
