"""When to look again for the outcome of a change: soon at first, then ever more rarely, never not at all."""

from datetime import datetime, timedelta
from typing import Final

FIRST_CHECK: Final = timedelta(minutes=1)

_PAUSES: Final = (
    (timedelta(minutes=2), timedelta(minutes=1)),
    (timedelta(minutes=5), timedelta(minutes=2)),
    (timedelta(minutes=20), timedelta(minutes=5)),
    (timedelta(hours=2), timedelta(minutes=15)),
)
"""Up to this age since the sending, this pause."""

_AFTER_THAT: Final = timedelta(hours=1)


def next_check(*, sent_at: datetime, now: datetime) -> datetime:
    """When to look again after a look at `now` without an outcome: pauses of 1, 2, 5, 15 and 60 minutes by age."""
    age = now - sent_at
    return now + next((pause for until, pause in _PAUSES if age < until), _AFTER_THAT)
