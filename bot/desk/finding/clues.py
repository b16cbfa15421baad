"""What a message says about whose it is: tenant ids, domains, and words that may be a name. Pure; nothing is kept."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.desk.finding.free_mail import is_anybodys
from bot.desk.finding.names import phrases, spelt
from bot.desk.naming import domain_key, tenant_id

LONGEST: Final = 12_000
"""Characters of a message that are looked at."""
MOST: Final = 12
"""Of each kind of clue."""

_MARKUP: Final = re.compile(r"<([^<>\n]{1,3000})>")
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_TENANT: Final = re.compile(
    r"(?<![0-9a-z-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z-])", re.IGNORECASE
)
_HOST: Final = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?:xn--[a-z0-9-]{1,59}|[^\W\d_]{2,24})(?![\w-])"
_ADDRESS: Final = re.compile(rf"(?<![\w.+-])[\w.+'-]{{1,64}}@({_HOST})")
_URL: Final = re.compile(rf"https?://(?:[^\s/@]{{0,100}}@)?({_HOST})?[^\s<>|]*", re.IGNORECASE)
_BARE: Final = re.compile(rf"(?<![\w.@/-])({_HOST})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """Each kind in the order of the text, without doubles; `names` likeliest first, `words` folded.

    `domains` are as written, but for `www.`; `above` are the domains that those belong to.
    """

    tenants: tuple[str, ...]
    domains: tuple[str, ...]
    above: tuple[str, ...]
    names: tuple[str, ...]
    words: frozenset[str]


def clues_in(text: str) -> Clues:
    """The clues of a message as Slack writes it (facts/slack.md, 7): mentions say nothing, links what they lead to."""
    shown = _unmarked(text[:LONGEST])
    tenants = [found for each in _TENANT.findall(shown) if (found := tenant_id(each)) is not None]
    hosts: list[str] = []
    for pattern in (_URL, _ADDRESS, _TENANT, _BARE):
        if pattern is not _TENANT:
            hosts += [each for each in pattern.findall(shown) if each]
        shown = pattern.sub(" ; ", shown)
    keys = (domain_key(each) for each in hosts)
    domains = _once(each.removeprefix("www.") for each in keys if each is not None)
    domains = tuple(each for each in domains if not is_anybodys(each))
    return Clues(
        tenants=_once(tenants),
        domains=domains,
        above=tuple(each for each in _once(_above(domains)) if each not in domains and not is_anybodys(each)),
        names=phrases(shown),
        words=spelt(shown),
    )


def _unmarked(text: str) -> str:
    """As people read it, with the address of each link before its words."""

    def plain(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        if target.startswith(("@", "#", "!", "tel:")):
            return " ; "
        if target.startswith("mailto:"):
            return f" {target.removeprefix('mailto:')} "
        return f" {target} {'' if _same(target, label) else label} "

    shown = _MARKUP.sub(plain, text)
    for entity, character in _ENTITIES:
        shown = shown.replace(entity, character)
    return shown


def _same(target: str, label: str) -> bool:
    """Whether a link's words are its address, as Slack makes them of a domain that somebody typed."""
    return target.split("://", 1)[-1].rstrip("/") == label.split("://", 1)[-1].rstrip("/")


def _above(domains: Iterable[str]) -> Iterable[str]:
    for each in domains:
        labels = each.split(".")
        yield from (".".join(labels[start:]) for start in range(1, len(labels) - 1))


def _once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:MOST]
