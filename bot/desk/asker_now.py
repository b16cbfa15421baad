"""Whether the asker may have their change ordered now: what was allowed at the request may not be by the sending."""

import asyncio
from dataclasses import dataclass, replace

from bot.desk.desk import Desk
from bot.desk.reasons import Ended, Unclear, Why
from bot.domain.changes import Change
from bot.domain.errors import Undetermined
from bot.domain.people import Actor, Caller, RoleEvidence, Standing
from bot.domain.policy import Action, Policy, Ruling, SecondPersonReason, Verdict, authorise, second_person


@dataclass(frozen=True, slots=True, kw_only=True)
class AskerNow:
    """The verdict with its evidence. `why`: it is refused. `unclear`: nothing can be said now, so nothing is sent."""

    verdict: Verdict
    why: Why | Ended | None = None
    unclear: Unclear | None = None


async def asker_by_now(desk: Desk, *, policy: Policy, change: Change) -> AskerNow:
    """Ask as at a press: who the asker is to the workspace by now, which roles they hold, what the policy says.

    Whoever approved must be a member still, too; that their roles sufficed then is enough.
    """
    async with desk.database.read() as tx:
        given = await tx.approvals.given(change.id, change.facts_version)
    approvers = [each.actor for each in given if each.actor != change.asker]
    asked = (change.asker, *approvers)
    found = await asyncio.gather(*(_standing(desk, change, each) for each in asked))
    asker, *others = found
    if asker not in {Standing.MEMBER, None}:
        verdict = authorise(policy=policy, action=Action.REQUEST, evidence=RoleEvidence())
        why = Why(asker)
        return AskerNow(verdict=replace(verdict, ruling=Ruling.REFUSED, reason=why), why=why)
    evidence = await desk.directory.roles(change.asker)
    now = asker_now(policy=policy, change=change, evidence=evidence)
    if now.why is not None or now.unclear is not None:
        return now
    if any(each not in {Standing.MEMBER, None} for each in others):
        return replace(now, why=Ended.APPROVER_LEFT)
    return replace(now, unclear=Unclear.PEOPLE_UNREACHABLE) if None in found else now


async def _standing(desk: Desk, change: Change, actor: Actor) -> Standing | None:
    """What somebody is to the change's workspace; None where Slack does not say."""
    caller = Caller(actor=actor, installed_team_id=change.team_id, delivery_id="")
    try:
        return (await desk.directory.person(caller)).standing
    except Undetermined:
        return None


def asker_now(*, policy: Policy, change: Change, evidence: RoleEvidence) -> AskerNow:
    """Judge by the asker's roles and the policy as they are now.

    Only a change that nobody else approved is held to the rule of the second person: approvals that were given stand.
    """
    verdict = authorise(policy=policy, action=Action.REQUEST, evidence=evidence)
    if verdict.ruling is Ruling.UNDETERMINED:
        return AskerNow(verdict=verdict, unclear=Unclear(verdict.reason))
    if not verdict.allowed:
        return AskerNow(verdict=verdict, why=Why(verdict.reason))
    if change.approvals_needed > 0:
        return AskerNow(verdict=verdict)
    facts = change.facts
    wanted = second_person(policy=policy, roles=evidence.roles, seats=facts.seats_concerned, flagged=facts.flagged)
    if wanted == (SecondPersonReason.ROLE,) and evidence.unreachable:
        # The role that may buy alone may be known to the source that did not answer.
        return AskerNow(verdict=verdict, unclear=Unclear.SOURCE_UNREACHABLE)
    return AskerNow(verdict=verdict, why=Why.SECOND_PERSON if wanted else None)
