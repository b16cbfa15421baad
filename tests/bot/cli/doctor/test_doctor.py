"""`doctor` against the local workspace, the real service and a stand-in for Graph, with each gap made on purpose."""

import asyncio
import json
import socket
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.doctor.command import as_document, as_lines
from bot.cli.doctor.finding import State
from bot.domain.roles import PartnerRole
from bot.workspace.config import Channel
from bot.workspace.sample import SHARED
from tests.support.doctored import NO_GRAPH, sound_world, tampered

UNUSED = Channel(id="C0UNUSED01", name="unused")
CLOSED = Channel(id="C0CLOSED01", name="closed", bot_is_member=True, is_archived=True)
OBJECT = "0b7c9a1e-4a0e-4c25-9c37-6d8e7c1a2b3c"


@pytest.fixture(autouse=True)
def _no_dotenv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


async def test_where_all_is_well_every_finding_is_ok(tmp_path: Path, database_url: str) -> None:
    async with sound_world(tmp_path, database_url) as world:
        found = await world.examine()
        assert {each.state for each in found} == {State.OK}, as_lines(found)
        groups = {each.group for each in found}
        assert groups >= {"settings", "tokens", "scopes", "manifest", "channels", "database", "audit key", "service"}
        assert groups >= {"roles", "policy", "clock", "proxies", "workspaces"}
        clocks = {each.says for each in found if each.group == "clock"}
        assert clocks == {
            f"This machine's clock agrees with {who}." for who in ("Slack", "the database", "the service")
        }
        assert as_lines(found)[-1] == "All is well."
        assert as_document(found)["ok"] is True


async def test_each_gap_has_its_finding_and_its_fix(tmp_path: Path, sqlite_url: str) -> None:
    """One gap at a time: exactly that one is named."""
    (tmp_path / "broken.toml").write_text('[actions]\nlook = ["king"]\n')
    gaps = {
        "tokens: SLACK_BOT_TOKEN: Slack answered auth.test with invalid_auth": {"slack_bot_token": "xoxb-2"},
        "tokens: SLACK_APP_TOKEN: Slack answered apps.connections.open with invalid_auth": {
            "slack_app_token": "xapp-2"
        },
        "tokens: Neither SLACK_APP_TOKEN": {"slack_app_token": None},
        "workspaces: ALLOWED_TEAMS does not name T0PARTNER1": {"allowed_teams": "T0OTHER"},
        "channels: AUDIT_CHANNEL: there is no channel C0NOWHERE1": {"audit_channel": "C0NOWHERE1"},
        "channels: AUDIT_CHANNEL: the bot is not in C0UNUSED01": {"audit_channel": "C0UNUSED01"},
        "channels: AUDIT_CHANNEL: C0CLOSED01 is archived": {"audit_channel": "C0CLOSED01"},
        "channels: APPROVALS_CHANNEL: C0SHARED01 is shared": {"approvals_channel": SHARED},
        "database: The database was never migrated": {"database_url": f"sqlite:///{tmp_path / 'none.db'}"},
        "audit key: The newest entry of T0PARTNER1 was not made with this AUDIT_KEY": {"audit_key": "x" * 40},
        "service: The service refuses the token (401)": {"eligibility_token": "wrong"},
        "service: The service gave no usable answer (service_unreachable)": {"eligibility_url": "http://127.0.0.1:9"},
        "roles: The Slack user group S0NOWHERE (user_admin) does not exist": {"usergroups": "user_admin=S0NOWHERE"},
        "roles: Microsoft gives no token (invalid_client)": {"graph_client_secret": "wrong"},
        "roles: Microsoft Graph is half set: GRAPH_CLIENT_ID is missing": {"graph_client_id": None},
        f"roles: The Microsoft group {OBJECT} (sales_agent) does not exist": {"graph_groups": f"sales_agent={OBJECT}"},
        'policy: broken.toml, line 2: look: "king" is no partner role': {"policy_file": tmp_path / "broken.toml"},
        "settings: ELIGIBILITY_TOKEN is not set": {"eligibility_token": None},
    }
    async with sound_world(tmp_path, sqlite_url, channels=(UNUSED, CLOSED)) as world:
        for expected, given in gaps.items():
            faults = await world.faults(**given)
            assert len(faults) == 1, (expected, faults)
            assert faults[0].startswith(expected)


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ("chat:write", "no card, step or notice can be posted"),
        ("users:read", "nobody is let in"),
        ("usergroups:read", "no role is read from Slack user groups"),
        ("users:read.email", "nobody is found in Microsoft's directory by e-mail"),
    ],
)
async def test_a_missing_scope_is_named_with_what_fails_without_it(
    tmp_path: Path, sqlite_url: str, scope: str, words: str
) -> None:
    async with sound_world(tmp_path, sqlite_url, without=[scope]) as world:
        faults = await world.faults()
        assert f"scopes: The bot token lacks {scope}: {words}" in faults[0]


