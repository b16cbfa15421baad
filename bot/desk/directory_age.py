"""How old and how large the directory of customers is."""

from bot.desk.desk import Desk


async def directory_age(desk: Desk) -> tuple[float, int]:
    """Seconds since the last whole pass began (NaN before the first one ended), and customers."""
    standing = await desk.database.customers.standing()
    if standing.as_of is None:
        return float("nan"), standing.customers
    return (desk.clock.now() - standing.as_of).total_seconds(), standing.customers
