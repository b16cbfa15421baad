"""A change and its row, both ways."""

import json
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Row

from bot.domain.changes import Attempt, Change, ChangeKind, ChangeState, Outcome
from bot.domain.facts import Facts
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from storage.types import to_json, to_strict_json

_OUTCOME: Final = TypeAdapter(Outcome)


def outcome_text(outcome: Outcome | None) -> str | None:
    """An outcome as stored."""
    return None if outcome is None else to_strict_json(_OUTCOME.dump_python(outcome, mode="json"))


def facts_text(facts: Facts) -> str:
    """Facts as stored."""
    return to_strict_json(facts.model_dump(mode="json"))


def change_values(change: Change) -> dict[str, Any]:
    """The row of a change."""
    return {
        "id": change.id,
        "number": change.number,
        "team_id": change.team_id,
        "asker_team_id": change.asker.team_id,
        "asker_user_id": change.asker.user_id,
        "asker_roles": to_json([role.value for role in change.asker_roles]),
        "asker_locale": change.asker_locale,
        "kind": change.kind.value,
        "state": change.state.value,
        "customer_id": change.facts.customer_id,
        "subscription_id": change.facts.subscription_id,
        "facts": facts_text(change.facts),
        "facts_version": change.facts_version,
        "note": change.note,
        "rehearsal": change.rehearsal,
        "approvals_needed": change.approvals_needed,
        "draft_id": change.draft_id,
        "created_at": change.created_at,
        "changed_at": change.changed_at,
        "expires_at": change.expires_at,
        "due_at": change.due_at,
        "attempts": change.attempts,
        "lease_owner": change.lease_owner,
        "lease_until": change.lease_until,
        "checked_at": change.checked_at,
        "outcome": outcome_text(change.outcome),
        "row_version": change.row_version,
    }


def to_change(row: Row[Any]) -> Change:
    """The change of a row."""
    return Change(
        id=row.id,
        number=row.number,
        team_id=row.team_id,
        asker=Actor(team_id=row.asker_team_id, user_id=row.asker_user_id),
        asker_roles=tuple(PartnerRole(role) for role in json.loads(row.asker_roles)),
        asker_locale=row.asker_locale,
        kind=ChangeKind(row.kind),
        state=ChangeState(row.state),
        facts=Facts.model_validate_json(row.facts),
        facts_version=row.facts_version,
        note=row.note,
        rehearsal=row.rehearsal,
        approvals_needed=row.approvals_needed,
        draft_id=row.draft_id,
        created_at=row.created_at,
        changed_at=row.changed_at,
        expires_at=row.expires_at,
        due_at=row.due_at,
        attempts=row.attempts,
        lease_owner=row.lease_owner,
        lease_until=row.lease_until,
        checked_at=row.checked_at,
        outcome=None if row.outcome is None else _OUTCOME.validate_json(row.outcome),
        row_version=row.row_version,
    )


def to_attempt(row: Row[Any]) -> Attempt:
    """The attempt of a row."""
    return Attempt(
        id=row.id,
        change_id=row.change_id,
        request_id=row.request_id,
        correlation_id=row.correlation_id,
        sent_at=row.sent_at,
        answered_at=row.answered_at,
        result=row.result,
    )
