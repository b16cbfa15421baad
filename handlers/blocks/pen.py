"""What writes mrkdwn for one reader: sentences of ours with the words of others escaped, names, dates, links."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from bot.domain.catalogue.lookup import Catalogue
from bot.domain.eligibility_terms import HelpTopic
from bot.locales import Texts, msg
from handlers.blocks import limits
from handlers.blocks.text import ELLIPSIS, Md, clean, esc, joined, link


@dataclass(frozen=True, slots=True)
class Pen:
    """A reader's words and the catalogue's names. `texts` gives plain text; the pen's own methods give mrkdwn."""

    texts: Texts
    catalogue: Catalogue

    def t(self, msgid: str, /, **values: object) -> Md:
        """A sentence; values that are not mrkdwn yet are escaped and clamped."""
        return Md(str(esc_template(self.texts.template(msgid))).format_map(self._escaped(values)))

    def n(self, singular: str, plural: str, /, *, count: int, **values: object) -> Md:
        """A sentence for this many."""
        template = esc_template(self.texts.plural_template(singular, plural, count=count))
        return Md(str(template).format_map(self._escaped({**values, "count": count})))

    def when(self, at: datetime) -> Md:
        """An instant in the reader's own time zone, by Slack's date format; the fallback is UTC and says so."""
        return self._slack_date(at, "{date_short} {time}", self.texts.instant(at))

    def clock_time(self, at: datetime) -> Md:
        """The time of day of an instant."""
        return self._slack_date(at, "{time}", f"{at.astimezone(UTC):%H:%M} UTC")

    def offer(self, offer_id: str | None, name: str | None) -> str:
        """An offer's name in the reader's language; the service's own word for what the catalogue lacks."""
        found = self.catalogue.by_offer_id(offer_id) if offer_id else None
        if found is not None:
            return found.name.in_language(self.texts.language)
        return name or offer_id or self.texts.t("not known")

    def family(self, key: str) -> str:
        """A service family's name."""
        return self.catalogue.family_name(key, self.texts.language)

    def families(self, keys: tuple[str, ...]) -> Md:
        """Service families in a row, `nothing` for none."""
        return self.row([esc(self.family(key), limits.ID) for key in keys]) if keys else self.t("nothing")

    def row(self, items: list[Md]) -> Md:
        """Things in a row; many are cut, saying how many more there are."""
        shown, rest = items[: limits.LISTED], len(items) - limits.LISTED
        more = [self.n("and {count} more", "and {count} more", count=rest)] if rest > 0 else []
        return joined([*shown, *more], ", ")

    def help(self, topic: HelpTopic) -> Md:
        """The help page of a topic, as a link that says what it is about."""
        return link(self.catalogue.help_url(topic, self.texts.language), self.t(HELP_LABELS[topic]))

    def tail(self, identifier: str) -> Md:
        """The end of an id, enough to tell twins apart."""
        return esc(tail(identifier), limits.ID)

    def _slack_date(self, at: datetime, form: str, fallback: str) -> Md:
        safe = esc(fallback).replace("|", "/")
        return Md(f"<!date^{int(at.timestamp())}^{form}|{safe}>")

    def _escaped(self, values: dict[str, object]) -> dict[str, object]:
        return {name: self.texts.number(v) if type(v) is int else esc(v) for name, v in values.items()}


def tail(identifier: str) -> str:
    """The last four characters of an id behind an ellipsis."""
    return f"{ELLIPSIS}{clean(identifier)[-4:]}"


@lru_cache(maxsize=2048)
def esc_template(template: str) -> Md:
    """A sentence of ours as mrkdwn: only the three characters that must be escaped; its marks are meant."""
    return Md(template.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


HELP_LABELS = {
    HelpTopic.DELEGATED_RIGHTS: msg("Help: asking for delegated rights"),
    HelpTopic.MULTICHANNEL: msg("Help: bought through several channels"),
    HelpTopic.BILLING: msg("Help: billing"),
    HelpTopic.SWITCHING_PLANS: msg("Help: switching plans"),
    HelpTopic.REASSIGNING_LICENCES: msg("Help: reassigning licences"),
    HelpTopic.REACTIVATING: msg("Help: reactivating"),
}
