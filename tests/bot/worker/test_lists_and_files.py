"""Messages to whoever holds a list, and the files of lists: to the right person, and gone when their time is over."""

from datetime import timedelta
from typing import Any

import pytest

from bot.desk.after.by_clock import remind_of_lists
from bot.domain.audit import AuditName
from bot.domain.changes import Change, FollowUp
from bot.domain.people import Actor
from bot.worker.files import Files
from bot.workspace.sample import PEOPLE, TEAM
from storage.follow_up_records import NewList, SentFile
from storage.records import OutboxKind
from tests.support import made
from tests.support.post import SVEN, Post

AMARA, GUEST = PEOPLE["admin_agent"], PEOPLE["guest"]
WHO = FollowUp(user_id="u1", name="Felix Braun", principal_name="felix@contoso.de", services=("Teams",))


def _actor(user_id: str) -> Actor:
    return Actor(team_id=TEAM.id, user_id=user_id)


@pytest.fixture
async def change(post: Post) -> Change:
    """A change of Sven's that left a list, in his hands."""
    change = await post.change()
    async with post.desk.database.write() as tx:
        await tx.follow_ups.add(
            NewList(
                change_id=change.id,
                team_id=TEAM.id,
                holder=change.asker,
                accounts=(WHO,),
                keys=("key-1",),
                remind_at=tx.now,
                delete_at=tx.now + timedelta(days=30),
            )
        )
    return change


async def given(post: Post, change: Change, to: str, *, by: str = SVEN) -> None:
    """Handed over as the desk does it, a message for it included."""
    async with post.desk.database.write() as tx:
        await tx.follow_ups.hand_over(change.id, to=_actor(to), remind_at=tx.now)
        entry = made.entry(
            name=AuditName.FOLLOW_UPS_HAND_OVER,
            team_id=TEAM.id,
            change_id=change.id,
            actor=_actor(by),
            data={"to": to, "open": 1, "accounts": 1},
        )
        row = await tx.audit.append(entry)
        item = made.item(tx, OutboxKind.FOLLOW_UPS, change.id, team_id=TEAM.id, audit_number=row.number)
        await tx.outbox.add(item)


async def told(post: Post, user_id: str) -> list[str]:
    person = post.slack.member(user_id)
    return [str(each.get("blocks")) for each in await person.messages(person.direct)]


async def test_a_list_that_went_on_meanwhile_is_told_to_its_holder_once(post: Post, change: Change) -> None:
    """A message whose reader has handed it on before it went out would name the wrong giver to the next one."""
    await given(post, change, AMARA)
    await given(post, change, SVEN, by=AMARA)
    await post.send()
    assert await told(post, AMARA) == []
    (message,) = await told(post, SVEN)
    assert AMARA in message


async def test_a_reminder_for_who_is_no_member_any_more_goes_to_the_asker(post: Post, change: Change) -> None:
    """Nobody else can hand the list on: unread, its accounts would wait until the names are deleted."""
    async with post.desk.database.write() as tx:
        await tx.follow_ups.hand_over(change.id, to=_actor(GUEST), remind_at=tx.now)
    assert await remind_of_lists(post.desk) == 1
    await post.send()
    assert await told(post, GUEST) == []
    assert len(await told(post, SVEN)) == 1
    assert await post.waiting(change) == []


async def noted(post: Post, change: Change, *files: str) -> None:
    async with post.desk.database.write() as tx:
        for each in files:
            await tx.follow_ups.add_file(SentFile(team_id=TEAM.id, file_id=each, change_id=change.id, due_at=tx.now))


async def kept(post: Post) -> list[str]:
    post.clock.advance(timedelta(days=1))
    async with post.desk.database.read() as tx:
        return sorted(each.file_id for each in await tx.follow_ups.files_due())


def files_of(post: Post) -> Files:
    async def client_for(_team: str) -> Any:
        return post.client

    return Files(desk=post.desk, client_for=client_for)


async def test_a_file_that_slack_does_not_know_yet_is_not_struck_off(post: Post, change: Change) -> None:
    """Names deleted while its bytes are on their way: the file is there a minute later, and has to go."""
    await noted(post, change, "F0NOTYET1")
    assert not await files_of(post).step()
    post.clock.advance(timedelta(minutes=16))
    assert await files_of(post).step()
    assert await kept(post) == []


async def test_a_file_that_cannot_be_deleted_keeps_no_other_from_it(post: Post, change: Change) -> None:
    """Whatever goes wrong with it, also what no call to Slack raises; it is tried again."""
    await noted(post, change, "F0BROKEN1", "F0GONE001")
    post.clock.advance(timedelta(minutes=16))
    real = post.client

    class Broken:
        async def files_delete(self, *, file: str) -> Any:
            if file == "F0BROKEN1":
                raise KeyError(file)
            return await real.files_delete(file=file)

    async def client_for(_team: str) -> Any:
        return Broken()

    assert await Files(desk=post.desk, client_for=client_for).step()
    assert await kept(post) == ["F0BROKEN1"]
