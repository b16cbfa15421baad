"""The answer to `/partner-role`: who somebody is here, by what evidence, and what that lets them do."""

from collections.abc import Mapping
from typing import Final

from bot.desk.approval_results import Rights
from bot.domain.people import HeldRole
from bot.domain.policy import Action, Policy, Ruling, second_person
from bot.locales import msg
from handlers.blocks import limits
from handlers.blocks.names import any_role, role_name
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Message, Sheet
from handlers.blocks.text import Md, bold, esc, joined

ACTIONS: Final[Mapping[Action, str]] = {
    Action.LOOK: msg("See customers and their upgrade options"),
    Action.REQUEST: msg("Ask for upgrades and seats"),
    Action.APPROVE: msg("Approve and reject what others ask for"),
    Action.SETTLE: msg("Settle unclear outcomes, stop and resume all orders"),
    Action.AUDIT: msg("Read the audit trail"),
}
"""What a role lets somebody do, in the order in which it is told."""

SOURCES: Final[Mapping[str, str]] = {
    "grant": msg("entered in Upgrade Desk"),
    "usergroup": msg("Slack user group"),
    "graph": msg("Microsoft Entra ID"),
}


def role_message(pen: Pen, rights: Rights, *, policy: Policy, nonce: str) -> Message:
    """Roles with source and age, then each action: yes, no with the roles that may, or not known."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    sheet.section(bold(pen.t("Your partner roles")), *role_lines(pen, rights))
    sheet.section(bold(pen.t("What you may do")), *right_lines(pen, rights, policy=policy))
    sheet.context(
        pen.t(
            "Roles that are entered here are read with every press; what Slack user groups and Microsoft say is at "
            "most a minute old. Policy: {policy}",
            policy=policy.source,
        )
    )
    return sheet.message(text_limit=limits.TEXT_POSTED)


def role_lines(pen: Pen, rights: Rights) -> list[Md]:
    """Each role, where it comes from and when that was read; and what could not be asked."""
    lines = [_held(pen, each) for each in rights.evidence.held]
    if not lines and not rights.evidence.unreachable:
        lines.append(
            pen.t(
                "None that is known here. Ask a global admin of your organisation, or whoever runs Upgrade Desk, "
                "to enter your role."
            )
        )
    if rights.evidence.unreachable:
        sources = pen.row([_source(pen, each) for each in rights.evidence.unreachable])
        lines.append(pen.t("Could not be asked just now: {sources}. You may have more roles.", sources=sources))
    return lines


def right_lines(pen: Pen, rights: Rights, *, policy: Policy) -> list[Md]:
    """Each action with its answer."""
    return [_right(pen, rights, action, policy) for action in ACTIONS if action in rights.verdicts]


def _held(pen: Pen, held: HeldRole) -> Md:
    return pen.t(
        "{role}: {source}, read {when}",
        role=bold(esc(role_name(pen.texts, held.role))),
        source=_source(pen, held.source),
        when=pen.when(held.read_at),
    )


def _source(pen: Pen, source: str) -> Md:
    kind, _, rest = source.partition(":")
    known = SOURCES.get(kind)
    if known is None:
        return esc(source, limits.ID)
    return joined([pen.t(known), esc(rest, limits.ID)], " ")


def _right(pen: Pen, rights: Rights, action: Action, policy: Policy) -> Md:
    verdict, words = rights.verdicts[action], pen.t(ACTIONS[action])
    if verdict.allowed and action is Action.REQUEST and not _alone(rights, policy):
        return pen.t("{action}: yes, and a second person has to approve", action=words)
    if verdict.allowed:
        return pen.t("{action}: yes", action=words)
    if verdict.ruling is Ruling.UNDETERMINED:
        return pen.t("{action}: not known just now", action=words)
    if not verdict.may:
        return pen.t("{action}: the policy allows it to nobody", action=words)
    return pen.t("{action}: no, this needs {roles}", action=words, roles=any_role(pen.texts, verdict.may))


def _alone(rights: Rights, policy: Policy) -> bool:
    return not second_person(policy=policy, roles=rights.evidence.roles, seats=1, flagged=False)
