"""Checks a whole book, customer by customer: the shape of each, and what must hold between its parts."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from bot.domain.catalogue import Catalogue, Offer
from bot.eligibility.importing.faults import Faults
from bot.eligibility.importing.format import BookCustomer, BookSubscription, BookUser, sentence_for
from bot.eligibility.importing.positions import Steps, path_text, positions
from bot.eligibility.importing.stream import RawCustomer

_Report = Callable[[Steps, str], None]


class BookCheck:
    """Remembers what must be unique in the book. Give it every customer in turn."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._offers: dict[str, Offer | None] = {}
        self._customers: set[str] = set()
        self._domains: set[str] = set()
        self._subscriptions: set[str] = set()
        self.faults = Faults()
        self.counts = {"customers": 0, "subscriptions": 0, "users": 0}

    def offer(self, text: str) -> Offer | None:
        """The catalogue's offer of a word of the file."""
        if text not in self._offers:
            self._offers[text] = self._catalogue.by_any(text)
        return self._offers[text]

    def take(self, raw: RawCustomer) -> BookCustomer | None:
        """Check one customer; None where its shape is wrong. Faults are kept, none is raised."""
        report = _Reporter(raw, self.faults)
        if raw.doubled:
            report.doubled()
        if "\\u0000" in raw.text:
            _no_nul(raw.value, (), report)
        try:
            customer = BookCustomer.model_validate(raw.value)
        except ValidationError as found:
            for each in found.errors(include_url=False, include_input=False):
                context = each.get("ctx", {})
                report(each["loc"], sentence_for(each["type"], (each["loc"] or ("",))[-1], context))
            return None
        self._customer(customer, report)
        return customer

    def _customer(self, customer: BookCustomer, report: _Report) -> None:
        self.counts["customers"] += 1
        self.counts["subscriptions"] += len(customer.subscriptions)
        self.counts["users"] += len(customer.users)
        if not _claim(self._customers, customer.id):
            report(("id",), "is the id of another customer too")
        if not _claim(self._domains, customer.domain.casefold()):
            report(("domain",), "is the domain of another customer too")
        self._rights(customer.delegated_admin, "delegatedAdmin", report)
        self._rights(customer.granular_admin, "granularAdmin", report)
        for at, subscription in enumerate(customer.subscriptions):
            self._subscription(subscription, ("subscriptions", at), report)
        held = {self._offer_id(each.offer) for each in customer.subscriptions}
        ids: set[str] = set()
        names: set[str] = set()
        for at, user in enumerate(customer.users):
            place: Steps = ("users", at)
            if not _claim(ids, user.id):
                report((*place, "id"), "is the id of another user of this customer too")
            if not _claim(names, user.user_principal_name.casefold()):
                report((*place, "userPrincipalName"), "is that of another user of this customer too")
            self._licences(user, held, place, report)

    def _rights(self, value: Any, field: str, report: _Report) -> None:
        if isinstance(value, bool):
            return
        if not isinstance(value, list):
            report((field,), "must be true, false or a list of service families")
            return
        for at, family in enumerate(value):
            if not isinstance(family, str) or family not in self._catalogue.families:
                report((field, at), "is no service family of the catalogue")

    def _subscription(self, subscription: BookSubscription, place: Steps, report: _Report) -> None:
        if not _claim(self._subscriptions, subscription.id):
            report((*place, "id"), "is the id of another subscription too")
        offer = self.offer(subscription.offer)
        if offer is None:
            if subscription.offer_name is None:
                report((*place, "offer"), "is not in the catalogue, so it needs an offerName beside it")
        elif subscription.quantity > offer.seat_ceiling:
            report((*place, "quantity"), f"is above the offer's limit of {offer.seat_ceiling} seats")

    def _licences(self, user: BookUser, held: set[str], place: Steps, report: _Report) -> None:
        plans: set[str] = set()
        own: set[str] = set()
        for at, word in enumerate(user.licenses):
            offer_id = self._offer_id(word)
            if offer_id not in held:
                report((*place, "licenses", at), "is an offer of which the customer has no subscription")
            if not _claim(own, offer_id):
                report((*place, "licenses", at), "is named twice")
            offer = self.offer(word)
            plans.update(() if offer is None else (each.key for each in offer.plans))
        for at, word in enumerate(user.disabled_plans):
            plan = self._catalogue.plan(word)
            if plan is None or plan.key not in plans:
                report((*place, "disabledPlans", at), "is no service plan of the user's licenses")

    def _offer_id(self, word: str) -> str:
        offer = self.offer(word)
        return word if offer is None else offer.offer_id


class _Reporter:
    """Puts a line to each fault of one customer; its text is only taken apart when there is one."""

    def __init__(self, raw: RawCustomer, faults: Faults) -> None:
        self._raw = raw
        self._faults = faults
        self._found: dict[Steps, int] | None = None

    def __call__(self, steps: Steps, sentence: str) -> None:
        if not self._faults.wants_more:
            self._faults.count(1)
            return
        path = path_text(("customers", self._raw.index, *steps))
        self._faults.add(line=self._line(self._offset(steps)), path=path, sentence=sentence)

    def doubled(self) -> None:
        """Tell of each field that stands twice in its object."""
        for steps in [each for each in self._positions() if each and each[-1] == "#twice"]:
            path = path_text(("customers", self._raw.index, *steps[:-1]))
            self._faults.add(line=self._line(self._positions()[steps]), path=path, sentence="stands here twice")

    def _positions(self) -> dict[Steps, int]:
        if self._found is None:
            self._found = positions(self._raw.text)
        return self._found

    def _offset(self, steps: Steps) -> int:
        found = self._positions()
        if (*steps, "#key") in found:
            return found[(*steps, "#key")]
        while steps and steps not in found:
            steps = steps[:-1]
        return found[steps]

    def _line(self, offset: int) -> int:
        return self._raw.line + self._raw.text.count("\n", 0, offset)


def _claim(taken: set[str], value: str) -> bool:
    if value in taken:
        return False
    taken.add(value)
    return True


def _no_nul(value: Any, steps: Steps, report: _Report) -> None:
    if isinstance(value, str) and "\0" in value:
        report(steps, "holds the character U+0000, which cannot be stored")
    elif isinstance(value, dict):
        for key, each in value.items():
            _no_nul(each, (*steps, key), report)
    elif isinstance(value, list):
        for at, each in enumerate(value):
            _no_nul(each, (*steps, at), report)
