"""The policy: who may, and when a second person is needed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import HeldRole, RoleEvidence
from bot.domain.policy import (
    ALL_ROLES,
    Action,
    ApprovalRule,
    Policy,
    Ruling,
    SecondPersonReason,
    authorise,
    second_person,
)
from bot.domain.roles import PartnerRole

ROLES = st.frozensets(st.sampled_from(PartnerRole))
ACTIONS = st.sampled_from(Action)


def evidence(*roles: PartnerRole, unreachable: tuple[str, ...] = ()) -> RoleEvidence:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    held = tuple(HeldRole(role=role, source="grant", read_at=at) for role in roles)
    return RoleEvidence(held=held, unreachable=unreachable)


POLICIES = st.builds(
    Policy,
    actions=st.dictionaries(ACTIONS, ROLES),
    approval=st.builds(ApprovalRule, for_roles=ROLES, for_seats_above=st.integers(0, 100)),
)


@pytest.mark.parametrize("role", list(PartnerRole))
@pytest.mark.parametrize("action", [Action.LOOK, Action.REQUEST])
def test_by_default_each_of_the_five_roles_may_look_and_ask(role: PartnerRole, action: Action) -> None:
    """facts/upgrade-article.md: the five roles, unranked."""
    assert authorise(policy=Policy(), action=action, evidence=evidence(role)).allowed


@pytest.mark.parametrize("action", list(Action))
def test_by_default_somebody_without_a_role_may_nothing(action: Action) -> None:
    """Nobody else may do anything: an empty evidence is refused for every action."""
    verdict = authorise(policy=Policy(), action=action, evidence=evidence())
    assert verdict.ruling is Ruling.REFUSED
    assert verdict.reason == "no_role"


@pytest.mark.parametrize("action", list(Action))
def test_an_empty_list_allows_nobody(action: Action) -> None:
    """An empty list means nobody, never everybody (defects.md, 4)."""
    policy = Policy(actions={action: frozenset()})
    assert authorise(policy=policy, action=action, evidence=evidence(*PartnerRole)).ruling is Ruling.REFUSED


def test_an_unreachable_source_makes_a_missing_role_undetermined_and_not_a_refusal() -> None:
    """The missing role may be in the source that could not be asked."""
    verdict = authorise(policy=Policy(), action=Action.LOOK, evidence=evidence(unreachable=("graph",)))
    assert verdict.ruling is Ruling.UNDETERMINED


def test_a_role_that_suffices_allows_even_while_another_source_is_unreachable() -> None:
    """One source that suffices is enough."""
    found = evidence(PartnerRole.ADMIN_AGENT, unreachable=("graph",))
    assert authorise(policy=Policy(), action=Action.APPROVE, evidence=found).allowed


def test_a_policy_that_became_broken_admits_nobody_and_says_so() -> None:
    """design.md, rule 4: undetermined, because it is not the person's fault."""
    verdict = authorise(policy=Policy(fault="line 3"), action=Action.LOOK, evidence=evidence(*PartnerRole))
    assert (verdict.ruling, verdict.reason) == (Ruling.UNDETERMINED, "policy_broken")


@given(policy=POLICIES, action=ACTIONS, roles=ROLES, more=ROLES, gap=st.booleans())
def test_adding_a_role_never_takes_a_right_away(
    *, policy: Policy, action: Action, roles: frozenset[PartnerRole], more: frozenset[PartnerRole], gap: bool
) -> None:
    """Monotone in the roles, for every policy and every gap."""
    unreachable = ("graph",) if gap else ()
    before = authorise(policy=policy, action=action, evidence=evidence(*roles, unreachable=unreachable))
    after = authorise(policy=policy, action=action, evidence=evidence(*(roles | more), unreachable=unreachable))
    assert after.allowed or not before.allowed


@given(policy=POLICIES, roles=ROLES, more=ROLES, seats=st.integers(1, 200), flagged=st.booleans())
def test_adding_a_role_never_makes_a_second_person_needed(
    *, policy: Policy, roles: frozenset[PartnerRole], more: frozenset[PartnerRole], seats: int, flagged: bool
) -> None:
    """The right to order alone is a right too."""
    before = second_person(policy=policy, roles=roles, seats=seats, flagged=flagged)
    after = second_person(policy=policy, roles=roles | more, seats=seats, flagged=flagged)
    assert set(after) <= set(before)


@pytest.mark.parametrize("role", sorted(ALL_ROLES))
def test_by_default_the_two_roles_that_cannot_buy_need_a_second_person(role: PartnerRole) -> None:
    """User management admins and helpdesk agents cannot buy on their own (facts/partner-center.md, 9)."""
    reasons = second_person(policy=Policy(), roles=frozenset({role}), seats=25, flagged=False)
    needs = role in {PartnerRole.USER_ADMIN, PartnerRole.HELPDESK_AGENT}
    assert reasons == ((SecondPersonReason.ROLE,) if needs else ())


def test_many_seats_and_a_flagged_path_need_a_second_person_whoever_asks() -> None:
    """More than 25 seats, and paths that the catalogue flags; every reason is named."""
    roles = frozenset({PartnerRole.GLOBAL_ADMIN})
    assert second_person(policy=Policy(), roles=roles, seats=26, flagged=True) == (
        SecondPersonReason.SEATS,
        SecondPersonReason.FLAGGED_PATH,
    )
