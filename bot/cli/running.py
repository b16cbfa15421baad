"""Running until a signal says stop, and turning what can go wrong into sentences and exit codes."""

import asyncio
import contextlib
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final, NoReturn

import structlog
import typer

from bot.bootstrap import logs
from bot.domain.errors import UpgradeDeskError
from bot.domain.ids import RandomIds
from bot.settings import Settings
from bot.settings_faults import SettingsError
from bot.web.server import PortTaken
from storage.errors import StorageError

STOP_SECONDS: Final = 25.0
NOTICE_SECONDS: Final = 2.0
WRONG_SETTINGS: Final = 2
FAILED: Final = 1
_INTERRUPTED: Final = 130


def load_settings(**given: Any) -> Settings:
    """The settings, with logging set up by them."""
    settings = Settings.load(**given)
    logs.configure(level=settings.log_level, form=settings.log_format)
    return settings


def fail(sentence: str, *, code: int = FAILED) -> NoReturn:
    """End with a sentence on standard error."""
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` to its end, or until Ctrl-C or SIGTERM cancels it; a second signal ends the process at once.

    Being stopped is no failure: it returns then as well. What goes wrong becomes a sentence and an exit code.
    """
    try:
        with asyncio.Runner(loop_factory=_new_loop) as runner:
            runner.run(_until_stopped(work))
    except* SettingsError as group:
        fail("\n".join(dict.fromkeys(fault for each in _leaves(group) for fault in _faults(each))), code=WRONG_SETTINGS)
    except* PortTaken as group:
        fail(str(_leaves(group)[0]))
    except* StorageError as group:
        fail(f"The database: {_leaves(group)[0]}.")
    except* UpgradeDeskError as group:
        fail(f"It was refused ({_leaves(group)[0]}).")
    except* typer.Exit as group:
        raise _leaves(group)[0] from None
    except* Exception as group:  # noqa: BLE001 - the last resort: a reference instead of a traceback
        reference = RandomIds().reference()
        structlog.get_logger(__name__).error("failed", reference=reference, exc_info=_leaves(group)[0])
        fail(f"Something unexpected went wrong. The log above has more under the reference {reference}.")


async def forever() -> None:
    """Wait until the process is told to stop.

    What was loaded until now stays for good: looking through all of it for garbage stops everybody for 0.1 s and more.
    """
    gc.collect()
    gc.freeze()
    await asyncio.get_running_loop().create_future()


class Leaving:
    """`/readyz` says first that this process is about to stop; only then does it take nothing more."""

    def __init__(self) -> None:
        self._leaving = False

    async def not_yet(self) -> bool:
        """The check for readiness."""
        return not self._leaving

    @contextlib.asynccontextmanager
    async def told_first(self) -> AsyncIterator[None]:
        """Leaving it turns readiness, and waits until whoever watches it had time to look (2 s)."""
        try:
            yield
        finally:
            self._leaving = True
            await asyncio.sleep(NOTICE_SECONDS)


async def _until_stopped(work: Callable[[], Awaitable[None]]) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work())
    stopping = False

    def stop() -> None:
        nonlocal stopping
        if stopping:
            os._exit(_INTERRUPTED)
        stopping = True
        task.cancel()
        loop.call_later(STOP_SECONDS, os._exit, _INTERRUPTED)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not stopping:
            raise


def _new_loop() -> asyncio.AbstractEventLoop:
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop  # noqa: PLC0415 - it cannot be had on Windows

    return uvloop.new_event_loop()


def _leaves(group: BaseExceptionGroup[Any]) -> list[Any]:
    return [
        leaf
        for each in group.exceptions
        for leaf in (_leaves(each) if isinstance(each, BaseExceptionGroup) else [each])
    ]


def _faults(error: SettingsError) -> tuple[str, ...]:
    return error.faults
