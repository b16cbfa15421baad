"""The boundaries between steps at which a process is killed, or stopped past its lease and continued."""

from typing import Final

from tests.faults.more_points import ANSWERS, DECISIONS, GATHERED, SEATS
from tests.faults.point import Action, Point, Story

__all__ = ["POINTS", "Action", "Point", "Story", "named"]

_REQUEST, _APPROVE = "bot.desk.requesting:_claim", "bot.desk.approve:_claim"
_SUBMIT = "bot.desk.submit"
_STORE = "storage.repositories"
_SENDING_OUT, _MAILER = "bot.worker.sending:Sending", "bot.worker.mailer:Mailer"
_POST = "slack_sdk.web.async_client:AsyncWebClient.chat_postMessage"

_ASKING: Final = (
    Point(name="request: before the claim", process="serve", target=_REQUEST, inside=True),
    Point(name="request: before the commit", process="serve", target=_REQUEST, after=True, inside=True),
    Point(
        name="request: committed, not acked",
        process="serve",
        target="handlers.views.confirm:request_upgrade",
        after=True,
    ),
    Point(name="approval: before the claim", process="serve", target=_APPROVE, story=Story.APPROVAL, inside=True),
    Point(
        name="approval: before the commit",
        process="serve",
        target=_APPROVE,
        after=True,
        story=Story.APPROVAL,
        inside=True,
    ),
    Point(
        name="approval: committed, not acked",
        process="serve",
        target="handlers.views.approve:approve",
        after=True,
        story=Story.APPROVAL,
    ),
)

_SENDING: Final = (
    Point(name="claim: before", target=f"{_STORE}.change_work:ChangeWork.claim_due", inside=True),
    Point(
        name="claim: before the commit",
        found=True,
        target=f"{_STORE}.change_work:ChangeWork.claim_due",
        after=True,
        inside=True,
    ),
    Point(name="claim: committed", target="bot.worker.submission:submit"),
    Point(name="claim of an approved change: committed", target="bot.worker.submission:submit", story=Story.APPROVAL),
    Point(name="second look: before", target=f"{_SUBMIT}:second_look"),
    Point(name="second look: after", target=f"{_SUBMIT}:second_look", after=True),
    Point(name="sent mark: before", target=f"{_SUBMIT}:_mark"),
    Point(
        name="sent mark: before the commit",
        target=f"{_STORE}.attempts:Attempts.add",
        after=True,
        inside=True,
        woken=(0,),
    ),
    Point(name="sent mark: committed", target=f"{_SUBMIT}:_send", orders=(0,)),
    Point(
        name="call: before the request leaves",
        target="bot.eligibility.client:EligibilityClient.upgrade",
        orders=(0,),
        woken=(1,),
    ),
    Point(name="call: request there, not carried out", orders=(0,)),
    Point(name="call: carried out, no answer yet", acts=True),
    Point(name="answer: there", target=f"{_SUBMIT}:record_outcome"),
    Point(name="record: before the commit", target="bot.desk.outcome:_record", after=True, inside=True),
    Point(name="record: committed", target=f"{_SUBMIT}:record_outcome", after=True),
    Point(name="look for the outcome: before", target="bot.desk.check_status:find_evidence", story=Story.UNKNOWN),
    Point(
        name="look for the outcome: found",
        target="bot.desk.check_status:find_evidence",
        after=True,
        story=Story.UNKNOWN,
    ),
    Point(
        name="look for the outcome: before the commit",
        found=True,
        target="bot.desk.check_status:_settle",
        after=True,
        story=Story.UNKNOWN,
        inside=True,
    ),
)


def _outgoing(kind: str) -> tuple[Point, ...]:
    send = f"{_SENDING_OUT}._send_{kind}"
    return (
        Point(
            name=f"{kind}: claimed, before the commit",
            target=f"{_STORE}.outbox:Outbox.claim",
            after=True,
            kind=kind,
            inside=True,
            orders=(0, 1),
        ),
        Point(name=f"{kind}: claimed", target=send, kind=kind),
        Point(name=f"{kind}: before it is posted", target=f"{_MAILER}.post", kind=kind),
        Point(name=f"{kind}: as the request leaves", target=_POST, kind=kind),
        Point(name=f"{kind}: posted, not recorded", target=f"{_MAILER}.post", after=True, kind=kind),
        Point(
            name=f"{kind}: recorded, before the commit",
            target=f"{_STORE}.outbox:Outbox.sent",
            after=True,
            kind=kind,
            inside=True,
            orders=(0, 1),
        ),
        Point(name=f"{kind}: recorded", target=send, after=True, kind=kind),
    )


_REDRAWING: Final = (
    Point(name="card: before it is redrawn", target=f"{_MAILER}.update", kind="card"),
    Point(name="card: redrawn, not recorded", target=f"{_MAILER}.update", after=True, kind="card"),
)

POINTS: Final = (
    *_ASKING,
    *_SENDING,
    *_outgoing("card"),
    *_REDRAWING,
    *_outgoing("step"),
    *_outgoing("notice"),
    *DECISIONS,
    *ANSWERS,
    *GATHERED,
    *SEATS,
)


def named(name: str) -> Point:
    """The point of this name."""
    return next(point for point in POINTS if point.name == name)
