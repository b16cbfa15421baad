"""Refusals are gathered in the audit channel: one message in a quarter of an hour at most, nothing twice, none lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.people import SYSTEM, Actor
from bot.worker.gathering import EVERY, LEASE, Gathering
from bot.workspace.sample import AUDIT, PEOPLE, TEAM
from storage.records import OutboxKind
from tests.bot.worker.conftest import Post, replace_client
from tests.bot.worker.test_outbox import LosesAnswers
from tests.support import made

SVEN, HEIDI = (Actor(team_id=TEAM.id, user_id=PEOPLE[name]) for name in ("sales_agent", "helpdesk_agent"))
STRANGER = Actor(team_id="T0OTHER", user_id="U0STRANGER")


def gathering(post: Post, owner: str = "worker-1") -> Gathering:
    return Gathering(
        desk=post.desk, mailer=post.outbox.mailer, drawing=post.outbox.drawing, owner=owner, pacing=post.outbox.pacing
    )


async def refuse(post: Post, *, actor: Actor = SVEN, times: int = 1, **fields: Any) -> None:
    given: dict[str, Any] = {
        "team_id": TEAM.id,
        "name": AuditName.OPTIONS_LOOK,
        "verdict": AuditVerdict.REFUSED,
        "reason": "no_role",
        "change_id": None,
        "actor": actor,
    }
    async with post.desk.database.write() as tx:
        for _ in range(times):
            await tx.audit.append(made.entry(**given | fields))


async def texts(post: Post) -> list[str]:
    return [str(message["text"]) for message in await post.in_audit()]


async def begun(post: Post) -> Gathering:
    """A loop that knows the workspace, its first quarter of an hour over."""
    loop = gathering(post)
    await refuse(post, verdict=AuditVerdict.DONE)
    await loop.step()
    post.clock.advance(EVERY)
    await loop.step()
    assert await texts(post) == []
    return loop


async def test_many_refusals_make_one_message_with_counts_reasons_and_people(post: Post) -> None:
    loop = await begun(post)
    await refuse(post, times=3)
    await refuse(post, actor=HEIDI)
    await refuse(post, actor=STRANGER, reason="other_organisation")
    await refuse(post, actor=HEIDI, verdict=AuditVerdict.UNDETERMINED, reason="source_unreachable")
    for _ in range(3):
        await loop.step()
    assert await texts(post) == []
    post.clock.advance(EVERY)
    for _ in range(3):
        await loop.step()
    (text,) = await texts(post)
    assert "6 refusals" in text
    assert f"4 × Looking at options: no partner role\n<@{SVEN.user_id}>, <@{HEIDI.user_id}>" in text
    assert "1 × Looking at options: from another organisation\nU0STRANGER (T0OTHER)" in text
    assert "<@U0STRANGER>" not in text


async def test_where_nothing_was_refused_nothing_is_posted(post: Post) -> None:
    loop = await begun(post)
    for _ in range(4):
        await refuse(post, verdict=AuditVerdict.DONE, times=2)
        await refuse(post, actor=SYSTEM, reason="lease_lapsed", verdict=AuditVerdict.UNDETERMINED)
        post.clock.advance(EVERY)
        await loop.step()
    assert await texts(post) == []


async def test_what_is_refused_afterwards_waits_for_the_next_quarter_of_an_hour(post: Post) -> None:
    loop = await begun(post)
    for number in (1, 2, 3):
        await refuse(post, times=number)
        post.clock.advance(EVERY)
        await loop.step()
        await loop.step()
    assert [text.split(" ")[0].strip("*") for text in await texts(post)] == ["3", "2", "1"]


async def test_a_refusal_that_is_told_as_a_step_of_its_change_is_not_told_again(post: Post) -> None:
    loop = await begun(post)
    change = await post.change()
    async with post.desk.database.write() as tx:
        refused = made.entry(team_id=TEAM.id, change_id=change.id, verdict=AuditVerdict.REFUSED, reason="own_change")
        row = await tx.audit.append(refused)
        step = made.item(tx, OutboxKind.STEP, change.id, team_id=TEAM.id, audit_number=row.number)
        await tx.outbox.add(step)
    post.clock.advance(EVERY)
    await loop.step()
    assert await texts(post) == []


async def test_two_workers_and_a_restart_tell_once(post: Post) -> None:
    await begun(post)
    await refuse(post)
    post.clock.advance(EVERY)
    await gathering(post, "worker-2").step()
    await gathering(post, "worker-3").step()
    post.clock.advance(EVERY)
    await gathering(post, "worker-4").step()
    assert len(await texts(post)) == 1


async def test_a_report_whose_answer_was_lost_is_found_again(post: Post) -> None:
    await begun(post)
    await refuse(post)
    post.clock.advance(EVERY)
    lossy = LosesAnswers(token="xoxb-1", base_url=post.client.base_url, session=post.client.session, retry_handlers=[])
    loop = replace(gathering(post), mailer=replace_client(post.outbox.mailer, lossy))
    with structlog.testing.capture_logs() as lines:
        await loop.step()
    assert [line["event"] for line in lines] == ["refusals_not_told"]
    assert lossy.lost == 1
    await refuse(post)
    post.clock.advance(timedelta(minutes=1))
    await loop.step()
    assert len(await texts(post)) == 1
    post.clock.advance(EVERY)
    await loop.step()
    assert len(await texts(post)) == 2


class Dies(AsyncWebClient):
    """A process that is gone in the middle of a call."""

    async def chat_postMessage(self, **arguments: Any) -> Any:  # type: ignore[override]  # noqa: N802 - slack_sdk's name
        await super().chat_postMessage(**arguments)
        raise KeyboardInterrupt


async def test_what_a_dead_worker_had_claimed_is_taken_over_after_its_lease(post: Post) -> None:
    await begun(post)
    await refuse(post)
    post.clock.advance(EVERY)
    dies = Dies(token="xoxb-1", base_url=post.client.base_url, session=post.client.session, retry_handlers=[])
    try:
        await replace(gathering(post), mailer=replace_client(post.outbox.mailer, dies)).step()
    except KeyboardInterrupt:
        pass
    else:
        raise AssertionError
    other = gathering(post, "worker-2")
    await other.step()
    assert len(await texts(post)) == 1
    post.clock.advance(LEASE)
    await other.step()
    assert len(await texts(post)) == 1
    async with post.desk.database.read() as tx:
        rows = (await tx.audit.unit.connection.exec_driver_sql("SELECT * FROM refusal_reports")).mappings().all()
    assert [(row["until_number"], row["attempts"], row["lease_owner"]) for row in rows] == [(None, 0, None)]


async def test_every_message_in_the_channel_carries_the_hash_of_its_entry(post: Post) -> None:
    """Cutting off the trail's end is found by what Slack keeps: issue 4, section 6."""
    loop = await begun(post)
    change = await post.change()
    await post.put(change, OutboxKind.STEP, OutboxKind.CARD)
    await post.send()
    await refuse(post)
    post.clock.advance(EVERY)
    await loop.step()
    history = await post.client.conversations_history(channel=AUDIT, include_all_metadata=True)
    report, card = history.get("messages") or []
    replies = await post.client.conversations_replies(channel=AUDIT, ts=card["ts"], include_all_metadata=True)
    step = (replies.get("messages") or [])[-1]
    async with post.desk.database.read() as tx:
        told = await tx.audit.last_of_change(change.id)
        head = await tx.audit.head(TEAM.id)
    assert told is not None
    for message, number, digest in (
        (card, told.number, told.hash),
        (step, told.number, told.hash),
        (report, head.number, head.hash),
    ):
        payload = message["metadata"]["event_payload"]
        assert (payload["audit_number"], payload["audit_hash"]) == (str(number), digest)
