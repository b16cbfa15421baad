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
# To its very end: contoso.de.example and what stands in front of an @ are somebody else's (design.md, rule 11).
_HOST: Final = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,126}(?:xn--[a-z0-9-]{1,59}|[^\W\d_]{2,24})(?![\w@-])(?!\.[\w-])"
_ADDRESS: Final = re.compile(rf"(?<![\w.+-])[\w.+'-]{{1,64}}@({_HOST})")
_NO_ADDRESS: Final = re.compile(r"(?<![\w.+'-])[\w.+'-]*@[\w.+'-]*")
_URL: Final = re.compile(r"https?://([^\s<>|]*)", re.IGNORECASE)
_AUTHORITY: Final = re.compile(r"[^/?#\\]*")
_URL_HOST: Final = re.compile(rf"({_HOST})(?::\d*)?\W*")
_BARE: Final = re.compile(rf"(?<![\w.@/-])({_HOST})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """Each kind in the order of the text, without doubles; `names` likeliest first, `words` folded.

    `domains` are as written, but for `www.`; `above` are the domains that those belong to. `called`: which of the
    tenant ids and domains only the words of links show. `whole`: nothing of the message was left out.
    """

    tenants: tuple[str, ...]
    domains: tuple[str, ...]
    above: tuple[str, ...]
    names: tuple[str, ...]
    words: frozenset[str]
    called: frozenset[str]
    whole: bool


def clues_in(text: str) -> Clues:
    """The clues of a message as Slack writes it (facts/slack.md, 7): mentions say nothing, links what they lead to."""
    shown, labels = _unmarked(_beginning(text))
    tenants, domains, said = _exact(shown)
    more_tenants, more_domains, also = _exact(labels)
    everybody, everywhere = _once((*tenants, *more_tenants)), _once((*domains, *more_domains))
    said = f"{said}\n{also}"
    return Clues(
        tenants=everybody[:MOST],
        domains=everywhere[:MOST],
        above=_once(each for each in _above(everywhere) if each not in everywhere and not is_anybodys(each))[:MOST],
        names=phrases(said),
        words=spelt(said),
        called=frozenset((*more_tenants, *more_domains)) - {*tenants, *domains},
        whole=len(text) <= LONGEST and len(everybody) <= MOST and len(everywhere) <= MOST,
    )


def _beginning(text: str) -> str:
    """Not cut inside a word: what is left of a longer domain may be another one."""
    return text if len(text) <= LONGEST else re.sub(r"\S*\Z", "", text[:LONGEST])


def _exact(shown: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Tenant ids, domains, and the text without them."""
    tenants = [found for each in _TENANT.findall(shown) if (found := tenant_id(each)) is not None]
    hosts = [host for each in _URL.findall(shown) if (host := _url_host(each)) is not None]
    shown = _URL.sub(" ; ", shown)
    hosts += _ADDRESS.findall(shown)
    shown = _NO_ADDRESS.sub(" ; ", _TENANT.sub(" ; ", _ADDRESS.sub(" ; ", shown)))
    hosts += _BARE.findall(shown)
    keys = (domain_key(each) for each in hosts)
    domains = _once(each.removeprefix("www.") for each in keys if each is not None)
    return _once(tenants), tuple(each for each in domains if not is_anybodys(each)), _BARE.sub(" ; ", shown)


def _url_host(rest: str) -> str | None:
    """Where a browser would go: what stands behind the last @ before the path."""
    authority = _AUTHORITY.match(rest)
    found = _URL_HOST.fullmatch("" if authority is None else authority[0].rpartition("@")[2])
    return None if found is None else found[1]


def _unmarked(text: str) -> tuple[str, str]:
    """As people read it, with the address of each link in place of its words; and those words, a link a line."""
    labels: list[str] = []

    def plain(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        if target.startswith(("@", "#", "!", "tel:")):
            return " ; "
        if target.startswith("mailto:"):
            return f" {target.removeprefix('mailto:')} "
        if not _same(target, label):
            labels.append(label)
        return f" {target} "

    return _unescaped(_MARKUP.sub(plain, text)), _unescaped("\n".join(labels))


def _unescaped(text: str) -> str:
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def _same(target: str, label: str) -> bool:
    """Whether a link's words are its address, as Slack makes them of a domain that somebody typed."""
    return target.split("://", 1)[-1].rstrip("/") == label.split("://", 1)[-1].rstrip("/")


def _above(domains: Iterable[str]) -> Iterable[str]:
    for each in domains:
        labels = each.split(".")
        yield from (".".join(labels[start:]) for start in range(1, len(labels) - 1))


def _once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
