"""The switch by which this Slack misbehaves: each kind as an app sees it, strict about what no Slack does."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.workspace.acts.channels import archive, delete_message, keep_bot
from bot.workspace.config import WorkspaceConfig
from bot.workspace.core import Workspace
from bot.workspace.faults import RESPONSE_URL, FaultKind, Faults
from bot.workspace.sample import AUDIT
from bot.workspace.state.board import Message
from tests.bot.workspace.conftest import BOT_TOKEN
from tests.support.workspace_client import RunningWorkspace, running_workspace


@pytest.fixture
async def slack(config: WorkspaceConfig, clock: ShiftedClock) -> AsyncIterator[RunningWorkspace]:
    async with running_workspace(config=config, clock=clock, ids=RandomIds()) as running:
        yield running


@pytest.fixture
def workspace(slack: RunningWorkspace) -> Workspace:
    found = slack.server.workspace
    archive(found, AUDIT, archived=False)
    keep_bot(found, AUDIT, member=True)
    return found


async def called(
    slack: RunningWorkspace, method: str, *, token: str = BOT_TOKEN, **values: object
) -> tuple[int, str, dict[str, str]]:
    headers = {"Authorization": f"Bearer {token}"}
    async with slack.web.post(f"{slack.api_url}{method}", json=values, headers=headers) as answer:
        return answer.status, await answer.text(), dict(answer.headers)


def history(workspace: Workspace) -> list[Message]:
    return sorted(workspace.board.history(AUDIT), key=lambda one: one.ts)


def texts(workspace: Workspace) -> list[str]:
    return [one.text for one in history(workspace)]


@pytest.mark.parametrize(
    ("kind", "status", "says"),
    [("html", 503, "<html>"), ("html_ok", 200, "Sign in"), ("empty", 500, ""), ("fatal", 200, "fatal_error")],
)
@pytest.mark.parametrize("acts", [False, True], ids=["before-acting", "after-acting"])
async def test_a_spoilt_answer_says_nothing_about_whether_the_call_was_carried_out(
    slack: RunningWorkspace, workspace: Workspace, kind: str, status: int, says: str, *, acts: bool
) -> None:
    workspace.faults.arm(kind, "chat.postMessage", acts=acts)
    answer = await called(slack, "chat.postMessage", channel=AUDIT, text="one")
    assert answer[0] == status
    assert says in answer[1]
    assert (await called(slack, "chat.postMessage", channel=AUDIT, text="two"))[0] == 200
    assert texts(workspace) == [*(["one"] if acts else []), "two"]
    assert workspace.faults.met == ((FaultKind(kind), "chat.postMessage"),)


@pytest.mark.parametrize("kind", ["cut", "half_body", "hang"])
async def test_a_connection_is_cut_after_the_message_was_posted(
    slack: RunningWorkspace, workspace: Workspace, kind: str
) -> None:
    workspace.faults.arm(kind, "chat.postMessage", acts=True, seconds=0.05)
    with pytest.raises(aiohttp.ClientError):
        await called(slack, "chat.postMessage", channel=AUDIT, text="one")
    assert texts(workspace) == ["one"]


async def test_a_silent_slack_lets_the_caller_give_up_first(slack: RunningWorkspace, workspace: Workspace) -> None:
    workspace.faults.arm("hang", acts=True, seconds=60)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await called(slack, "chat.postMessage", channel=AUDIT, text="one")
    assert texts(workspace) == ["one"]


async def test_slow_is_the_right_answer_later(slack: RunningWorkspace, workspace: Workspace) -> None:
    workspace.faults.arm("slow", "auth.test", seconds=0.05)
    assert '"ok":true' in (await called(slack, "auth.test"))[1]


async def test_too_many_requests_names_its_seconds_also_on_a_response_url(
    slack: RunningWorkspace, workspace: Workspace
) -> None:
    workspace.faults.arm("ratelimited", "chat.update", seconds=600)
    workspace.faults.arm("ratelimited", RESPONSE_URL, seconds=30)
    assert (await called(slack, "auth.test"))[0] == 200
    status, _, headers = await called(slack, "chat.update", channel=AUDIT, ts="1.0", text="x")
    assert (status, headers["Retry-After"]) == (429, "600")
    async with slack.web.post(f"{slack.url}/respond/x", json={"text": "x"}) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "30")
    async with slack.web.post(f"{slack.url}/respond/x", json={"text": "x"}) as answer:
        assert answer.status == 404


async def test_one_channel_can_be_refused_until_it_is_switched_off(
    slack: RunningWorkspace, workspace: Workspace
) -> None:
    with workspace.faults.armed("refused", "chat.postMessage", channel=AUDIT, error="is_archived"):
        for _ in range(3):
            assert "is_archived" in (await called(slack, "chat.postMessage", channel=AUDIT, text="x"))[1]
        assert "is_archived" not in (await called(slack, "chat.postMessage", channel="C0GENERAL1", text="x"))[1]
    assert '"ok":true' in (await called(slack, "chat.postMessage", channel=AUDIT, text="x"))[1]


async def test_an_archived_channel_takes_neither_messages_nor_changes_and_is_still_read(
    slack: RunningWorkspace, workspace: Workspace
) -> None:
    await called(slack, "chat.postMessage", channel=AUDIT, text="one")
    ts = history(workspace)[-1].ts
    archive(workspace, AUDIT)
    assert "is_archived" in (await called(slack, "chat.postMessage", channel=AUDIT, text="two"))[1]
    assert "is_inactive" in (await called(slack, "chat.update", channel=AUDIT, ts=ts, text="two"))[1]
    assert "one" in (await called(slack, "conversations.history", channel=AUDIT))[1]
    archive(workspace, AUDIT, archived=False)
    delete_message(workspace, AUDIT, ts)
    assert "message_not_found" in (await called(slack, "chat.update", channel=AUDIT, ts=ts, text="two"))[1]


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_revoked_token_never_counts_again_and_a_new_one_does(
    slack: RunningWorkspace, workspace: Workspace, error: str
) -> None:
    workspace.tokens.revoke(error)
    assert error in (await called(slack, "auth.test"))[1]
    assert "invalid_auth" in (await called(slack, "auth.test", token="xoxb-new"))[1]
    workspace.tokens.issue("xoxb-new")
    assert '"ok":true' in (await called(slack, "auth.test", token="xoxb-new"))[1]
    assert error in (await called(slack, "auth.test"))[1]
    with pytest.raises(ValueError, match="stays revoked"):
        workspace.tokens.issue(BOT_TOKEN)


@pytest.mark.parametrize(
    ("kind", "methods", "more"),
    [
        ("ratelimited", (), {"acts": True}),
        ("refused", (), {"error": "is_archived"}),
        ("refused", ("auth.test",), {"error": "is_archived"}),
        ("refused", ("chat.update",), {"error": "not_in_channel"}),
        ("refused", (RESPONSE_URL,), {"error": "token_revoked"}),
        ("refused", (), {}),
        ("html", (), {"error": "is_archived"}),
        ("half_body", (), {"acts": False}),
        ("fatal", (RESPONSE_URL,), {}),
        ("cut", (), {"times": 0}),
        ("hang", (), {"seconds": -1.0}),
        ("teapot", (), {}),
    ],
)
def test_what_no_slack_does_cannot_be_armed(kind: str, methods: tuple[str, ...], more: dict[str, object]) -> None:
    faults = Faults()
    with pytest.raises(ValueError, match=r"."):
        faults.arm(kind, *methods, **more)  # type: ignore[arg-type]
    assert faults.waiting == ()
