"""Who calls, and whether they may: members of the workspace only, roles and policy as they are now (design.md, 1-2)."""

import asyncio

from bot.desk.desk import Desk
from bot.desk.reasons import Unclear, Why
from bot.desk.results import Admission
from bot.desk.trail import refusal_entry, refuse
from bot.domain.audit import AuditName
from bot.domain.changes import Change
from bot.domain.errors import Refused, Undetermined, UpgradeDeskError
from bot.domain.people import Caller, Person, RoleEvidence, Standing
from bot.domain.policy import Action, Policy, Ruling, Verdict, authorise


async def admit(
    desk: Desk,
    *,
    caller: Caller,
    action: Action,
    tried: AuditName,
    within: float | None = None,
    customer_id: str | None = None,
    subscription_id: str | None = None,
    change_id: str | None = None,
    change: Change | None = None,
) -> Admission:
    """Let somebody in. Raises Refused or Undetermined after the entry of it is committed.

    `change` is what it is about, where it is known: a refusal's entry says more then. `within` seconds bound the
    asking (TimeoutError) and the recording (Undetermined, see `refuse`); when they pass, nothing is recorded.
    """
    policy, began = desk.policies(), desk.clock.monotonic()
    evidence, verdict = RoleEvidence(), None
    error: UpgradeDeskError
    try:
        async with asyncio.timeout(within):
            person = await desk.directory.person(caller)
            if person.standing is Standing.MEMBER:
                evidence = await desk.directory.roles(person.actor)
    except Undetermined as unreadable:
        error = unreadable
    else:
        if person.standing is not Standing.MEMBER:
            error = Refused(Why(person.standing.value))
        else:
            verdict = authorise(policy=policy, action=action, evidence=evidence)
            if verdict.allowed:
                return Admission(person=person, evidence=evidence, verdict=verdict, policy=policy)
            error = _error(person, policy, verdict)
    entry = refusal_entry(
        error,
        caller=caller,
        tried=tried,
        evidence=evidence,
        rule=f"{policy.source} [actions] {action.value}",
        customer_id=customer_id,
        subscription_id=subscription_id,
        change_id=change_id,
        change=change,
    )
    left = None if within is None else max(within - (desk.clock.monotonic() - began), 0.0)
    return await refuse(desk, error=error, entry=entry, within=left)


def _error(person: Person, policy: Policy, verdict: Verdict) -> UpgradeDeskError:
    if verdict.ruling is Ruling.UNDETERMINED:
        return Undetermined(
            Unclear(verdict.reason), sources=verdict.evidence.unreachable, policy=policy.source, locale=person.locale
        )
    return Refused(Why(verdict.reason), may=tuple(sorted(verdict.may)), held=tuple(sorted(verdict.evidence.roles)))
