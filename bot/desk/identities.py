"""Links between Slack users and Microsoft users by the operator: in the database, audited, with who and when."""

from dataclasses import dataclass

from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.people import Actor
from storage.database import Database
from storage.identity_records import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """`done`: the link is new. Else `object_id` is whom the Slack user is linked to, or `user_id` who holds the other.

    Both None: the very same link was there already.
    """

    done: bool
    object_id: str | None = None
    user_id: str | None = None


async def link_user(database: Database, *, actor: Actor, object_id: str, by: str) -> Linked:
    """Say which Microsoft user somebody is. What stands in the way stays: undo it first. `by` names the operator."""
    async with database.write() as tx:
        if await tx.identities.link(actor, object_id, by):
            await tx.audit.append(_entry(AuditName.IDENTITY_LINK, actor=actor, object_id=object_id.lower(), by=by))
            return Linked(done=True)
        mine = await tx.identities.of(actor)
        if mine == object_id.lower():
            return Linked(done=False)
        if mine is not None:
            return Linked(done=False, object_id=mine)
        return Linked(done=False, user_id=await tx.identities.holder(actor.team_id, object_id))


async def unlink_user(database: Database, *, actor: Actor, by: str) -> bool:
    """Undo a link; False: there is none. Roles that rest on it end within a minute."""
    async with database.write() as tx:
        was = await tx.identities.of(actor)
        if was is None or not await tx.identities.unlink(actor):
            return False
        await tx.audit.append(_entry(AuditName.IDENTITY_UNLINK, actor=actor, object_id=was, by=by))
    return True


async def list_links(database: Database) -> list[Identity]:
    """Every link, by workspace and person."""
    async with database.read() as tx:
        return await tx.identities.all()


def _entry(name: AuditName, *, actor: Actor, object_id: str, by: str) -> AuditEntry:
    return AuditEntry(
        name=name,
        verdict=AuditVerdict.DONE,
        team_id=actor.team_id,
        data={"user_id": actor.user_id, "object_id": object_id, "by": by},
    )
