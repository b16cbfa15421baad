"""The desk's database: there, at this version, as the code says; and the key of the audit trail."""

import asyncio
from typing import Final

from bot.cli.doctor.finding import Finding, fault, ok, unchecked
from bot.cli.doctor.ground import Ground
from storage import migrate
from storage.database import Database
from storage.errors import StorageError
from storage.version import HEAD

DATABASE: Final = "database"
KEY: Final = "audit key"
_MIGRATE: Final = "Run `upgrade-desk migrate`."
_MOST: Final = 5


async def check_database(ground: Ground) -> list[Finding]:
    """Version and schema. Nothing is changed."""
    url = ground.settings.database_url
    try:
        version = await asyncio.to_thread(migrate.current, url)
        if version is None:
            return [fault(DATABASE, "The database was never migrated.", fix=_MIGRATE)]
        if version != HEAD:
            return [fault(DATABASE, f"The database is at version {version}, the program at {HEAD}.", fix=_MIGRATE)]
        differences = await asyncio.to_thread(migrate.check, url)
    except StorageError as error:
        says = f"The database cannot be reached ({error})."
        return [fault(DATABASE, says, fix="Check DATABASE_URL, and that the database runs and lets this account in.")]
    except OSError as error:
        says = f"The database's file cannot be used ({error.strerror})."
        return [fault(DATABASE, says, fix="Check DATABASE_URL and who may write there.")]
    found = [
        fault(DATABASE, f"The database differs: {each}.", fix="Restore it; nothing but migrations may change it.")
        for each in differences[:_MOST]
    ]
    return found or [ok(DATABASE, f"The database is at version {version} and is as the program says.")]


async def check_audit_key(ground: Ground) -> list[Finding]:
    """Whether each chain's last entry was made with it; its length is the settings' to check."""
    key = ground.settings.audit_key
    if key is None:
        return [unchecked(KEY, "No key is set.")]
    database = Database(
        ground.settings.database_url, clock=ground.clock, ids=ground.ids, audit_key=key.get_secret_value().encode()
    )
    try:
        await database.open()
        try:
            async with database.read() as tx:
                teams = await tx.audit.teams()
                torn = [team for team in teams if not await tx.audit.end_is_sound(team)]
                switch, now = await tx.switches.stopped(), tx.now
        finally:
            await database.close()
    except StorageError:
        return [unchecked(KEY, "AUDIT_KEY is long enough; the trail cannot be read.")]
    ground.saw_clock("the database", now)
    found = [
        fault(
            KEY,
            f"The newest entry of {team} was not made with this AUDIT_KEY, or was edited.",
            fix="Set the key that the trail was begun with; `upgrade-desk audit verify` looks at every entry.",
        )
        for team in torn
    ]
    found = found or [ok(KEY, "AUDIT_KEY is long enough, and the newest entry of each trail was made with it.")]
    if switch is not None:
        found.append(ok(DATABASE, f"Orders are stopped by {switch.by} since {switch.at:%Y-%m-%d %H:%M} UTC."))
    return found
