"""What a catalogue holds: service families, service plans, offers, upgrade paths and help links. Data, no rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.eligibility_terms import HelpTopic


class CatalogueError(ValueError):
    """A catalogue that cannot be used: where (`source`, `line`, counted from 1) and what is at fault (`sentence`)."""

    def __init__(self, *, source: str, line: int, sentence: str) -> None:
        super().__init__(f"{source}, line {line}: {sentence}")
        self.source = source
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalizedText:
    """A text in both languages."""

    en: str
    de: str

    def in_language(self, language: str) -> str:
        """The German text for `de` and `de-…`; the English one for every other language."""
        return self.de if language[:2].lower() == "de" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A service family: what conditions 2 and 3 compare.

    `extends` names the family that this one is a higher edition of (Exchange Online Plan 2 extends Exchange Online):
    whoever holds the higher edition holds the lower one too, and a right to the lower one covers the higher.
    """

    key: str
    name: LocalizedText
    extends: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlan:
    """A service plan inside an offer, by Microsoft's name and id. One without families is a filler: no conflict."""

    key: str
    plan_id: str
    name: LocalizedText
    families: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A product that customers hold or may be upgraded to.

    `offer_id` is what stands in `offerId` on the wire, `entra_sku_id` the sku id of its licences; where
    `invented_ids` is true one or both are made up, because none is published. `families` holds lower editions too.
    `minimum` and `seat_limit` bound the seats of one subscription; None is no limit of its own.
    """

    key: str
    offer_id: str
    entra_sku_id: str
    sku_part_number: str
    name: LocalizedText
    former_names: tuple[str, ...]
    short_name: str
    families: frozenset[str]
    plans: tuple[ServicePlan, ...]
    minimum: int
    seat_limit: int | None
    invented_ids: bool

    @property
    def seat_ceiling(self) -> int:
        """The most seats of one subscription, as the wire's `maximumQuantity` says it."""
        return NO_LIMIT if self.seat_limit is None else self.seat_limit


NO_LIMIT = 10_000_000
"""`maximumQuantity` of offers without a limit of their own (facts/partner-center.md, 1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """An upgrade that the table offers. What the rules need for each is worked out once, when the catalogue is read.

    `added` and `lost` are for people: in the catalogue's order, without the lower edition of a family that stands
    beside its higher one. `required` are the families that delegated rights must cover. `conflicts` tells for each
    offer (by key) that holds some of the additional services which of them it holds, worded as `added` is.
    """

    source_key: str
    target_key: str
    target: Offer
    flag_note: LocalizedText | None
    added: tuple[str, ...]
    lost: tuple[str, ...]
    required: frozenset[str]
    conflicts: Mapping[str, tuple[str, ...]]

    @property
    def flagged(self) -> bool:
        """Whether the catalogue doubts this cell of the table."""
        return self.flag_note is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLink:
    """The page of one help topic, in both languages."""

    topic: HelpTopic
    url: LocalizedText
