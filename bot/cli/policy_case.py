"""One case under a policy, explained in sentences: the same functions decide it in the desk."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.desk.operation import guards
from bot.desk.reasons import Why
from bot.domain.clock import SystemClock
from bot.domain.people import HeldRole, RoleEvidence
from bot.domain.policy import Action, Mode, Policy, Ruling, SecondPersonReason, authorise, second_person
from bot.domain.roles import PartnerRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Somebody with these roles wants this. `seats` is how many are added or moved."""

    roles: frozenset[PartnerRole]
    action: Action
    seats: int
    customer_id: str
    flagged: bool
    day: date


_SAYS: Final = {
    "role_held": "the policy lists one of these roles",
    "role_not_enough": "the policy lists none of these roles",
    "no_role": "no role is held",
    "nobody_may": "the policy allows it to nobody",
}
_BECAUSE: Final = {
    SecondPersonReason.ROLE: "none of the roles may buy alone ([approval] for_roles)",
    SecondPersonReason.SEATS: "more seats than [approval] for_seats_above",
    SecondPersonReason.FLAGGED_PATH: "the catalogue flags this path",
}
_GUARDS: Final = {
    Why.READ_ONLY: "the mode is read_only ([operation] mode)",
    Why.FREEZE: "the day lies in a freeze ([operation] freeze)",
    Why.NEVER_THIS_CUSTOMER: "the customer is among [operation] never_customers",
    Why.NOT_A_PILOT_CUSTOMER: "the customer is not among [operation] pilot_customers",
}


def explain(policy: Policy, case: Case) -> list[str]:
    """The verdict, the second person, and what forbids an order, a line each."""
    now = SystemClock().now()
    held = tuple(HeldRole(role=role, source="case", read_at=now) for role in sorted(case.roles))
    verdict = authorise(policy=policy, action=case.action, evidence=RoleEvidence(held=held))
    lines = [
        f"Verdict: {verdict.ruling.value}: {_SAYS.get(verdict.reason, verdict.reason)}.",
        f"Rule: {verdict.rule}: {_listed(verdict.may) or 'nobody'}.",
    ]
    if verdict.ruling is Ruling.ALLOWED and case.action is Action.REQUEST:
        lines += _second_person(policy, case)
    if case.action in {Action.REQUEST, Action.APPROVE}:
        lines += _operation(policy, case)
    return lines


def _second_person(policy: Policy, case: Case) -> list[str]:
    reasons = second_person(policy=policy, roles=case.roles, seats=case.seats, flagged=case.flagged)
    if not reasons:
        return ["Second person: not needed."]
    approval = policy.approval
    own = " The asker may approve it themselves; that is marked." if approval.self_approval else ""
    clock = f"within {words_of(approval.expires_after)}, a reminder after {words_of(approval.remind_after)}.{own}"
    return [
        f"Second person: needed: {'; '.join(_BECAUSE[each] for each in reasons)}.",
        f"Approval: by {approval.approvers} of {_listed(policy.actions[Action.APPROVE])}, {clock}",
    ]


def _operation(policy: Policy, case: Case) -> list[str]:
    operation = policy.operation
    # Without a mode the service decides: an order is possible on the embedded one, so nothing is said against it.
    mode = operation.mode or Mode.LIVE
    found = guards(operation, mode=mode, customer_id=case.customer_id, day=case.day)
    lines = [f"Orders: forbidden: {'; '.join(_GUARDS[each] for each in found)}." if found else "Orders: not forbidden."]
    if operation.mode is None:
        lines.append("Mode: not set: live on the embedded service, read_only on any other.")
    elif operation.mode is Mode.REHEARSAL:
        lines.append("Mode: rehearsal: everything is done but sent.")
    if operation.changes_per_person_per_day is not None:
        lines.append(f"Limit: {operation.changes_per_person_per_day} changes of one person in 24 h.")
    if operation.ticket_pattern is not None:
        lines.append(f"Ticket: the note must match {operation.ticket_pattern}")
    return lines


def _listed(roles: frozenset[PartnerRole]) -> str:
    return ", ".join(role.value for role in PartnerRole if role in roles)


def words_of(span: timedelta) -> str:
    """A duration as a policy file has it."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    if seconds:
        return f"{int(span.total_seconds())} s"
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
