"""Commands that end by themselves: what they do, and what they say when they cannot."""

import json
from pathlib import Path

import pytest

from tests.bot.cli.program import names_in, run

KEY = "k" * 40


def settings(folder: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{folder / 'desk.sqlite3'}", "AUDIT_KEY": KEY}


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("demo",),
        ("serve",),
        ("worker",),
        ("eligibility",),
        ("migrate",),
        ("stop",),
        ("resume",),
        ("roles",),
        ("roles", "grant"),
        ("policy", "show"),
        ("audit", "verify"),
        ("book", "import"),
    ],
)
async def test_every_command_explains_itself(tmp_path: Path, command: tuple[str, ...]) -> None:
    end = await run(*command, "--help", cwd=tmp_path)
    assert (end.code, end.err) == (0, "")
    assert "Usage: upgrade-desk" in end.out


@pytest.mark.parametrize("wrong", [("demo", "--port", "x"), ("nothing",), ("roles", "grant", "U012", "king")])
async def test_wrong_arguments_are_code_2_without_a_traceback(tmp_path: Path, wrong: tuple[str, ...]) -> None:
    end = await run(*wrong, cwd=tmp_path)
    assert end.code == 2
    assert "Traceback" not in end.err


async def test_serve_names_everything_that_is_missing_and_starts_nothing(tmp_path: Path) -> None:
    end = await run("serve", "--port", "0", cwd=tmp_path, env={"SLACK_APP_TOKEN": "xapp-1"})
    assert end.code == 2
    for name in ("SLACK_BOT_TOKEN", "ELIGIBILITY_URL", "ELIGIBILITY_TOKEN", "AUDIT_KEY", "AUDIT_CHANNEL"):
        assert f"{name} is not set. " in end.err
    assert "Traceback" not in end.err
    assert names_in(tmp_path) == []


async def test_serve_needs_one_of_the_two_ways_to_be_reached(tmp_path: Path) -> None:
    end = await run("serve", "--port", "0", cwd=tmp_path)
    assert end.code == 2
    assert "Neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is set" in end.err


@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "stop"])
async def test_a_senseless_setting_is_a_sentence_and_code_2(tmp_path: Path, command: str) -> None:
    end = await run(command, cwd=tmp_path, env={"LANGUAGE": "fr"})
    assert (end.code, end.err) == (2, "LANGUAGE: must be one of 'de' or 'en'.\n")


async def test_a_broken_policy_stops_the_start_with_its_line(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('[actions]\nlook = ["king"]\n')
    env = {
        **settings(tmp_path),
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "ELIGIBILITY_URL": "http://127.0.0.1:9",
        "ELIGIBILITY_TOKEN": "t",
        "AUDIT_CHANNEL": "C0AUDIT001",
        "POLICY_FILE": str(policy),
    }
    end = await run("worker", cwd=tmp_path, env=env)
    assert end.code == 2
    assert end.err.startswith("POLICY_FILE: policy.toml, line 2: ")


async def test_a_database_that_was_not_migrated_says_what_to_run(tmp_path: Path) -> None:
    end = await run("roles", "list", cwd=tmp_path, env=settings(tmp_path))
    assert end.code == 2
    assert "run `upgrade-desk migrate`" in end.err


async def test_roles_are_granted_listed_and_revoked_with_who_and_when_and_audited(tmp_path: Path) -> None:
    env = {**settings(tmp_path), "LOGNAME": "operator-1"}
    assert (await run("migrate", cwd=tmp_path, env=env)).code == 0
    granted = await run("roles", "grant", "U0123", "sales_agent", "--team", "T0123", cwd=tmp_path, env=env)
    assert (granted.code, granted.out) == (0, "U0123 in T0123 has the role sales_agent.\n")
    again = await run("roles", "grant", "U0123", "sales_agent", "--team", "T0123", cwd=tmp_path, env=env)
    assert "already had" in again.out
    listed = await run("roles", "list", cwd=tmp_path, env=env)
    assert listed.out.split()[:3] == ["T0123", "U0123", "sales_agent"]
    assert "operator-1" in listed.out
    assert (await run("roles", "revoke", "U0123", "sales_agent", "--team", "T0123", cwd=tmp_path, env=env)).code == 0
    missing = await run("roles", "revoke", "U0123", "sales_agent", "--team", "T0123", cwd=tmp_path, env=env)
    assert missing.code == 1
    verified = await run("audit", "verify", cwd=tmp_path, env=env)
    assert verified.code == 0
    assert verified.out.startswith("T0123: 2 entries, whole.")


@pytest.mark.parametrize("user", ["sven", "#general", "T0123", "u0123"])
async def test_a_name_is_not_taken_for_a_user(tmp_path: Path, user: str) -> None:
    end = await run("roles", "grant", user, "sales_agent", "--team", "T0123", cwd=tmp_path, env=settings(tmp_path))
    assert end.code == 2
    assert "is no Slack user id" in end.err


async def test_stop_and_resume_say_what_they_did(tmp_path: Path) -> None:
    env = settings(tmp_path)
    await run("migrate", cwd=tmp_path, env=env)
    assert (await run("stop", cwd=tmp_path, env=env)).out.startswith("Stopped by ")
    assert "already" in (await run("stop", cwd=tmp_path, env=env)).out
    assert (await run("resume", cwd=tmp_path, env=env)).out == "Orders go on.\n"
    assert (await run("resume", cwd=tmp_path, env=env)).out == "It was not stopped; nothing has changed.\n"


async def test_an_edited_trail_is_found_by_verify(tmp_path: Path) -> None:
    env = settings(tmp_path)
    await run("migrate", cwd=tmp_path, env=env)
    await run("roles", "grant", "U0123", "sales_agent", "--team", "T0123", cwd=tmp_path, env=env)
    end = await run("audit", "verify", cwd=tmp_path, env={**env, "AUDIT_KEY": "x" * 40})
    assert end.code == 1
    assert "faults" in end.err


async def test_policy_show_prints_a_policy_that_can_be_read_again(tmp_path: Path) -> None:
    shown = await run("policy", "show", cwd=tmp_path)
    assert shown.code == 0
    (tmp_path / "copy.toml").write_text(shown.out)
    again = await run("policy", "show", "copy.toml", cwd=tmp_path)
    assert again.out.splitlines()[1:] == shown.out.splitlines()[1:]


async def test_a_book_is_imported_or_refused_with_line_and_field(tmp_path: Path) -> None:
    env = {"ELIGIBILITY_DATABASE_URL": f"sqlite:///{tmp_path / 'book.sqlite3'}"}
    customer = {
        "id": "4d2b015f-5c5b-4864-b331-747ee1479c41",
        "companyName": "Contoso GmbH",
        "domain": "contoso.de",
        "country": "DE",
        "delegatedAdmin": True,
        "subscriptions": [],
        "users": [],
    }
    (tmp_path / "good.json").write_text(json.dumps({"customers": [customer]}))
    good = await run("book", "import", "good.json", cwd=tmp_path, env=env)
    assert (good.code, good.err) == (0, "")
    assert good.out.startswith("Imported 1 customers, 0 subscriptions and 0 users")
    (tmp_path / "bad.json").write_text(json.dumps({"customers": [customer | {"country": 5}]}))
    bad = await run("book", "import", "bad.json", cwd=tmp_path, env=env)
    assert bad.code == 1
    assert "line 1" in bad.err
    assert "country" in bad.err
