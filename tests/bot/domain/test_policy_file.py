"""The policy file: what it may say, and what it is refused for."""

from datetime import date, timedelta

import pytest

from bot.domain.policy import Action, Mode, Policy
from bot.domain.policy_file import PolicyError, parse_policy
from bot.domain.roles import PartnerRole

FULL = """\
[actions]
look = ["global_admin", "helpdesk_agent"]
approve = ["admin_agent"]

[approval]
for_roles = []
for_seats_above = 0
approvers = 2
expires_after = "2 d"
remind_after = "90 min"
notify = "S0APPROVERS"

[operation]
mode = "rehearsal"
pilot_customers = []
freeze = [["2026-12-24", 2026-12-27]]
changes_per_person_per_day = 5
ticket_pattern = "[0-9]{4,}"
"""


def test_a_full_file_is_read_as_it_stands() -> None:
    """Every key of design.md has its place."""
    policy = parse_policy(FULL, source="policy.toml")
    assert policy.actions[Action.LOOK] == {PartnerRole.GLOBAL_ADMIN, PartnerRole.HELPDESK_AGENT}
    assert policy.actions[Action.REQUEST] == Policy().actions[Action.REQUEST]
    assert policy.approval.for_roles == frozenset()
    assert policy.approval.expires_after == timedelta(days=2)
    assert policy.approval.remind_after == timedelta(minutes=90)
    assert policy.operation.mode is Mode.REHEARSAL
    assert policy.operation.pilot_customers == frozenset()
    assert policy.operation.freeze == ((date(2026, 12, 24), date(2026, 12, 27)),)
    assert policy.source == "policy.toml"


def test_a_short_expiry_alone_brings_its_reminder_forward() -> None:
    """A file that says only `expires_after = "2 h"` is sound: the reminder comes at half of it."""
    rule = parse_policy('[approval]\nexpires_after = "2 h"\n', source="p").approval
    assert rule.remind_after == timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("", 1, "empty"),
        ("# nothing\n", 1, "empty"),
        ("[actions\n", 1, "TOML"),
        ('[actions]\nlook = ["boss"]\n', 2, '"boss" is no partner role'),
        ("[actions]\nlook = true\n", 2, "list of texts"),
        ('[actions]\napprove = ["admin_agent"]\nfly = []\n', 3, '"fly" is not known'),
        ("[action]\nlook = []\n", 1, '"action" is not known'),
        ("[actions]\n\napprove = []\n", 3, "nobody could approve"),
        ('[approval]\napprovers = 1\nexpires_after = "soon"\n', 3, "no duration"),
        ('[approval]\nexpires_after = "0 h"\n', 2, "no duration"),
        ('[approval]\nexpires_after = "1 h"\nremind_after = "2 h"\n', 3, "shorter"),
        ("[approval]\nfor_seats_above = -1\n", 2, "at least 0"),
        ("[approval]\nfor_seats_above = true\n", 2, "at least 0"),
        ("[approval]\napprovers = 0\n", 2, "at least 1"),
        ("[approval]\nself_approval = true\napprovers = 2\n", 2, "exclude"),
        ('[operation]\nmode = "dry"\n', 2, "no mode"),
        ('[operation]\nfreeze = [["2026-12-27", "2026-12-24"]]\n', 2, "first not after"),
        ('[operation]\nfreeze = ["2026-12-27"]\n', 2, "two dates"),
        ('[operation]\nfreeze = [["soon", "2026-12-24"]]\n', 2, "soon"),
        ('[operation]\nticket_pattern = "("\n', 2, "regular expression"),
        ("operation = 3\n", 1, "must be a table"),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, line: int, part: str) -> None:
    """Unknown role, unknown key, nobody who could approve, a duration that is none: a sentence with the line."""
    with pytest.raises(PolicyError) as refused:
        parse_policy(text, source="policy.toml")
    assert refused.value.line == line
    assert part in refused.value.sentence
    assert str(refused.value).startswith(f"policy.toml, line {line}: ")
