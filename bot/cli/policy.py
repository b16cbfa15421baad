"""`policy`: what is in force, and how a case comes out."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.policy_case import Case, explain, words_of
from bot.cli.running import WRONG_SETTINGS, fail, load_settings
from bot.desk.policies import read_policy
from bot.domain.clock import SystemClock
from bot.domain.policy import Action, Policy
from bot.domain.policy_file import PolicyError
from bot.domain.roles import PartnerRole

File = Annotated[Path | None, typer.Option("--file", help="A policy file instead of POLICY_FILE.", dir_okay=False)]
Shown = Annotated[
    Path | None, typer.Argument(help="A policy file to check and show instead of POLICY_FILE.", dir_okay=False)
]
Roles = Annotated[list[PartnerRole], typer.Option("--role", help="A role that the person holds; may be repeated.")]
Customer = Annotated[str, typer.Option(help="The customer's tenant id.")]
Wanted = Annotated[Action, typer.Option(help="What they want to do.")]
Seats = Annotated[int, typer.Option(help="How many seats are added or moved.", min=0)]
Flagged = Annotated[bool, typer.Option("--flagged", help="The upgrade's path is flagged in the catalogue.")]
Day = Annotated[datetime | None, typer.Option("--on", help="The day; today by default.", formats=["%Y-%m-%d"])]


def new_app() -> typer.Typer:
    """The commands about the policy."""
    app = typer.Typer(help="The policy: who may what, and when a second person is needed.", no_args_is_help=True)
    app.command("show")(show)
    app.command("test")(try_case)
    return app


def show(file: Shown = None) -> None:
    """Print who may do what, and the policy in full with what the file leaves out; a broken file with its line."""
    policy = _policy(file)
    typer.echo("\n".join(_lines(policy)))


def try_case(
    role: Roles,
    customer: Customer,
    action: Wanted = Action.REQUEST,
    seats: Seats = 0,
    *,
    flagged: Flagged = False,
    on: Day = None,
    file: File = None,
) -> None:
    """Explain one case: the verdict with its rule, whether a second person is needed and why, what else forbids it."""
    day = on.date() if on is not None else SystemClock().now().date()
    case = Case(roles=frozenset(role), action=action, seats=seats, customer_id=customer, flagged=flagged, day=day)
    typer.echo("\n".join(explain(_policy(file), case)))


def _policy(file: Path | None) -> Policy:
    path = file if file is not None else load_settings().policy_file
    try:
        return read_policy(path) if path is not None else Policy()
    except PolicyError as error:
        fail(f"{error}.", code=WRONG_SETTINGS)


def _who_may(policy: Policy) -> list[str]:
    """Roles by actions as comments, so that what is printed is a policy file still."""
    rows = [["who may", *(action.value for action in Action)]]
    for role in PartnerRole:
        may = ["yes" if role in policy.actions.get(action, ()) else "no" for action in Action]
        rows.append([role.value, *may])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        f"# {'  '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))}".rstrip() for row in rows
    ]


def _lines(policy: Policy) -> list[str]:
    approval, operation = policy.approval, policy.operation
    freeze = [[str(first), str(last)] for first, last in operation.freeze]
    tables: dict[str, dict[str, object]] = {
        "actions": {action.value: sorted(policy.actions.get(action, ())) for action in Action},
        "approval": {
            "for_roles": sorted(approval.for_roles),
            "for_seats_above": approval.for_seats_above,
            "approvers": approval.approvers,
            "self_approval": approval.self_approval,
            "expires_after": words_of(approval.expires_after),
            "remind_after": words_of(approval.remind_after),
            "notify": approval.notify,
            "escalate_to": approval.escalate_to,
        },
        "operation": {
            "mode": operation.mode.value if operation.mode is not None else None,
            "pilot_customers": sorted(operation.pilot_customers) if operation.pilot_customers is not None else None,
            "never_customers": sorted(operation.never_customers),
            "freeze": freeze,
            "changes_per_person_per_day": operation.changes_per_person_per_day,
            "ticket_pattern": operation.ticket_pattern,
        },
    }
    lines = [f"# {policy.source}", *_who_may(policy)]
    for name, table in tables.items():
        lines.append(f"[{name}]")
        lines += [
            f"{key} = {_toml(value)}" if value is not None else f"# {key}: not set" for key, value in table.items()
        ]
    return lines


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_toml(each) for each in value)}]"
    if isinstance(value, int):
        return str(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
