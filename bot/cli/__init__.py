"""`upgrade-desk`: one file per group of commands."""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from typing import Final

_LISTENING: Final = frozenset({"serve", "worker", "eligibility", "demo"})
"""Commands that run until they are told to stop: being told so is no failure, at whatever moment it comes."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0, 1 for what failed, 2 for wrong settings or arguments.

    Loading the program takes a second or two. What listens ends with 0 if it is told to stop meanwhile.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] not in _LISTENING or threading.current_thread() is not threading.main_thread():
        return _run(given)
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: os._exit(0))
    try:
        return _run(given)
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(given: list[str]) -> int:
    from bot.cli.program import main as program  # noqa: PLC0415 - what takes long is loaded once a stop is heeded

    return program(given)
