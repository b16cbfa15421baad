"""The directory of customers: how old, how large, and whether it is kept fresh."""

from datetime import timedelta
from typing import Final

from bot.cli.doctor.finding import Finding, fault, ok
from bot.cli.doctor.ground import Ground
from storage.customers.store import CustomerStore
from storage.errors import StorageError

DIRECTORY: Final = "directory"
_OLD: Final = 4
"""So many times its due age: a pass takes minutes, and one that broke begins again."""

_WORKER: Final = "See that a worker runs (`serve --all-in-one` or `worker`), and its log (directory_service_trouble)."


async def check_directory(ground: Ground) -> list[Finding]:
    """Read alone: what was never made is not made."""
    store = CustomerStore(ground.settings.database_url, clock=ground.clock, ids=ground.ids)
    try:
        standing = await store.as_it_is()
    except StorageError as error:
        says = f"The directory of customers cannot be read ({error})."
        return [fault(DIRECTORY, says, fix="Finding customers works without it, worse. Check DATABASE_URL's place.")]
    finally:
        await store.close()
    if standing is None:
        return [ok(DIRECTORY, "No customers were read yet; a worker does so when it starts.")]
    size = "1 customer" if standing.customers == 1 else f"{standing.customers:,} customers"
    if standing.as_of is None:
        return [ok(DIRECTORY, f"The directory has {size} and fills; it was never read to its end yet.")]
    age = ground.clock.now() - standing.as_of
    told = f"The directory has {size}, as of {standing.as_of:%Y-%m-%d %H:%M} UTC ({_age(age)} ago)."
    if age > _OLD * ground.settings.directory_refresh:
        return [fault(DIRECTORY, f"{told} It should be younger.", fix=_WORKER)]
    return [ok(DIRECTORY, told)]


def _age(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds() // 60))
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"  # noqa: PLR2004 - minutes up to two hours
