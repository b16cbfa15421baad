"""What is asked of approvers, with its clock: one reminder, then one escalation, then the end of its time."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.policy import ApprovalRule, SecondPersonReason
from storage.approval_records import ApprovalRequest


def asked(
    change_id: str, *, reasons: Iterable[SecondPersonReason], rule: ApprovalRule, now: datetime, expires_at: datetime
) -> ApprovalRequest:
    """The question as asked now. The clock is that of the policy of this moment; a later policy moves no deadline.

    The policy has no time for the escalation: it comes as long after the reminder as the reminder came after the
    question, at the latest half way between the reminder and the end.
    """
    remind_at = now + rule.remind_after
    escalate_at = min(remind_at + rule.remind_after, remind_at + (expires_at - remind_at) / 2)
    return ApprovalRequest(
        change_id=change_id,
        reasons=tuple(reasons),
        asked_at=now,
        remind_at=remind_at,
        escalate_at=escalate_at,
    )
