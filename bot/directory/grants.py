"""Role grants in our own table (`upgrade-desk roles grant`), read live on every press."""

from dataclasses import dataclass

from bot.directory.directory import SourceUnreachable
from bot.domain.people import Actor, HeldRole, RoleEvidence
from bot.domain.roles import PartnerRole
from storage.database import Database
from storage.errors import StorageUnavailable


@dataclass(frozen=True, slots=True)
class GrantSource:
    """The grants table as a source of roles."""

    database: Database

    @property
    def name(self) -> str:
        """How evidence names this source."""
        return "grant"

    @property
    def live(self) -> bool:
        """Grants are a local read: a revoked role ends at once."""
        return True

    async def roles(self, actor: Actor) -> RoleEvidence:
        """The roles granted to `actor`. Raises SourceUnreachable when the database does not answer."""
        try:
            granted, read_at = await self.database.ask(lambda tx: tx.grants.at_once(actor))
        except StorageUnavailable as error:
            raise SourceUnreachable from error
        return RoleEvidence(held=tuple(HeldRole(role=role, source=self.name, read_at=read_at) for role in granted))

    async def holders(self, roles: frozenset[PartnerRole]) -> frozenset[Actor]:
        """Everybody who was granted one of these roles. Raises SourceUnreachable as `roles` does."""
        try:
            async with self.database.read() as tx:
                granted = await tx.grants.all()
        except StorageUnavailable as error:
            raise SourceUnreachable from error
        return frozenset(Actor(team_id=each.team_id, user_id=each.user_id) for each in granted if each.role in roles)
