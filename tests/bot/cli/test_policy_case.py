"""`policy show` and `policy test`: who may do what, and why one case comes out as it does."""

from datetime import date
from pathlib import Path

import pytest

from bot.cli.policy_case import Case, explain
from bot.domain.policy import Action, Policy
from bot.domain.policy_file import parse_policy
from bot.domain.roles import PartnerRole
from tests.bot.cli.program import run

R = PartnerRole
PILOT = "4d2b015f-5c5b-4864-b331-747ee1479c41"
NEVER = "5d2b015f-5c5b-4864-b331-747ee1479c41"
STRICT = f"""
[actions]
settle = []
[approval]
for_seats_above = 5
approvers = 2
expires_after = "20 d"
[operation]
mode = "rehearsal"
never_customers = ["{NEVER}"]
pilot_customers = ["{PILOT}", "{NEVER}"]
freeze = [[2026-12-24, 2027-01-02]]
changes_per_person_per_day = 3
"""


def case(
    *roles: PartnerRole,
    action: Action = Action.REQUEST,
    seats: int = 0,
    customer: str = PILOT,
    flagged: bool = False,
    day: date = date(2026, 11, 2),
) -> Case:
    return Case(roles=frozenset(roles), action=action, seats=seats, customer_id=customer, flagged=flagged, day=day)


def test_somebody_who_may_buy_alone_needs_nobody() -> None:
    assert explain(Policy(), case(R.SALES_AGENT, R.USER_ADMIN, seats=25)) == [
        "Verdict: allowed: the policy lists one of these roles.",
        "Rule: built-in [actions] request: global_admin, user_admin, admin_agent, sales_agent, helpdesk_agent.",
        "Second person: not needed.",
        "Orders: not forbidden.",
        "Mode: not set: live on the embedded service, read_only on any other.",
    ]


def test_every_reason_for_a_second_person_is_named() -> None:
    lines = explain(Policy(), case(R.HELPDESK_AGENT, seats=26, flagged=True))
    assert lines[2] == (
        "Second person: needed: none of the roles may buy alone ([approval] for_roles); more seats than [approval] "
        "for_seats_above; the catalogue flags this path."
    )
    assert lines[3] == "Approval: by 1 of global_admin, admin_agent, sales_agent, within 24 h, a reminder after 4 h."


def test_every_guard_that_forbids_an_order_is_named() -> None:
    policy = parse_policy(STRICT, source="policy.toml")
    told = "\n".join(explain(policy, case(R.SALES_AGENT, customer="other", day=date(2026, 12, 31))))
    assert "in a freeze ([operation] freeze); the customer is not among [operation] pilot_customers" in told
    assert "Limit: 3 changes" in told
    assert "Mode: rehearsal" in told
    assert "among [operation] never_customers" in "\n".join(explain(policy, case(R.SALES_AGENT, customer=NEVER)))


def test_a_refusal_names_its_rule_and_speaks_of_nothing_else() -> None:
    assert explain(Policy(), case(R.USER_ADMIN, action=Action.SETTLE)) == [
        "Verdict: refused: the policy lists none of these roles.",
        "Rule: built-in [actions] settle: global_admin, admin_agent, sales_agent.",
    ]
    nobody = explain(parse_policy(STRICT, source="p.toml"), case(R.GLOBAL_ADMIN, action=Action.SETTLE))
    assert nobody == ["Verdict: refused: the policy allows it to nobody.", "Rule: p.toml [actions] settle: nobody."]


async def test_show_prints_a_table_of_roles_and_actions_and_a_policy_that_can_be_read_again(tmp_path: Path) -> None:
    (tmp_path / "strict.toml").write_text(STRICT)
    shown = await run("policy", "show", "strict.toml", cwd=tmp_path)
    rows = [line.split() for line in shown.out.splitlines()[1:7]]
    assert rows[0] == ["#", "who", "may", "look", "request", "approve", "audit", "settle"]
    assert rows[1] == ["#", "global_admin", "yes", "yes", "yes", "yes", "no"]
    assert 'expires_after = "480 h"' in shown.out
    assert parse_policy(shown.out, source="policy.toml") == parse_policy(STRICT, source="policy.toml")


async def test_a_case_is_explained_from_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "strict.toml").write_text(STRICT)
    given = ("--role", "sales_agent", "--customer", PILOT, "--seats", "6", "--file", "strict.toml")
    end = await run("policy", "test", *given, "--on", "2026-12-24", cwd=tmp_path)
    assert (end.code, end.err) == (0, "")
    assert "Second person: needed: more seats" in end.out
    assert "within 480 h" in end.out
    assert "Orders: forbidden: the day lies in a freeze" in end.out


@pytest.mark.parametrize("wrong", [("--role", "king"), ("--seats", "-1"), ("--action", "buy"), ("--on", "tomorrow")])
async def test_a_case_that_makes_no_sense_is_code_2(tmp_path: Path, wrong: tuple[str, str]) -> None:
    end = await run("policy", "test", "--role", "sales_agent", "--customer", "X", *wrong, cwd=tmp_path)
    assert end.code == 2
    assert "Traceback" not in end.err
