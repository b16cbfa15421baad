"""What every decision about a change has in common: the way of a write (design.md), and who won where one lost."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.desk.admit import admit
from bot.desk.approval_results import Decided
from bot.desk.closing import withdrawn_by
from bot.desk.desk import Desk
from bot.desk.reasons import Unclear, Why
from bot.desk.results import Admission
from bot.desk.trail import refusal_entry
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.changes import Change, ChangeState
from bot.domain.errors import AlreadyDecided, ChangeUnknown, Refused, TooLate, Undetermined, UpgradeDeskError
from bot.domain.people import SYSTEM, Actor, Caller
from bot.domain.policy import Action
from storage.approval_records import Decision, DecisionKind
from storage.database import Transaction
from storage.errors import CommitUnknown, StorageUnavailable

S = ChangeState
_LEAST: Final = 0.05
"""Seconds below which asking is not begun: what is left must hold the transaction too."""
_WAITING: Final = frozenset({S.AWAITING_APPROVAL, S.APPROVED})

Claim = Callable[[Transaction, "Press"], Awaitable[Decided | UpgradeDeskError]]
"""Decides in the transaction: what was decided, or the error whose entry is in the transaction already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One press that decides, let in: who, as what, about which change, as it was read before the claim."""

    desk: Desk
    caller: Caller
    admission: Admission
    change: Change
    tried: AuditName
    kind: DecisionKind

    @property
    def by_asker(self) -> bool:
        """Whether it is the asker who presses."""
        return self.caller.actor == self.change.asker

    @property
    def own_change(self) -> Refused | None:
        """The refusal of the asker where a second person is meant; None for others, and where the policy lets them."""
        alone = self.by_asker and not self.admission.policy.approval.self_approval
        return Refused(Why.OWN_CHANGE) if alone else None

    def decision(self, tx: Transaction, change: Change) -> Decision:
        """The decision as it is noted."""
        return Decision(
            change_id=change.id,
            facts_version=change.facts_version,
            kind=self.kind,
            actor=self.caller.actor,
            roles=tuple(sorted(self.admission.evidence.roles)),
            self_made=self.by_asker and self.kind is not DecisionKind.WITHDRAW,
            at=tx.now,
        )

    def entry(
        self,
        *,
        before: Change,
        after: Change,
        data: Mapping[str, str | int | bool | None] | None = None,
        free_text: str | None = None,
        verdict: AuditVerdict = AuditVerdict.DONE,
        reason: str | None = None,
    ) -> AuditEntry:
        """The entry of what this press brought about."""
        return AuditEntry(
            name=self.tried,
            verdict=verdict,
            team_id=after.team_id,
            actor=self.caller.actor,
            evidence=self.admission.evidence,
            rule=self.admission.verdict.rule,
            reason=reason or self.admission.verdict.reason,
            change_id=after.id,
            facts_version=after.facts_version,
            before=before.state,
            after=after.state,
            customer_id=after.facts.customer_id,
            subscription_id=after.facts.subscription_id,
            data=data or {},
            free_text=free_text,
        )

    async def refused(self, tx: Transaction, error: UpgradeDeskError, change: Change | None = None) -> UpgradeDeskError:
        """The error, with its entry in the transaction, about the change as it is by now (`change`: held already)."""
        about = change if change is not None else await self._settled(tx)
        entry = refusal_entry(error, caller=self.caller, tried=self.tried, admission=self.admission, change=about)
        await tx.audit.append(entry)
        return error

    async def lost(self, tx: Transaction) -> UpgradeDeskError:
        """Somebody, or the clock, was first: who and when, with the entry of it."""
        change = await self._settled(tx)
        return await self.refused(tx, await decided_by(tx, change), change)

    async def _settled(self, tx: Transaction) -> Change:
        """Whoever moves the change just now is waited for: no entry names a state that is being left."""
        return await tx.changes.stays(self.change.id) or self.change


async def press(
    desk: Desk,
    *,
    caller: Caller,
    change: Change | None,
    action: Action,
    tried: AuditName,
    kind: DecisionKind,
    claim: Claim,
    deadline: float | None = None,
) -> Decided:
    """Authorise live, then claim within what is left of the time; the worker is woken after the commit.

    Raises what `admit` raises, ChangeUnknown (`change` None: not there, or another workspace's), TooLate (nothing was
    recorded), Undetermined with `not_confirmed` (pressing again counts once), and what the claim gives back.
    """
    until = deadline if deadline is not None else desk.clock.monotonic() + desk.config.write_deadline
    if change is not None and change.team_id != caller.installed_team_id:
        change = None
    try:
        admission = await admit(
            desk, caller=caller, action=action, tried=tried, within=time_left(desk, until), change=change
        )
    except TimeoutError as error:
        raise TooLate from error
    if change is None:
        raise ChangeUnknown
    pressed = Press(desk=desk, caller=caller, admission=admission, change=change, tried=tried, kind=kind)
    try:
        async with desk.database.write(within=time_left(desk, until)) as tx:
            result = await claim(tx, pressed)
    except CommitUnknown:
        result = await _look_again(pressed)
    if isinstance(result, UpgradeDeskError):
        raise result
    desk.wake()
    return result


async def find_change(desk: Desk, change_id: str) -> Change | None:
    """The change as it is now."""
    async with desk.database.read() as tx:
        return await tx.changes.get(change_id)


async def decided_by(tx: Transaction, change: Change) -> AlreadyDecided:
    """Who decided a change and when. By the clock: nobody (SYSTEM); a time that passed counts at once."""
    now = await tx.changes.get(change.id) or change
    made = await tx.approvals.of(change.id)
    if now.state in _WAITING and (withdrawn := withdrawn_by(made)) is not None:
        return AlreadyDecided(by=withdrawn.actor, at=withdrawn.at, state=S.WITHDRAWN)
    if now.state in _WAITING and now.expires_at <= tx.now:
        return AlreadyDecided(by=SYSTEM, at=now.expires_at, state=S.EXPIRED)
    if not made or now.state is S.EXPIRED:
        return AlreadyDecided(by=SYSTEM, at=now.changed_at, state=now.state)
    return AlreadyDecided(by=made[-1].actor, at=made[-1].at, state=now.state)


async def _look_again(pressed: Press) -> Decided:
    """The connection broke in the commit: only the database knows. A decision that is there was recorded."""
    try:
        async with pressed.desk.database.read() as tx:
            change = await tx.changes.get(pressed.change.id)
            made = await tx.approvals.of(pressed.change.id)
    except StorageUnavailable as error:
        raise Undetermined(Unclear.NOT_CONFIRMED) from error
    if change is None or not any(_is(each, pressed.kind, pressed.caller.actor, change.facts_version) for each in made):
        raise Undetermined(Unclear.NOT_CONFIRMED)
    counted = sum(each.kind is DecisionKind.APPROVE and each.facts_version == change.facts_version for each in made)
    return Decided(change=change, counted=counted, needed=change.approvals_needed)


def _is(decision: Decision, kind: DecisionKind, actor: Actor, facts_version: int) -> bool:
    return (decision.kind, decision.actor, decision.facts_version) == (kind, actor, facts_version)


def time_left(desk: Desk, until: float) -> float:
    """Seconds until `until` (monotonic). Raises TooLate where too few are left to begin anything."""
    left = until - desk.clock.monotonic()
    if left < _LEAST:
        raise TooLate
    return left
