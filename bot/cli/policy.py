"""`policy`: what is in force."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.running import WRONG_SETTINGS, fail, load_settings
from bot.desk.policies import read_policy
from bot.domain.policy import Action, Policy
from bot.domain.policy_file import PolicyError


def new_app() -> typer.Typer:
    """The commands about the policy."""
    app = typer.Typer(help="The policy: who may what, and when a second person is needed.", no_args_is_help=True)
    app.callback()(_group)
    app.command("show")(show)
    return app


def _group() -> None:
    """Keep `show` a command of its own: Typer would merge an only command into its group."""


def show(
    file: Annotated[
        Path | None, typer.Argument(help="A policy file to check and show instead of POLICY_FILE.", dir_okay=False)
    ] = None,
) -> None:
    """Print the policy in full, with what the file leaves out. A broken file is refused, naming the line."""
    path = file if file is not None else load_settings().policy_file
    try:
        policy = read_policy(path) if path is not None else Policy()
    except PolicyError as error:
        fail(f"{error}.", code=WRONG_SETTINGS)
    typer.echo("\n".join(_lines(policy)))


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
            "expires_after": f"{int(approval.expires_after.total_seconds())} s",
            "remind_after": f"{int(approval.remind_after.total_seconds())} s",
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
    lines = [f"# {policy.source}"]
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
