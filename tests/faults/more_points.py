"""More boundaries: decisions besides the approval, the clock's own steps, 202 and 429, and refusals told together."""

from typing import Final

from bot.domain.changes import ChangeState
from tests.faults.point import Point, Story

S = ChangeState
_APPROVALS = "storage.repositories.approvals:Approvals"
_GATHERING = "bot.worker.gathering:Gathering"
_REPORTS = "storage.repositories.refusal_reports:RefusalReports"


def _deciding(name: str, story: Story, verb: str, ends: ChangeState) -> tuple[Point, ...]:
    """A decision in its transaction, and between its commit and what Slack is told."""
    return (
        Point(
            name=f"{name}: before the claim",
            process="serve",
            target=f"{_APPROVALS}.hold",
            story=story,
            inside=True,
            orders=(0,),
            ends=ends,
        ),
        Point(
            name=f"{name}: before the commit",
            process="serve",
            target=f"{_APPROVALS}.decide",
            after=True,
            story=story,
            inside=True,
            orders=(0,),
            ends=ends,
        ),
        Point(
            name=f"{name}: committed, not acked",
            process="serve",
            target=verb,
            after=True,
            story=story,
            orders=(0,),
            ends=ends,
        ),
    )


DECISIONS: Final = (
    *_deciding("reject", Story.REJECT, "handlers.views.reject:reject", S.REJECTED),
    *_deciding("withdraw", Story.WITHDRAW, "handlers.actions.withdraw:withdraw", S.WITHDRAWN),
    *_deciding("settle", Story.SETTLE, "handlers.views.settle:settle", S.FAILED),
    Point(
        name="remind: before",
        target="bot.desk.remind:_remind",
        story=Story.WAIT,
        orders=(0,),
        ends=S.EXPIRED,
    ),
    Point(
        name="remind: before the commit",
        target=f"{_APPROVALS}.reminded",
        after=True,
        found=True,
        story=Story.WAIT,
        inside=True,
        orders=(0,),
        ends=S.EXPIRED,
    ),
    Point(
        name="remind: committed",
        target="bot.desk.remind:_remind",
        after=True,
        found=True,
        story=Story.WAIT,
        orders=(0,),
        ends=S.EXPIRED,
    ),
    Point(
        name="expire: before",
        target="bot.desk.sweep:_expire",
        story=Story.WAIT,
        inside=True,
        orders=(0,),
        ends=S.EXPIRED,
        late=True,
    ),
    Point(
        name="expire: before the commit",
        target="bot.desk.sweep:_expire",
        after=True,
        found=True,
        story=Story.WAIT,
        inside=True,
        orders=(0,),
        ends=S.EXPIRED,
        late=True,
    ),
)

ANSWERS: Final = (
    Point(
        name="202: before its record's commit",
        target="bot.desk.outcome:_record",
        after=True,
        story=Story.ACCEPTED,
        inside=True,
    ),
    Point(name="202: recorded", target="bot.desk.submit:record_outcome", after=True, story=Story.ACCEPTED),
    Point(
        name="202, its end looked for: before",
        target="bot.desk.check_status:find_evidence",
        story=Story.ACCEPTED,
        late=True,
    ),
    Point(
        name="202, its end looked for: found",
        target="bot.desk.check_status:find_evidence",
        after=True,
        story=Story.ACCEPTED,
        late=True,
    ),
    Point(
        name="202, its end looked for: before the commit",
        target="bot.desk.check_status:_settle",
        after=True,
        found=True,
        story=Story.ACCEPTED,
        inside=True,
        late=True,
    ),
    Point(
        name="429: before its record's commit",
        target="bot.desk.outcome:_record",
        after=True,
        story=Story.THROTTLED,
        inside=True,
        orders=(0,),
        woken=(0, 1),
    ),
    Point(name="429: recorded", target="bot.desk.submit:record_outcome", after=True, story=Story.THROTTLED),
    Point(name="second attempt: looks back", target="bot.desk.submit:ended_before", story=Story.THROTTLED, late=True),
    Point(
        name="second attempt: looked back",
        target="bot.desk.submit:ended_before",
        after=True,
        story=Story.THROTTLED,
        late=True,
    ),
    Point(
        name="second attempt: mark before the commit",
        target="storage.repositories.attempts:Attempts.add",
        after=True,
        story=Story.THROTTLED,
        inside=True,
        late=True,
        woken=(0, 1),
    ),
    Point(
        name="second attempt: mark committed",
        target="bot.desk.submit:_send",
        story=Story.THROTTLED,
        late=True,
        orders=(0,),
    ),
    Point(
        name="second attempt: answered",
        target="bot.desk.submit:record_outcome",
        story=Story.THROTTLED,
        late=True,
    ),
)

SEATS: Final = (
    Point(name="seats: sent mark committed", target="bot.desk.submit:_send", story=Story.SEATS, orders=(0,)),
    Point(name="seats: answered", target="bot.desk.submit:record_outcome", story=Story.SEATS),
    Point(
        name="seats: record before the commit",
        target="bot.desk.outcome:_record",
        after=True,
        story=Story.SEATS,
        inside=True,
    ),
    Point(name="seats: recorded", target="bot.desk.submit:record_outcome", after=True, story=Story.SEATS),
)

GATHERED: Final = (
    Point(
        name="refusals: claimed, before the commit",
        target=f"{_REPORTS}.claim",
        after=True,
        found=True,
        story=Story.REFUSED,
        inside=True,
    ),
    Point(name="refusals: claimed", target=f"{_GATHERING}._tell", story=Story.REFUSED),
    Point(
        name="refusals: posted, not recorded",
        target="bot.worker.mailer:Mailer.post",
        after=True,
        kind="refusals",
        story=Story.REFUSED,
    ),
    Point(
        name="refusals: recorded, before the commit",
        target=f"{_REPORTS}.told",
        after=True,
        story=Story.REFUSED,
        inside=True,
    ),
    Point(name="refusals: recorded", target=f"{_GATHERING}._tell", after=True, story=Story.REFUSED),
)
