"""A segment is computed in a child, and here where there is none: the same either way (issue 5, section 4)."""

import os
import signal

import pytest

from bot.domain.customers import Customer
from storage.customers import building
from storage.customers.batch import Batch
from storage.customers.building import Builder


def batch(count: int) -> Batch:
    names = ("Müller & Söhne {} GmbH", "ガス {} 株式会社", "{} ﷺ\u2028\x1f'\"\\ A/S", "Weiß-{} e.K.")
    made = Batch()
    made.add(
        Customer(id=f"{at:08x}", name=names[at % len(names)].format(at), domain=f"{at}.example") for at in range(count)
    )
    return made


async def test_a_child_computes_what_is_computed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    builder, wanted = Builder(), batch(2_500)
    monkeypatch.setattr(building, "_SECONDS", 30.0)
    try:
        for _ in range(2):
            assert await builder.segment(wanted) == wanted.segment()
        assert builder._child is not None  # noqa: SLF001 - that there is one
        assert builder._child.returncode is None  # noqa: SLF001
    finally:
        await builder.close()
    assert builder._child is None  # noqa: SLF001


async def test_where_the_child_was_killed_it_is_computed_here() -> None:
    builder, wanted = Builder(), batch(2_500)
    try:
        await builder.segment(wanted)
        child = builder._child  # noqa: SLF001 - to kill it
        assert child is not None
        os.kill(child.pid, signal.SIGKILL)
        await child.wait()
        assert await builder.segment(wanted) == wanted.segment()
        assert await builder.segment(wanted) == wanted.segment()
    finally:
        await builder.close()


async def test_a_few_need_no_child() -> None:
    builder = Builder()
    assert await builder.segment(batch(3)) == batch(3).segment()
    assert builder._child is None  # noqa: SLF001
