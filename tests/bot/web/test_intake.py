"""Signed HTTP: who is taken for Slack, what is malformed, and what comes twice."""

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
import structlog

from bot.web.intake import MOST_BYTES
from bot.web.signature import signed_by_slack
from tests.bot.web.conftest import FORM, WIRE, Desk


def command(text: str = "Contoso", trigger: str = "t1", **more: str) -> str:
    fields = {"command": "/upgrade-options", "text": text, "team_id": "T1DC2JH3J", "user_id": "U1"}
    return urlencode(fields | {"trigger_id": trigger, "channel_id": "C1"} | more)


def test_slacks_own_test_vector_is_accepted_and_only_near_its_time() -> None:
    vector = json.loads((WIRE / "signature_test_vector.json").read_text())

    def check(*, now: float = 1531420618, body: str = vector["body"]) -> bool:
        return signed_by_slack(
            secret=vector["signing_secret"].encode(),
            timestamp=vector["X-Slack-Request-Timestamp"].encode(),
            signature=vector["X-Slack-Signature"].encode(),
            body=body.encode(),
            now=now,
        )

    assert check()
    assert check(now=1531420618 + 300)
    assert check(now=1531420618 - 300)
    assert not check(now=1531420618 + 301)
    assert not check(now=1531420618 - 301)
    assert not check(body=vector["body"] + "&x=y")


async def test_a_signed_command_is_acknowledged_and_handled_once(desk: Desk) -> None:
    assert await desk.post(command()) == (200, "")
    assert [body["text"] for body in desk.seen] == ["Contoso"]


@pytest.mark.parametrize(
    "more",
    [
        {"text": "Payload Logistics"},
        {"text": "my payload is here", "channel_name": "payloads"},
        {"team_domain": "payload", "user_name": "payload"},
        {"text": "a&payload=b", "payload": "{}"},
    ],
)
async def test_the_word_payload_anywhere_in_a_command_does_no_harm(desk: Desk, more: dict[str, str]) -> None:
    """Bolt's own parser answers these with 404 (facts/slack.md, 4.3)."""
    status, _ = await desk.post(command(**more))
    assert status == 200
    assert desk.seen[0]["command"] == "/upgrade-options"


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Slack_Signature": "v0=" + "0" * 64},
        {"X_Slack_Signature": ""},
        {"X_Slack_Signature": "v0=é"},
        {"X_Slack_Signature": "nonsense"},
        {"X_Slack_Request_Timestamp": "0"},
        {"X_Slack_Request_Timestamp": "soon"},
        {"X_Slack_Request_Timestamp": "٣٣٣"},
        {"X_Slack_Request_Timestamp": "9" * 400},
        {"X_Slack_Request_Timestamp": "-1"},
    ],
)
async def test_whoever_did_not_sign_is_refused_with_401(desk: Desk, headers: dict[str, str]) -> None:
    assert await desk.post(command(), **headers) == (401, '{"error": "signature_refused"}')
    assert desk.seen == []


async def test_an_unsigned_malformed_body_is_401_and_never_looked_at(desk: Desk) -> None:
    status, _ = await desk.post(b"payload=not json \xff", X_Slack_Signature="v0=" + "0" * 64)
    assert status == 401


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", FORM),
        (b"payload=notjson", FORM),
        (b"payload=[1]", FORM),
        (b"payload=null", FORM),
        (b"payload=%7B%22type%22%3A5%7D", FORM),
        (b"payload=%7B%7D", FORM),
        (b"no equals sign", FORM),
        (b"text=%ff%fe&command=%2Fx", FORM),
        ("text=ü&command=/x".encode(), FORM),
        (b"command=/a&command=/b", FORM),
        (b"&".join(b"a%d=1" % n for n in range(500)), FORM),
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'"x"', "application/json"),
        (b"\xff", "application/json"),
        (b'{"type":"event_callback","x":"\\ud800"}', "application/json"),
        (b'{"type":"url_verification"}', "application/json"),
        (b'{"type":"url_verification","challenge":5}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"type":"event_callback"}', "text/plain"),
        (b"\x00\x01", "multipart/form-data; boundary=x"),
    ],
)
async def test_a_malformed_body_is_400_even_when_it_is_signed(desk: Desk, body: bytes, kind: str) -> None:
    status, text = await desk.post(body, kind)
    assert status == 400
    assert json.loads(text)["error"] == "malformed"


