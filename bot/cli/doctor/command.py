"""The command: a plain list that reads well aloud, or JSON."""

import json
from collections.abc import Iterable
from typing import Annotated, Final

import typer

from bot.bootstrap import logs
from bot.cli.doctor.finding import Finding, State, fault
from bot.cli.doctor.run import SETTINGS, examine
from bot.cli.running import FAILED, run
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from bot.settings import Settings
from bot.settings_faults import SettingsError

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AllInOne = Annotated[
    bool, typer.Option("--all-in-one", help="Check for `serve --all-in-one`: the embedded service needs no address.")
]
_MARK: Final = {State.OK: "OK", State.FAULT: "FAULT", State.NOT_CHECKED: "NOT CHECKED"}


def doctor(*, as_json: AsJson = False, all_in_one: AllInOne = False) -> None:
    """Check what the bot needs, before it needs it, and name each gap with its fix. Changes and orders nothing.

    Ends with 0 only if all is well.
    """
    logs.configure(level="ERROR", form="console")
    try:
        settings = Settings.load()
    except SettingsError as error:
        findings = [fault(SETTINGS, each, fix="Mend the setting; nothing else was looked at.") for each in error.faults]
        _tell(findings, as_json=as_json)
    else:
        run(lambda: _examine(settings, as_json=as_json, all_in_one=all_in_one))


async def _examine(settings: Settings, *, as_json: bool, all_in_one: bool) -> None:
    findings = await examine(settings, clock=SystemClock(), ids=RandomIds(), all_in_one=all_in_one)
    _tell(findings, as_json=as_json)


def _tell(findings: list[Finding], *, as_json: bool) -> None:
    well = all(each.state is State.OK for each in findings)
    typer.echo(json.dumps(as_document(findings), indent=2) if as_json else "\n".join(as_lines(findings)))
    if not well:
        raise typer.Exit(FAILED)


def as_document(findings: Iterable[Finding]) -> dict[str, object]:
    """The findings for machines; `ok` is whether all is well."""
    found = list(findings)
    return {
        "ok": all(each.state is State.OK for each in found),
        "findings": [
            {"group": each.group, "state": each.state.value, "says": each.says, "fix": each.fix or None}
            for each in found
        ],
    }


def as_lines(findings: Iterable[Finding]) -> list[str]:
    """The findings for people, a line each: the state first, in words, then the fix on a line of its own."""
    found = list(findings)
    lines = []
    for each in found:
        lines.append(f"{_MARK[each.state]}: {each.group}: {each.says}")
        if each.fix:
            lines.append(f"  To do: {each.fix}")
    faults = sum(each.state is State.FAULT for each in found)
    open_ = sum(each.state is State.NOT_CHECKED for each in found)
    if faults or open_:
        lines.append(f"{faults} {'fault' if faults == 1 else 'faults'}, {open_} not checked.")
    else:
        lines.append("All is well.")
    return lines
