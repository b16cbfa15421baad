"""Issue 4, 3: whatever the service does, no change has two orders, and nothing that was ordered is called failed."""

import os
from pathlib import Path
from typing import Final

import pytest

from tests.chaos.run import run_chaos

CHANGES: Final = int(os.environ.get("CHAOS_CHANGES", "60"))
SEED: Final = os.environ.get("CHAOS_SEED", "a thousand changes")


@pytest.mark.timeout(120 + CHANGES)
async def test_no_change_has_two_orders_and_none_that_was_ordered_is_lost(database_url: str, tmp_path: Path) -> None:
    """All the ways of misbehaving by chance, workers cut off, leases that lapse; the full thousand: tests.chaos."""
    report = await run_chaos(database_url=database_url, folder=tmp_path, seed=SEED, changes=CHANGES)
    assert report.verdict.changes == CHANGES
    assert report.verdict.states["completed"] == report.verdict.orders
    assert report.verdict.orders > CHANGES / 2  # the storm must let enough through for the rest to mean something
    assert len(report.met) > 15
