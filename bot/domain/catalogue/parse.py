"""From a TOML text to a checked catalogue. Every fault names file, line and what is wrong (docs/catalogue.md)."""

import tomllib
from collections.abc import Iterable

from bot.domain.catalogue.lookup import Catalogue
from bot.domain.catalogue.model import CatalogueError, Family, HelpLink, LocalizedText, Offer, ServicePlan
from bot.domain.catalogue.read import Table, Unique, first_circle
from bot.domain.eligibility_terms import HelpTopic
from bot.domain.toml_lines import syntax_fault

SHORT_NAME_LIMIT = 24
"""Characters of a button's text (shared/screens.md, 1: clients cut near 30)."""


def parse_catalogue(text: str, *, source: str) -> Catalogue:
    """Read and check a whole catalogue; `source` is the file's name as faults tell it. Raises `CatalogueError`."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        line, words = syntax_fault(fault)
        raise CatalogueError(source=source, line=line, sentence=f"not valid TOML: {words}") from fault
    root = Table(source=source, text=text, place=(), what="the catalogue", values=values)
    root.only("family", "plan", "offer", "upgrade", "doubt", "help")
    unique = Unique()
    families = _families(root, unique)
    plans = _plans(root, unique, families)
    offers = _offers(root, unique, families, plans)
    return Catalogue(
        families=tuple(families.values()),
        plans=tuple(plans.values()),
        offers=tuple(offers.values()),
        links=_links(root, offers),
        help_links=_help(root, unique),
    )


def _families(root: Table, unique: Unique) -> dict[str, Family]:
    found: dict[str, Family] = {}
    tables = root.tables("family", what="family")
    for table in tables:
        table.only("key", "name", "extends")
        key = table.text("key")
        unique.claim(table, "key", key, what="family key")
        extends = table.text("extends") if "extends" in table.values else None
        found[key] = Family(key=key, name=table.both_languages("name"), extends=extends)
    for table in tables:
        extends = found[table.text("key")].extends
        if extends is not None and extends not in found:
            table.fail(f"`extends` names an unknown family `{extends}`", "extends")
    if circle := first_circle({key: [each.extends] for key, each in found.items() if each.extends}):
        _table_of(tables, circle[0]).fail(f"`extends` goes in a circle: {' → '.join(circle)}", "extends")
    if not found:
        root.fail("no service family at all ([[family]])")
    return found


def _plans(root: Table, unique: Unique, families: dict[str, Family]) -> dict[str, ServicePlan]:
    found: dict[str, ServicePlan] = {}
    for table in root.tables("plan", what="plan"):
        table.only("key", "id", "name", "families")
        key = table.text("key")
        unique.claim(table, "key", key, what="plan key")
        unique.claim(table, "id", table.text("id"), what="plan id")
        found[key] = ServicePlan(
            key=key,
            plan_id=table.text("id"),
            name=table.both_languages("name"),
            families=_with_lower(table, families),
        )
    return found


def _with_lower(table: Table, families: dict[str, Family]) -> frozenset[str]:
    """The families that a table names, each with its lower editions."""
    found: set[str] = set()
    for at, key in enumerate(table.texts("families")):
        step: str | None = key
        while step is not None:
            if step not in families:
                table.fail(f"unknown family `{step}`", "families", at)
            found.add(step)
            step = families[step].extends
    return frozenset(found)


def _offers(
    root: Table, unique: Unique, families: dict[str, Family], plans: dict[str, ServicePlan]
) -> dict[str, Offer]:
    found: dict[str, Offer] = {}
    for table in root.tables("offer", what="offer"):
        offer = _offer(table, families, plans)
        unique.claim(table, "key", offer.key, what="key")
        unique.claim(table, "offer_id", offer.offer_id, what="offer id")
        unique.claim(table, "sku_id", offer.entra_sku_id, what="sku id")
        unique.claim(table, "part_number", offer.sku_part_number, what="part number")
        unique.claim(table, "short_name", offer.short_name, what="short name")
        found[offer.key] = offer
    if not found:
        root.fail("no offer at all ([[offer]])")
    return found


def _offer(table: Table, families: dict[str, Family], plans: dict[str, ServicePlan]) -> Offer:
    table.only(
        *("key", "offer_id", "sku_id", "part_number", "name", "former_names", "short_name"),
        *("plans", "families", "minimum", "seat_limit", "invented_ids"),
    )
    short_name = table.text("short_name")
    if len(short_name) > SHORT_NAME_LIMIT:
        length = len(short_name)
        table.fail(f"short name `{short_name}` has {length} characters, more than {SHORT_NAME_LIMIT}", "short_name")
    for at, name in enumerate(table.texts("plans")):
        if name not in plans:
            table.fail(f"unknown plan `{name}`", "plans", at)
    own_plans = tuple(plans[name] for name in table.texts("plans"))
    own_families = frozenset().union(_with_lower(table, families), *(plan.families for plan in own_plans))
    if not own_families:
        table.fail("no service family: neither its `plans` nor its `families` give one")
    minimum = table.number("minimum", default=1) or 1
    seat_limit = table.number("seat_limit", default=None)
    if seat_limit is not None and seat_limit < minimum:
        table.fail("`seat_limit` is below `minimum`", "seat_limit")
    return Offer(
        key=table.text("key"),
        offer_id=table.text("offer_id"),
        entra_sku_id=table.text("sku_id"),
        sku_part_number=table.text("part_number"),
        name=table.both_languages("name"),
        former_names=table.texts("former_names"),
        short_name=short_name,
        families=own_families,
        plans=own_plans,
        minimum=minimum,
        seat_limit=seat_limit,
        invented_ids=table.flag("invented_ids"),
    )


def _links(root: Table, offers: dict[str, Offer]) -> tuple[tuple[str, str, LocalizedText | None], ...]:
    found: dict[tuple[str, str], LocalizedText | None] = {}
    tables = root.tables("upgrade", what="upgrade")
    for table in tables:
        table.only("from", "to")
        source = table.text("from")
        if source not in offers:
            table.fail(f"unknown offer `{source}`", "from")
        if not table.texts("to"):
            table.fail("`to` names no target", "to")
        for at, target in enumerate(table.texts("to")):
            if target not in offers:
                table.fail(f"unknown target `{target}`", "to", at)
            if (source, target) in found:
                table.fail(f"`{source}` → `{target}` stands here twice", "to", at)
            found[source, target] = None
    _no_circle(tables, found)
    for table in root.tables("doubt", what="doubt"):
        table.only("from", "to", "note")
        link = (table.text("from"), table.text("to"))
        if link not in found:
            table.fail(f"there is no upgrade `{link[0]}` → `{link[1]}`", "from")
        found[link] = table.both_languages("note")
    return tuple((source, target, note) for (source, target), note in found.items())


def _no_circle(tables: tuple[Table, ...], links: Iterable[tuple[str, str]]) -> None:
    following: dict[str, list[str]] = {}
    for source, target in links:
        following.setdefault(source, []).append(target)
    if circle := first_circle(following):
        table = next(each for each in tables if circle[0] == each.values["from"] and circle[1] in each.values["to"])
        table.fail(f"upgrades go in a circle: {' → '.join(circle)}", "to", table.values["to"].index(circle[1]))


def _help(root: Table, unique: Unique) -> tuple[HelpLink, ...]:
    found: dict[HelpTopic, HelpLink] = {}
    known = {each.value: each for each in HelpTopic}
    for table in root.tables("help", what="help"):
        table.only("key", "url")
        key = table.text("key")
        unique.claim(table, "key", key, what="help topic")
        if key not in known:
            table.fail(f"unknown help topic (known: {', '.join(known)})", "key")
        url = table.both_languages("url")
        if not (url.en.startswith("https://") and url.de.startswith("https://")):
            table.fail("`url` must begin with https://", "url")
        found[known[key]] = HelpLink(topic=known[key], url=url)
    if missing := [each for each in HelpTopic if each not in found]:
        root.fail(f"help topics without a link: {', '.join(missing)}", "help")
    return tuple(found.values())


def _table_of(tables: tuple[Table, ...], key: str) -> Table:
    return next(each for each in tables if each.values["key"] == key)
