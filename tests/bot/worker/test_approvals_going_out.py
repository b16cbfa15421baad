"""What approvals make go out: card in the approvals channel, the clock's words in its thread, the notice."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.audit import AuditName
from bot.domain.changes import Change, ChangeState
from bot.domain.people import SYSTEM
from bot.domain.policy import ApprovalRule, Policy, SecondPersonReason
from bot.worker.clockwork import Clockwork
from bot.workspace.sample import APPROVALS, AUDIT
from storage.approval_records import ApprovalRequest
from storage.records import OutboxKind
from tests.bot.worker.conftest import Post
from tests.support import made

S = ChangeState


async def messages(post: Post, channel: str) -> list[dict[str, Any]]:
    return [dict(each) for each in (await post.client.conversations_history(channel=channel)).get("messages") or []]


async def replies(post: Post, channel: str, ts: str) -> list[str]:
    found = (await post.client.conversations_replies(channel=channel, ts=ts)).get("messages") or []
    return [str(each["text"]) for each in found][1:]


async def waiting(post: Post) -> Change:
    change = await post.change(state=S.AWAITING_APPROVAL, approvals_needed=1)
    await post.put(change, OutboxKind.CARD)
    await post.send()
    return change


async def test_only_what_waits_for_a_person_goes_into_the_approvals_channel(post: Post) -> None:
    await waiting(post)
    alone = await post.change(customer="customer-2")
    await post.put(alone, OutboxKind.CARD)
    await post.send()
    assert (len(await messages(post, APPROVALS)), len(await messages(post, AUDIT))) == (1, 1)


async def test_a_card_stays_where_it_was_posted_and_follows_the_state(post: Post) -> None:
    change = await waiting(post)
    (first,) = await messages(post, APPROVALS)
    async with post.desk.database.write() as tx:
        await tx.changes.move(change.id, to=S.REJECTED)
    await post.put(change, OutboxKind.CARD)
    await post.send()
    (after,) = await messages(post, APPROVALS)
    assert after["ts"] == first["ts"]
    assert after["text"] != first["text"]
    assert await messages(post, AUDIT) == []


@pytest.mark.parametrize(
    ("addressee", "mention"),
    [("S0APPROVERS", "<!subteam^S0APPROVERS>"), ("@channel <!here>", "@channel &lt;!here&gt;")],
)
async def test_a_reminder_is_a_reply_that_mentions_who_is_to_be_notified(
    post: Post, addressee: str, mention: str
) -> None:
    change = await waiting(post)
    async with post.desk.database.write() as tx:
        row = await tx.audit.append(
            made.entry(
                name=AuditName.CHANGE_REMIND,
                team_id=change.team_id,
                change_id=change.id,
                actor=SYSTEM,
                data={"mention": addressee},
            )
        )
        step = made.item(tx, OutboxKind.STEP, change.id, team_id=change.team_id, audit_number=row.number)
        await tx.outbox.add(step)
    await post.send()
    (card,) = await messages(post, APPROVALS)
    (reply,) = await replies(post, APPROVALS, card["ts"])
    assert mention in reply


async def test_the_clock_reminds_escalates_and_ends_without_anybody_pressing(post: Post) -> None:
    """From the rows alone, by the worker's own round."""
    policy = Policy(approval=ApprovalRule(notify="S0APPROVERS", escalate_to="S0BOSSES"))
    clockwork = Clockwork(desk=replace(post.desk, policies=lambda: policy))
    change = await waiting(post)
    async with post.desk.database.write() as tx:
        asked_at = tx.now
        question = ApprovalRequest(
            change_id=change.id,
            reasons=(SecondPersonReason.SEATS,),
            asked_at=asked_at,
            remind_at=asked_at + timedelta(hours=4),
            escalate_at=asked_at + timedelta(hours=8),
            looked_at=asked_at,
        )
        await tx.approvals.ask(question)
    for hours in (5, 4, 16):
        post.clock.advance(timedelta(hours=hours))
        await clockwork.step()
        await post.send()
    (card,) = await messages(post, APPROVALS)
    reminder, escalation, end = await replies(post, APPROVALS, card["ts"])
    assert "<!subteam^S0APPROVERS>" in reminder
    assert "<!subteam^S0BOSSES>" in escalation
    assert "subteam" not in end
    async with post.desk.database.read() as tx:
        found = await tx.changes.get(change.id)
    assert found is not None
    assert found.state is S.EXPIRED
    assert len(await post.sven.messages(post.sven.direct)) == 1, "its asker is told, once"


async def test_that_nobody_can_approve_is_no_news_after_a_decision(post: Post) -> None:
    change = await waiting(post)
    async with post.desk.database.write() as tx:
        await tx.outbox.add(
            made.item(tx, OutboxKind.NOTICE, change.id, team_id=change.team_id, state=S.AWAITING_APPROVAL)
        )
        await tx.changes.move(change.id, to=S.WITHDRAWN)
    await post.send()
    assert await post.waiting(change) == []
    assert await post.sven.messages(post.sven.direct) == []


async def test_that_nobody_can_approve_is_told_to_the_asker(post: Post) -> None:
    change = await waiting(post)
    async with post.desk.database.write() as tx:
        notice = made.item(tx, OutboxKind.NOTICE, change.id, team_id=change.team_id, state=S.AWAITING_APPROVAL)
        await tx.outbox.add(notice)
    await post.send()
    await post.sven.wait_for_message(post.sven.direct, containing="Zentrale")
