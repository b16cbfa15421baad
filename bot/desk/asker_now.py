"""Whether the asker may have their change ordered now: what was allowed at the request may not be by the sending."""

from dataclasses import dataclass

from bot.desk.reasons import Unclear, Why
from bot.domain.changes import Change
from bot.domain.people import RoleEvidence
from bot.domain.policy import Action, Policy, Ruling, SecondPersonReason, Verdict, authorise, second_person


@dataclass(frozen=True, slots=True, kw_only=True)
class AskerNow:
    """The verdict with its evidence. `why`: it is refused. `unclear`: nothing can be said now, so nothing is sent."""

    verdict: Verdict
    why: Why | None = None
    unclear: Unclear | None = None


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
