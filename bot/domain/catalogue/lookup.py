"""The catalogue itself: everything looked up in constant time, every path worked out beforehand."""

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from types import MappingProxyType

from bot.domain.catalogue.model import Family, HelpLink, LocalizedText, Offer, Path, ServicePlan
from bot.domain.eligibility_terms import HelpTopic

REMEMBERED = 1024
"""Sets of families whose wording is remembered."""


class Catalogue:
    """A checked catalogue. Build it with `bot.domain.catalogue.parse_catalogue`; the parts are in file order."""

    def __init__(
        self,
        *,
        families: tuple[Family, ...],
        plans: tuple[ServicePlan, ...],
        offers: tuple[Offer, ...],
        links: tuple[tuple[str, str, LocalizedText | None], ...],
        help_links: tuple[HelpLink, ...],
    ) -> None:
        self.families: Mapping[str, Family] = MappingProxyType({each.key: each for each in families})
        self.plans: Mapping[str, ServicePlan] = MappingProxyType({each.key: each for each in plans})
        self.offers: Mapping[str, Offer] = MappingProxyType({each.key: each for each in offers})
        self._help = {each.topic: each.url for each in help_links}
        self._lower: Mapping[str, frozenset[str]] = {key: self.lineage(key) - {key} for key in self.families}
        self._covered_by = {
            key: frozenset(each for each in self.families if key in self.lineage(each)) for key in self.families
        }
        # The same few rights and paths come again and again: a customer's rights are judged for each subscription.
        self._covered = lru_cache(maxsize=REMEMBERED)(self._work_out_covered)
        self._asked_for = lru_cache(maxsize=REMEMBERED)(self._work_out_asked_for)
        self._paths: dict[tuple[str, str], Path] = {}
        for source_key, target_key, flag_note in links:
            path = self._work_out(source=self.offers[source_key], target=self.offers[target_key], flag_note=flag_note)
            self._paths[source_key, target_key] = path
        grouped: dict[str, list[Path]] = {}
        for path in self._paths.values():
            grouped.setdefault(path.source_key, []).append(path)
        self._targets = {key: tuple(paths) for key, paths in grouped.items()}

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every path of the table, in file order."""
        return tuple(self._paths.values())

    @cached_property
    def _by_offer_id(self) -> dict[str, Offer]:
        return {each.offer_id.casefold(): each for each in self.offers.values()}

    @cached_property
    def _by_sku(self) -> dict[str, Offer]:
        return {each.entra_sku_id.casefold(): each for each in self.offers.values()}

    @cached_property
    def _by_part_number(self) -> dict[str, Offer]:
        return {each.sku_part_number.casefold(): each for each in self.offers.values()}

    @cached_property
    def _plans_by_id(self) -> dict[str, ServicePlan]:
        return {each.plan_id.casefold(): each for each in self.plans.values()}

    @cached_property
    def _plans_by_name(self) -> dict[str, ServicePlan]:
        return {each.key.casefold(): each for each in self.plans.values()}

    def offer(self, key: str) -> Offer | None:
        """The offer of a catalogue key."""
        return self.offers.get(key)

    def by_offer_id(self, offer_id: str) -> Offer | None:
        """The offer of a wire `offerId`, in any case of letters."""
        return self._by_offer_id.get(offer_id.strip().casefold())

    def by_sku(self, sku_id: str) -> Offer | None:
        """The offer of an Entra sku id, in any case of letters."""
        return self._by_sku.get(sku_id.strip().casefold())

    def by_any(self, text: str) -> Offer | None:
        """The offer that `text` is the key, the offer id, the sku id or the part number of. Never a name: see the docs.

        Part number `O365_BUSINESS_PREMIUM` is Business Standard, as Microsoft has it (facts/partner-center.md, 5).
        """
        word = text.strip().casefold()
        return (
            self.offers.get(word)
            or self._by_offer_id.get(word)
            or self._by_sku.get(word)
            or self._by_part_number.get(word)
        )

    def plan(self, text: str) -> ServicePlan | None:
        """The service plan that `text` is the id or Microsoft's name of, in any case of letters."""
        word = text.strip().casefold()
        return self._plans_by_id.get(word) or self._plans_by_name.get(word)

    def targets(self, source_key: str) -> tuple[Path, ...]:
        """The paths that start at an offer, in the table's order; empty where the table has none."""
        return self._targets.get(source_key, ())

    def path(self, source_key: str, target_key: str) -> Path | None:
        """The path between two offers, or None where the table has none."""
        return self._paths.get((source_key, target_key))

    def added(self, source_key: str, target_key: str) -> tuple[str, ...]:
        """Families that `target_key` has and `source_key` has not, for people. Also for offers without a path."""
        return self.told(self.offers[target_key].families - self.offers[source_key].families)

    def lost(self, source_key: str, target_key: str) -> tuple[str, ...]:
        """Families that `source_key` has and `target_key` has not, for people."""
        return self.told(self.offers[source_key].families - self.offers[target_key].families)

    def help_url(self, topic: HelpTopic, language: str) -> str:
        """The page of a help topic in a language; English for every language but German."""
        return self._help[topic].in_language(language)

    def family_name(self, key: str, language: str) -> str:
        """A family's name; the key itself where another service names a family that we do not know."""
        family = self.families.get(key)
        return key if family is None else family.name.in_language(language)

    def lineage(self, key: str) -> frozenset[str]:
        """A family with every lower edition of it."""
        found = [key]
        while (lower := self.families[found[-1]].extends) is not None:
            found.append(lower)
        return frozenset(found)

    def told(self, families: Iterable[str]) -> tuple[str, ...]:
        """Families as people are told them: in file order, without the lower edition beside its higher one."""
        keys = frozenset(families)
        told = keys.difference(*(self._lower[each] for each in keys))
        return tuple(each for each in self.families if each in told)

    def asked_for(self, families: Iterable[str]) -> tuple[str, ...]:
        """Families as rights to them are asked for: in file order, without the higher edition beside its lower one."""
        return self._asked_for(frozenset(families))

    def covered(self, rights: Iterable[str]) -> frozenset[str]:
        """Every family that rights to these families cover: with the higher editions. Unknown keys cover nothing."""
        return self._covered(frozenset(rights))

    def _work_out_asked_for(self, keys: frozenset[str]) -> tuple[str, ...]:
        return tuple(each for each, lower in self._lower.items() if each in keys and lower.isdisjoint(keys))

    def _work_out_covered(self, rights: frozenset[str]) -> frozenset[str]:
        return frozenset().union(*(self._covered_by.get(each, frozenset()) for each in rights))

    def _work_out(self, *, source: Offer, target: Offer, flag_note: LocalizedText | None) -> Path:
        added = target.families - source.families
        return Path(
            source_key=source.key,
            target_key=target.key,
            target=target,
            flag_note=flag_note,
            added=self.told(added),
            lost=self.told(source.families - target.families),
            required=source.families | target.families,
            conflicts=MappingProxyType(
                {each.key: self.told(each.families & added) for each in self.offers.values() if each.families & added}
            ),
        )
