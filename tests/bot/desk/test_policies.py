"""The policy in force, read anew when its file changes."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.policies import watch_policy
from bot.domain.clock import ShiftedClock
from bot.domain.people import RoleEvidence
from bot.domain.policy import Action, Ruling, authorise
from bot.domain.policy_file import PolicyError
from bot.domain.roles import PartnerRole


def test_without_a_file_the_built_in_default_holds() -> None:
    """design.md, rule 4: no file set, the default."""
    assert watch_policy(None, clock=ShiftedClock())().source == "built-in"


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"[actions]\nfly = []\n"])
def test_a_file_that_is_missing_empty_or_broken_stops_the_start(tmp_path: Path, content: bytes | None) -> None:
    """design.md, rule 4: no start."""
    path = tmp_path / "policy.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PolicyError, match=r"policy\.toml"):
        watch_policy(path, clock=ShiftedClock())


def test_a_change_of_the_file_takes_effect_and_a_broken_change_admits_nobody(tmp_path: Path) -> None:
    """It is read anew when it changes; broken or gone, nobody is admitted; mended, they are again."""
    path, clock = tmp_path / "policy.toml", ShiftedClock()
    path.write_text('[actions]\nlook = ["global_admin"]\n')
    current = watch_policy(path, clock=clock)
    assert current().actions[Action.LOOK] == {PartnerRole.GLOBAL_ADMIN}

    for broken in ("[actions]\nlook = 3\n", None):
        path.write_text(broken) if broken else path.unlink()
        clock.advance(timedelta(seconds=2))
        policy = current()
        assert "policy.toml, line" in (policy.fault or "")
        verdict = authorise(policy=policy, action=Action.LOOK, evidence=RoleEvidence())
        assert verdict.ruling is Ruling.UNDETERMINED

    path.write_text('[actions]\nlook = ["sales_agent"]\n')
    clock.advance(timedelta(seconds=2))
    assert current().actions[Action.LOOK] == {PartnerRole.SALES_AGENT}
