"""What the desk may return of approving: statuses, sheets, rights, pages."""

from typing import Any, Final

from hypothesis import strategies as st

from bot.desk.approval_results import ApprovalSheet, ApprovalStatus, ChangeList, ListedChange, Rights
from bot.domain.changes import Change, ChangeState
from bot.domain.people import Actor, HeldRole, Person, RoleEvidence, Standing
from bot.domain.policy import Action, Policy, SecondPersonReason, authorise
from bot.domain.roles import PartnerRole
from storage.approval_records import Decision, DecisionKind
from storage.records import Card
from tests.handlers.checking import buttons_of
from tests.handlers.samples import ASKER, AT, BASIC, change, facts, offer

S = ChangeState
ANNA, BERT = Actor(team_id="T0TEAM", user_id="U0ANNA"), Actor(team_id="T0TEAM", user_id="U0BERT")
DECIDERS = frozenset({PartnerRole.GLOBAL_ADMIN, PartnerRole.SALES_AGENT})


GERMAN: Final = "de-DE"


def decision(actor: Actor = ANNA, kind: DecisionKind = DecisionKind.APPROVE, **fields: Any) -> Decision:
    made: dict[str, Any] = {
        "change_id": "c1",
        "facts_version": 1,
        "kind": kind,
        "actor": actor,
        "roles": (PartnerRole.SALES_AGENT,),
        "self_made": False,
        "at": AT,
    }
    return Decision(**made | fields)


def status(**fields: Any) -> ApprovalStatus:
    made: dict[str, Any] = {"needed": 1, "given": (), "reasons": (SecondPersonReason.ROLE,), "may": DECIDERS}
    return ApprovalStatus(**made | fields)


def statuses() -> st.SearchStrategy[ApprovalStatus]:
    given = st.lists(st.builds(decision, st.sampled_from((ANNA, BERT)), self_made=st.booleans()), max_size=3)
    return st.builds(
        status,
        given=given.map(tuple),
        reasons=st.lists(st.sampled_from(SecondPersonReason), max_size=3).map(tuple),
        may=st.frozensets(st.sampled_from(PartnerRole)),
        decision=st.none() | st.builds(decision, kind=st.sampled_from(DecisionKind)),
        without_approver=st.none() | st.just(AT),
        settle_from=st.none() | st.just(AT),
    )


def sheet(**fields: Any) -> ApprovalSheet:
    made: dict[str, Any] = {
        "change": change(S.AWAITING_APPROVAL, approvals_needed=1),
        "review_id": "r1",
        "facts": facts(),
        "source": BASIC,
        "target": offer(),
        "services_known": True,
        "moves": (),
        "reasons": (),
        "person": Person(actor=ANNA, standing=Standing.MEMBER, locale=GERMAN),
        "status": status(),
        "hindrance": None,
    }
    return ApprovalSheet(**made | fields)


def names_of(thing: object) -> list[str]:
    return [each["text"]["text"] for each in buttons_of(thing)]


def rights(*roles: PartnerRole, unreachable: tuple[str, ...] = ()) -> Rights:
    held = tuple(HeldRole(role=each, source="grant", read_at=AT) for each in roles)
    evidence = RoleEvidence(held=held, unreachable=unreachable)
    verdicts = {each: authorise(policy=Policy(), action=each, evidence=evidence) for each in Action}
    return Rights(
        person=Person(actor=ASKER, standing=Standing.MEMBER, locale=GERMAN), evidence=evidence, verdicts=verdicts
    )


def listed(row: Change) -> ListedChange:
    return ListedChange(
        change=row, card=Card(change_id=row.id, channel_id="C1", ts="1.1", row_version=1), status=status()
    )


def pages(rows: list[Change]) -> ChangeList:
    person = Person(actor=ASKER, standing=Standing.MEMBER, locale=GERMAN)
    return ChangeList(person=person, items=tuple(listed(each) for each in rows), after="x", read_at=AT)
