"""One open transaction: a repository for each aggregate, on one connection and of one instant."""

from dataclasses import dataclass
from datetime import datetime

from storage.repositories.approvals import Approvals
from storage.repositories.attempts import Attempts
from storage.repositories.audit import Audit
from storage.repositories.audit_cuts import AuditCuts
from storage.repositories.cards import Cards
from storage.repositories.changes import Changes
from storage.repositories.channel_links import ChannelLinks
from storage.repositories.desk import Drafts, Handles
from storage.repositories.follow_ups import FollowUps
from storage.repositories.forgetting import Forgetting
from storage.repositories.identities import Identities
from storage.repositories.operation import Deliveries, Grants, Switches
from storage.repositories.outbox import Outbox
from storage.repositories.outbox_trouble import OutboxTrouble
from storage.repositories.refusal_reports import RefusalReports
from storage.repositories.reviews import Reviews
from storage.repositories.turns import Turns
from storage.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One open transaction. Rows are locked in one order (docs/decisions/0047): a change, what hangs on it, the trail.

    Append audit entries after the other writes: a chain's end is held until the commit.
    """

    now: datetime
    changes: Changes
    attempts: Attempts
    follow_ups: FollowUps
    drafts: Drafts
    handles: Handles
    grants: Grants
    switches: Switches
    deliveries: Deliveries
    audit: Audit
    audit_cuts: AuditCuts
    refusal_reports: RefusalReports
    forgetting: Forgetting
    outbox: Outbox
    outbox_trouble: OutboxTrouble
    turns: Turns
    cards: Cards
    approvals: Approvals
    reviews: Reviews
    identities: Identities
    channel_links: ChannelLinks

    @classmethod
    def of(cls, unit: Unit) -> "Transaction":
        """The repositories of a unit."""
        return cls(
            now=unit.now,
            changes=Changes(unit),
            attempts=Attempts(unit),
            follow_ups=FollowUps(unit),
            drafts=Drafts(unit),
            handles=Handles(unit),
            grants=Grants(unit),
            switches=Switches(unit),
            deliveries=Deliveries(unit),
            audit=Audit(unit),
            audit_cuts=AuditCuts(unit),
            refusal_reports=RefusalReports(unit),
            forgetting=Forgetting(unit),
            outbox=Outbox(unit),
            outbox_trouble=OutboxTrouble(unit),
            turns=Turns(unit),
            cards=Cards(unit),
            approvals=Approvals(unit),
            reviews=Reviews(unit),
            identities=Identities(unit),
            channel_links=ChannelLinks(unit),
        )
