"""The policy file (TOML): read, checked, and refused with a sentence that names the line (design.md, rule 4)."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final, TypeVar

from bot.domain.durations import parse_duration
from bot.domain.policy import Action, ApprovalRule, Mode, Operation, Policy
from bot.domain.roles import PartnerRole
from bot.domain.ticket_pattern import ticket_pattern
from bot.domain.toml_lines import line_of

T = TypeVar("T")
_TENANT_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SECTIONS: Final = ("actions", "approval", "operation")


class PolicyError(ValueError):
    """A policy file that cannot be used: `source`, `line` (1-based) and a sentence that says what to mend."""

    def __init__(self, *, source: str, line: int, sentence: str) -> None:
        super().__init__(f"{source}, line {line}: {sentence}")
        self.source, self.line, self.sentence = source, line, sentence


def parse_policy(text: str, *, source: str) -> Policy:
    """The policy that `text` states; what it leaves out is as in the built-in default. Raises PolicyError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else max(1, text.count("\n"))
        raise PolicyError(source=source, line=line, sentence=f"this is not valid TOML ({error})") from error
    if not data:
        raise PolicyError(source=source, line=1, sentence="the file is empty; remove POLICY_FILE to use the default")
    reader = _Reader(text=text, source=source, data=data)
    reader.only(_SECTIONS, ())
    policy = Policy(actions=_actions(reader), approval=_approval(reader), operation=_operation(reader), source=source)
    _somebody_can_approve(policy, reader)
    return policy


def _actions(reader: "_Reader") -> Mapping[Action, frozenset[PartnerRole]]:
    reader.only([each.value for each in Action], ("actions",))
    chosen = dict(Policy().actions)
    for action in Action:
        chosen[action] = reader.get(("actions", action.value), _roles, chosen[action])
    return MappingProxyType(chosen)


def _approval(reader: "_Reader") -> ApprovalRule:
    default = ApprovalRule()
    reader.only(ApprovalRule.__dataclass_fields__, ("approval",))

    def of(key: str, parse: Callable[[object], T], fallback: T) -> T:
        return reader.get(("approval", key), parse, fallback)

    expires_after = of("expires_after", parse_duration, default.expires_after)
    rule = ApprovalRule(
        for_roles=of("for_roles", _roles, default.for_roles),
        for_seats_above=of("for_seats_above", _count(0), default.for_seats_above),
        approvers=of("approvers", _count(1), default.approvers),
        self_approval=of("self_approval", _boolean, default.self_approval),
        expires_after=expires_after,
        remind_after=of("remind_after", parse_duration, min(default.remind_after, expires_after / 2)),
        notify=of("notify", _optional_text, default.notify),
        escalate_to=of("escalate_to", _optional_text, default.escalate_to),
    )
    if rule.remind_after >= rule.expires_after:
        raise reader.fault(("approval", "remind_after"), "remind_after must be shorter than expires_after")
    return rule


def _operation(reader: "_Reader") -> Operation:
    default = Operation()
    reader.only(Operation.__dataclass_fields__, ("operation",))

    def of(key: str, parse: Callable[[object], T], fallback: T) -> T:
        return reader.get(("operation", key), parse, fallback)

    return Operation(
        mode=of("mode", _mode, default.mode),
        pilot_customers=of("pilot_customers", _customers, default.pilot_customers),
        never_customers=of("never_customers", _customers, default.never_customers),
        freeze=of("freeze", _spans, default.freeze),
        changes_per_person_per_day=of("changes_per_person_per_day", _count(1), default.changes_per_person_per_day),
        ticket_pattern=of("ticket_pattern", _pattern, default.ticket_pattern),
    )


def _somebody_can_approve(policy: Policy, reader: "_Reader") -> None:
    if not policy.actions[Action.APPROVE]:
        raise reader.fault(("actions", "approve"), "nobody could approve: name at least one role in approve")
    if policy.approval.self_approval and policy.approval.approvers > 1:
        raise reader.fault(("approval", "self_approval"), "self_approval and more than one approver exclude each other")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    text: str
    source: str
    data: Mapping[str, Any]

    def fault(self, path: tuple[str, ...], sentence: str) -> PolicyError:
        return PolicyError(source=self.source, line=line_of(self.text, path), sentence=sentence)

    def only(self, known: Iterable[str], path: tuple[str, ...]) -> None:
        table: Any = self.data
        for part in path:
            table = table.get(part, {})
        if not isinstance(table, Mapping):
            raise self.fault(path, f"[{'.'.join(path)}] must be a table")
        names = list(known)
        for key in table:
            if key not in names:
                raise self.fault((*path, key), f'"{key}" is not known here; known are {", ".join(names)}')

    def get(self, path: tuple[str, str], parse: Callable[[object], T], fallback: T) -> T:
        section, key = path
        table = self.data.get(section, {})
        if key not in table:
            return fallback
        try:
            return parse(table[key])
        except ValueError as error:
            raise self.fault(path, f"{key}: {error}") from error


def _texts(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise ValueError("expected a list of texts")
    return frozenset(value)


def _customers(value: object) -> frozenset[str]:
    """Tenant ids, as customers are known by. A name or a domain would never meet one, and protect nobody."""
    ids = {each.strip().lower() for each in _texts(value)}
    if wrong := sorted(each for each in ids if _TENANT_ID.fullmatch(each) is None):
        raise ValueError(f'"{wrong[0]}" is no tenant id (eight, four, four, four and twelve characters of 0-9 and a-f)')
    return frozenset(ids)


def _roles(value: object) -> frozenset[PartnerRole]:
    roles = set()
    for each in _texts(value):
        if each not in list(PartnerRole):
            raise ValueError(f'"{each}" is no partner role; known are {", ".join(PartnerRole)}')
        roles.add(PartnerRole(each))
    return frozenset(roles)


def _count(least: int) -> Callable[[object], int]:
    def parse(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ValueError(f"expected a whole number of at least {least}")
        return value

    return parse


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("expected true or false")  # noqa: TRY004 - every fault of a value is one type here
    return value


def _optional_text(value: object) -> str | None:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("expected a text")
    return value


def _mode(value: object) -> Mode | None:
    if not isinstance(value, str) or value not in list(Mode):
        raise ValueError(f"{value!r} is no mode; known are {', '.join(Mode)}")
    return Mode(value)


def _pattern(value: object) -> str | None:
    text = _optional_text(value)
    ticket_pattern(text or "")
    return text


def _spans(value: object) -> tuple[tuple[date, date], ...]:
    if not isinstance(value, list):
        raise ValueError("expected a list of [first day, last day]")  # noqa: TRY004 - as above
    return tuple(_span(each) for each in value)


def _span(value: object) -> tuple[date, date]:
    days = [_day(each) for each in value] if isinstance(value, list) else []
    if len(days) != 2 or days[0] > days[1]:  # noqa: PLR2004 - first and last
        raise ValueError("each span is two dates, the first not after the last")
    return days[0], days[1]


def _day(value: object) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str):
        return date.fromisoformat(value)
    raise ValueError(f"{value!r} is no date; write for example 2026-12-24")
