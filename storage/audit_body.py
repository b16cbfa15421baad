"""An entry's body: the text that the chain is made over, stored once and verified as stored.

It is JSON in ASCII with the keys in one order; it begins with a header that repeats the row's own columns, so that
verifying compares columns with a prefix and never has to parse.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, Final

from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.people import Actor, HeldRole, RoleEvidence
from bot.domain.roles import PartnerRole
from storage.types import from_micros, to_json, to_micros

GENESIS: Final = bytes(32)


def header(
    *, team_id: str, number: int, at_micros: int, name: str, change_id: str | None, customer_id: str | None
) -> str:
    """How the body of the entry in this row has to begin."""
    change = "null" if change_id is None else quoted(change_id)
    customer = "null" if customer_id is None else quoted(customer_id)
    return (
        f'{{"v":1,"team_id":{quoted(team_id)},"number":{number},"at":{at_micros},"name":{quoted(name)},'
        f'"change_id":{change},"customer_id":{customer},'
    )


def body_of(entry: AuditEntry, *, number: int, at: datetime, text_digest: str | None) -> str:
    """The body of an entry at its place in the chain."""
    first = header(
        team_id=entry.team_id,
        number=number,
        at_micros=to_micros(at),
        name=entry.name.value,
        change_id=entry.change_id,
        customer_id=entry.customer_id,
    )
    rest = {
        "verdict": entry.verdict.value,
        "actor": [entry.actor.team_id, entry.actor.user_id],
        "held": [[held.role.value, held.source, to_micros(held.read_at)] for held in entry.evidence.held],
        "unreachable": list(entry.evidence.unreachable),
        "rule": entry.rule,
        "reason": entry.reason,
        "facts_version": entry.facts_version,
        "before": None if entry.before is None else entry.before.value,
        "after": None if entry.after is None else entry.after.value,
        "subscription_id": entry.subscription_id,
        "data": {key: entry.data[key] for key in sorted(entry.data)},
        "text_digest": text_digest,
    }
    return first + to_json(rest)[1:]


def entry_of(body: str, *, free_text: str | None) -> AuditEntry:
    """The entry of a body."""
    said: Mapping[str, Any] = json.loads(body)
    return AuditEntry(
        name=AuditName(said["name"]),
        verdict=AuditVerdict(said["verdict"]),
        team_id=said["team_id"],
        actor=Actor(team_id=said["actor"][0], user_id=said["actor"][1]),
        evidence=RoleEvidence(
            held=tuple(
                HeldRole(role=PartnerRole(role), source=source, read_at=from_micros(micros))
                for role, source, micros in said["held"]
            ),
            unreachable=tuple(said["unreachable"]),
        ),
        rule=said["rule"],
        reason=said["reason"],
        change_id=said["change_id"],
        facts_version=said["facts_version"],
        before=None if said["before"] is None else ChangeState(said["before"]),
        after=None if said["after"] is None else ChangeState(said["after"]),
        customer_id=said["customer_id"],
        subscription_id=said["subscription_id"],
        data=said["data"],
        free_text=free_text,
    )


def text_digest_in(body: str) -> str | None:
    """The digest of the free text that an entry had, None where it had none."""
    found = json.loads(body)["text_digest"]
    return None if found is None else str(found)


def link(key: bytes, *, previous: bytes, number: int, body: str) -> bytes:
    """The hash of an entry: HMAC-SHA256 over the hash before it, its number and its body."""
    return hmac.digest(key, previous + number.to_bytes(8, "big") + body.encode("ascii"), "sha256")


def seal(key: bytes, *, team_id: str, number: int, hash_: bytes, until: int, entry_number: int) -> bytes:
    """The seal of a checkpoint. What it begins with keeps it apart from every entry's hash."""
    said = to_json([team_id, number, hash_.hex(), until, entry_number])
    return hmac.digest(key, b"upgrade-desk checkpoint\x00" + said.encode("ascii"), "sha256")


def digest_of(text: str, *, salt: str) -> str:
    """The salted digest by which free text enters the chain; without the salt nothing can be guessed from it."""
    return hashlib.sha256(salt.encode() + b"\x00" + text.encode("utf-8", "replace")).hexdigest()