async def test_a_scope_that_the_settings_do_not_need_is_not_missed(tmp_path: Path, sqlite_url: str) -> None:
    async with sound_world(tmp_path, sqlite_url, without=["usergroups:read", "users:read.email"]) as world:
        assert await world.faults(**NO_GRAPH, usergroups={}) == []


async def test_a_schema_that_was_changed_by_hand_is_named(tmp_path: Path, database_url: str) -> None:
    tampered(database_url, "DROP INDEX uq_changes_open")
    async with sound_world(tmp_path, database_url) as world:
        faults = await world.faults()
        assert len(faults) == 1
        assert faults[0].startswith("database: The database differs: index uq_changes_open is missing")


async def test_a_clock_that_is_off_is_told_by_how_much(tmp_path: Path, sqlite_url: str) -> None:
    async with sound_world(tmp_path, sqlite_url) as world:
        world.clock.advance(timedelta(minutes=3))
        faults = await world.faults()
        assert [each.split(" s ")[1] for each in faults] == ["ahead of Slack.", "ahead of the service."]


async def test_that_nobody_could_approve_is_told_before_somebody_waits(tmp_path: Path, sqlite_url: str) -> None:
    async with sound_world(tmp_path, sqlite_url, granted=[PartnerRole.HELPDESK_AGENT]) as world:
        assert await world.faults() == []
        world.graph.tenant.users.clear()
        (told,) = await world.faults()
        assert told.startswith("policy: The policy wants 1 to approve, and 0 are known to hold one of admin_agent,")
        assert len(await world.faults(**NO_GRAPH)) == 1
        world.graph.tenant.failing = 503
        found = await world.examine()
        assert "Whether somebody can approve: a source of roles cannot be asked." in {each.says for each in found}


@pytest.mark.parametrize(("status", "words"), [(403, "refuses to be read (403)"), (503, "no usable answer (http_503)")])
async def test_what_graph_refuses_is_named(tmp_path: Path, sqlite_url: str, status: int, words: str) -> None:
    async with sound_world(tmp_path, sqlite_url) as world:
        world.graph.tenant.reading = status
        assert words in (await world.faults())[0]


async def test_a_proxy_that_is_not_there_is_named_without_its_password(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sound_world(tmp_path, sqlite_url) as world:
        monkeypatch.setenv("https_proxy", "http://someone:hidden@127.0.0.1:9")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        faults = [each for each in await world.faults(graph_url="https://graph.example/v1.0") if "proxies" in each]
        assert faults == [
            "proxies: The proxy http://127.0.0.1:9 for Microsoft Graph, Microsoft's sign-in cannot be reached."
        ]


async def test_what_hangs_is_given_up(tmp_path: Path, sqlite_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with sound_world(tmp_path, sqlite_url) as world:
            began = asyncio.get_running_loop().time()
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            faults = await world.faults(seconds=1.0, eligibility_url=url)
            assert asyncio.get_running_loop().time() - began < 4
    assert faults == ["service: The check took longer than 1 s and was given up."]


async def test_without_slack_the_rest_is_looked_at_all_the_same(tmp_path: Path, sqlite_url: str) -> None:
    async with sound_world(tmp_path, sqlite_url) as world:
        found = await world.examine(slack_api_url="http://127.0.0.1:9")
        states = {(each.group, each.state) for each in found}
        assert {("channels", State.NOT_CHECKED), ("scopes", State.NOT_CHECKED)} <= states
        assert {("database", State.OK), ("service", State.OK), ("manifest", State.OK)} <= states


async def test_the_embedded_service_of_all_in_one_needs_no_address(tmp_path: Path, sqlite_url: str) -> None:
    async with sound_world(tmp_path, sqlite_url) as world:
        assert await world.faults(all_in_one=True, eligibility_url=None, eligibility_token=None) == []


async def test_it_reads_well_aloud_and_as_json(tmp_path: Path, sqlite_url: str) -> None:
    async with sound_world(tmp_path, sqlite_url) as world:
        found = await world.examine(audit_channel="C0NOWHERE1", audit_key="x" * 40)
    lines = as_lines(found)
    assert all(line.startswith(("OK: ", "FAULT: ", "NOT CHECKED: ", "  To do: ", "2 faults")) for line in lines)
    assert lines[-1] == "2 faults, 0 not checked."
    document = json.loads(json.dumps(as_document(found)))
    assert document["ok"] is False
    assert {each["state"] for each in document["findings"]} == {"ok", "fault"}
    told = json.dumps(document)
    assert not any(secret in told for secret in ("xoxb-1", "xapp-1", "x" * 40, "a token for tests"))
