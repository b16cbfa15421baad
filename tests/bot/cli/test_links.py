"""`roles link`: who is who, where the e-mail does not say so."""

from pathlib import Path

import pytest

from tests.bot.cli.program import run

OBJECT = "0b7c9a1e-4a0e-4c25-9c37-6d8e7c1a2b3c"
OTHER = "1b7c9a1e-4a0e-4c25-9c37-6d8e7c1a2b3c"


async def test_links_are_made_listed_and_undone_with_who_and_when_and_audited(tmp_path: Path) -> None:
    env = {"DATABASE_URL": f"sqlite:///{tmp_path / 'desk.sqlite3'}", "AUDIT_KEY": "k" * 40, "LOGNAME": "operator-1"}

    async def roles(*arguments: str) -> tuple[int, str]:
        end = await run("roles", *arguments, cwd=tmp_path, env=env)
        return end.code, end.out + end.err

    await run("migrate", cwd=tmp_path, env=env)
    at = ("--team", "T0123")
    assert await roles("links") == (0, "Nobody is linked by hand.\n")
    assert await roles("link", "U0123", OBJECT.upper(), *at) == (0, f"U0123 in T0123 is linked to {OBJECT}.\n")
    assert await roles("link", "U0123", OBJECT, *at) == (0, f"U0123 in T0123 was already linked to {OBJECT}.\n")
    code, said = await roles("link", "U0123", OTHER, *at)
    assert (code, "`roles unlink U0123` first" in said) == (1, True)
    code, said = await roles("link", "U0456", OBJECT, *at)
    assert (code, "one Microsoft user cannot be two people" in said) == (1, True)
    code, said = await roles("links")
    assert said.split()[:3] == ["T0123", "U0123", OBJECT]
    assert "operator-1" in said
    assert await roles("unlink", "U0123", *at) == (0, "U0123 in T0123 is no longer linked.\n")
    assert await roles("unlink", "U0123", *at) == (1, "U0123 in T0123 is not linked.\n")
    verified = await run("audit", "verify", cwd=tmp_path, env=env)
    assert verified.out.startswith("T0123: 2 entries, whole.")


@pytest.mark.parametrize(("user", "object_id"), [("U0123", "sven@nordlicht.example"), ("sven", OBJECT)])
async def test_a_name_is_taken_neither_for_a_user_nor_for_an_object(tmp_path: Path, user: str, object_id: str) -> None:
    end = await run("roles", "link", user, object_id, "--team", "T0123", cwd=tmp_path)
    assert end.code == 2
    assert "is no " in end.err
