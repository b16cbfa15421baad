"""`upgrade-desk doctor` as a program: exit codes, and what it prints."""

import json
from pathlib import Path

from tests.bot.cli.program import names_in, run


async def test_with_nothing_set_it_names_what_is_needed_and_leaves_nothing_behind(tmp_path: Path) -> None:
    end = await run("doctor", cwd=tmp_path)
    assert end.code == 1
    assert end.err == ""
    for name in ("SLACK_BOT_TOKEN", "ELIGIBILITY_URL", "ELIGIBILITY_TOKEN", "AUDIT_KEY", "AUDIT_CHANNEL"):
        assert f"FAULT: settings: {name} is not set." in end.out
        assert f"  To do: Set {name}." in end.out
    assert names_in(tmp_path) == []


async def test_senseless_settings_are_findings_too(tmp_path: Path) -> None:
    env = {"AUDIT_KEY": "short", "USERGROUPS": "king=S0123"}
    end = await run("doctor", "--json", cwd=tmp_path, env=env)
    assert end.code == 1
    document = json.loads(end.out)
    assert document["ok"] is False
    assert [each["says"].split(":")[0] for each in document["findings"]] == ["AUDIT_KEY", "USERGROUPS"]
