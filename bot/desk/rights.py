"""Who somebody is here: their roles with source and age, and what they may do by the policy of this moment."""

from bot.desk.approval_results import Rights
from bot.desk.desk import Desk
from bot.desk.reasons import Why
from bot.desk.trail import refusal_entry, refuse
from bot.domain.audit import AuditName
from bot.domain.errors import Refused
from bot.domain.people import Caller, Standing
from bot.domain.policy import Action, authorise
from bot.domain.roles import PartnerRole


async def rights_of(desk: Desk, *, caller: Caller) -> Rights:
    """The caller's own rights. A member without any role is told so, which is no refusal.

    Raises Refused for everybody who is no member (after its entry is committed), Undetermined where Slack cannot say.
    """
    person = await desk.directory.person(caller)
    if person.standing is not Standing.MEMBER:
        error = Refused(Why(person.standing.value))
        await refuse(desk, error=error, entry=refusal_entry(error, caller=caller, tried=AuditName.ROLE_READ))
    policy = desk.policies()
    evidence = await desk.directory.roles(person.actor)
    verdicts = {action: authorise(policy=policy, action=action, evidence=evidence) for action in Action}
    return Rights(person=person, evidence=evidence, verdicts=verdicts)


def who_may(desk: Desk, action: Action) -> frozenset[PartnerRole]:
    """The roles that may do `action` now; empty while the policy is broken."""
    return desk.policies().actions.get(action, frozenset())
