"""Settings that say which group stands for which partner role, and which workspaces are served."""

import re
from typing import Any, Final

from bot.domain.roles import PartnerRole

_USERGROUP: Final = re.compile(r"S[A-Z0-9]{2,30}")
_TEAM: Final = re.compile(r"T[A-Z0-9]{2,30}")
OBJECT_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""A Microsoft object id; in a tenant every user and group has one."""


def usergroups(value: Any) -> Any:
    """`admin_agent=S0123, sales_agent=S0456` as a mapping from group to role. Raises ValueError with a sentence."""
    return _groups(value, _USERGROUP, "a user group's id such as S0123456789")


def graph_groups(value: Any) -> Any:
    """`admin_agent=OBJECT-ID, ...` as a mapping from group to role. Raises ValueError with a sentence."""
    return _groups(value, OBJECT_ID, "a group's object id such as 01234567-89ab-cdef-0123-456789abcdef")


def _groups(value: Any, wanted: re.Pattern[str], example: str) -> Any:
    if not isinstance(value, str):
        return {} if value is None else value
    found: dict[str, PartnerRole] = {}
    for pair in filter(None, (each.strip() for each in value.split(","))):
        role, _, group = (part.strip() for part in pair.partition("="))
        if role not in list(PartnerRole):
            raise ValueError(f'"{role}" is no partner role; write ROLE=GROUP with one of {", ".join(PartnerRole)}')
        if not wanted.fullmatch(group):
            raise ValueError(f"{role} must be followed by = and {example}")
        if group.lower() in (known.lower() for known in found):
            raise ValueError(f"the group of {role} stands for another role already; each role has a group of its own")
        if role in found.values():
            raise ValueError(f"{role} is named twice")
        found[group] = PartnerRole(role)
    return found


def teams(value: Any) -> Any:
    """`T0123, T0456` as a set of workspace ids. Raises ValueError with a sentence."""
    if not isinstance(value, str):
        return frozenset() if value is None else value
    found = [each for each in (part.strip() for part in value.split(",")) if each]
    if not all(_TEAM.fullmatch(each) for each in found):
        raise ValueError("must be workspace ids such as T0123456789, with commas between them")
    return frozenset(found)