async def test_a_body_without_end_or_measure_is_not_read_to_its_end(desk: Desk) -> None:
    assert (await desk.post(b"x" * (MOST_BYTES + 1)))[0] == 413

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 100_000

    async with desk.http.post(f"{desk.url}/slack/events", data=endless()) as answer:
        assert answer.status == 413

    async def slow() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.sleep(1)

    async with desk.http.post(f"{desk.url}/slack/events", data=slow()) as answer:
        assert answer.status == 408


async def test_other_methods_are_405_and_other_paths_404(desk: Desk) -> None:
    async with desk.http.get(f"{desk.url}/slack/events") as answer:
        assert answer.status == 405
    async with desk.http.post(f"{desk.url}/slack/other") as answer:
        assert answer.status == 404


async def test_slacks_two_probes_are_answered(desk: Desk) -> None:
    probe = (WIRE / "event.url_verification.json").read_text()
    assert await desk.post(probe, "application/json") == (200, json.loads(probe)["challenge"])
    assert await desk.post(urlencode({"ssl_check": "1", "token": "x"})) == (200, "")


async def test_a_replayed_request_does_nothing_twice(desk: Desk) -> None:
    for _ in range(3):
        assert (await desk.post(command()))[0] == 200
    assert len(desk.seen) == 1


async def test_two_deliveries_at_the_same_moment_are_one(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.post(command()) for _ in range(5)))
    assert {status for status, _ in answers} == {200}
    assert len(desk.seen) == 1


async def test_a_retry_of_a_delivery_that_failed_is_processed(desk: Desk) -> None:
    desk.fail_next = True
    assert (await desk.post(command()))[0] == 500
    assert (await desk.post(command(), X_Slack_Retry_Num="1"))[0] == 200
    assert len(desk.seen) == 1


async def test_a_retried_event_is_known_by_its_event_id_and_not_by_the_retry_header(desk: Desk) -> None:
    event = {"type": "event_callback", "team_id": "T1DC2JH3J", "event_id": "Ev1"}
    event |= {"event": {"type": "app_home_opened", "user": "U1", "tab": "home"}}
    first = json.dumps(event)
    assert (await desk.post(first, "application/json", X_Slack_Retry_Num="2"))[0] == 200
    assert (await desk.post(first, "application/json", X_Slack_Retry_Num="3"))[0] == 200
    assert (await desk.post(json.dumps(event | {"event_id": "Ev2"}), "application/json"))[0] == 200
    assert [body["event_id"] for body in desk.seen] == ["Ev1", "Ev2"]


async def test_the_header_that_runs_a_lazy_listener_is_not_believed(desk: Desk) -> None:
    status, _ = await desk.post(command(), X_Slack_Bolt_Lazy_Only="1", X_Slack_Bolt_Lazy_Function_Name="note")
    assert status == 200
    assert len(desk.seen) == 1


async def test_neither_logs_nor_figures_hold_what_was_sent(desk: Desk) -> None:
    with structlog.testing.capture_logs() as lines:
        await desk.post(command("Contoso contoso.de"), X_Slack_Signature="v0=" + "0" * 64)
        await desk.post(b"payload=Contoso")
    assert lines
    assert "ontoso" not in repr(lines)
    async with desk.http.get(f"{desk.url}/metrics") as answer:
        page = await answer.text()
    assert 'upgrade_desk_http_refused_total{status="401"} 1.0' in page
    assert "U1" not in page


async def test_health_is_answered_without_a_signature(desk: Desk) -> None:
    async with desk.http.get(f"{desk.url}/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok"})
