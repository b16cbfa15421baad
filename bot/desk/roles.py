"""Role grants by the operator: in the database, audited, with who and when."""

from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from storage.database import Database
from storage.records import Grant


async def grant_role(database: Database, *, actor: Actor, role: PartnerRole, by: str) -> bool:
    """Give a role to somebody; False: they hold it already. `by` names the operator (a login name)."""
    async with database.write() as tx:
        given = await tx.grants.grant(actor.team_id, actor.user_id, role, by)
        if given:
            await tx.audit.append(_entry(AuditName.ROLE_GRANT, actor=actor, role=role, by=by))
    return given


async def revoke_role(database: Database, *, actor: Actor, role: PartnerRole, by: str) -> bool:
    """Take a role from somebody, as of their next press; False: they do not hold it by grant."""
    async with database.write() as tx:
        taken = await tx.grants.revoke(actor.team_id, actor.user_id, role)
        if taken:
            await tx.audit.append(_entry(AuditName.ROLE_REVOKE, actor=actor, role=role, by=by))
    return taken


async def list_roles(database: Database) -> list[Grant]:
    """Every grant, by workspace, person and role."""
    async with database.read() as tx:
        return await tx.grants.all()


def _entry(name: AuditName, *, actor: Actor, role: PartnerRole, by: str) -> AuditEntry:
    return AuditEntry(
        name=name,
        verdict=AuditVerdict.DONE,
        team_id=actor.team_id,
        data={"user_id": actor.user_id, "role": role.value, "by": by},
    )
