"""The service answering 401, 403, 404, 409, 429, 500, HTML, half a body, or nothing, at reads and at orders."""

from dataclasses import dataclass
from typing import Any, Final

import pytest

from bot.eligibility.service.faults import FaultKind
from tests.journeys.steps import DE, EN, WORDS, Words, asked, card, ordered, ordered_once, outcome
from tests.support.product import Product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_reading import buttons, reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

K = FaultKind
MINUTE: Final = 61


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The beginning of a sentence, in both languages."""

    en: str
    de: str

    def in_locale(self, locale: str) -> str:
        return self.de if locale == "de-DE" else self.en


DENIED: Final = Told(
    en="The eligibility service does not let Upgrade Desk in", de="Der Upgrade-Dienst lässt Upgrade Desk nicht zu"
)
REFUSED: Final = Told(en="The eligibility service refused", de="Der Upgrade-Dienst hat abgelehnt")
BUSY: Final = Told(en="The eligibility service is too busy", de="Der Upgrade-Dienst ist überlastet")
USELESS: Final = Told(
    en="The eligibility service gave no usable answer", de="Der Upgrade-Dienst hat keine brauchbare Antwort gegeben"
)
NONSENSE: Final = Told(
    en="The answer of the eligibility service could not be understood",
    de="Die Antwort des Upgrade-Dienstes war nicht zu verstehen",
)
UNREACHABLE: Final = Told(en="The eligibility service cannot be reached", de="Der Upgrade-Dienst ist nicht erreichbar")
GONE: Final = Told(en="This customer is no longer among yours", de="Dieser Kunde gehört nicht mehr zu Ihren Kunden")

READS: Final = {
    K.UNAUTHORIZED: DENIED,
    K.FORBIDDEN: DENIED,
    K.NOT_FOUND: REFUSED,
    K.CONFLICT: REFUSED,
    K.THROTTLED: BUSY,
    K.ERROR: USELESS,
    K.UNAVAILABLE: USELESS,
    K.HTML: USELESS,
    K.HTML_OK: NONSENSE,
    K.NONSENSE: NONSENSE,
    K.HALF_BODY: NONSENSE,
    K.CUT: UNREACHABLE,
}

PROVES_NOTHING_HAPPENED: Final = (K.UNAUTHORIZED, K.FORBIDDEN, K.NOT_FOUND, K.CONFLICT)
SAYS_NOTHING: Final = (K.ERROR, K.UNAVAILABLE, K.HTML, K.HTML_OK, K.NONSENSE, K.CUT)
ACTED: Final = (*SAYS_NOTHING, K.HALF_BODY)
FINE: Final = customer("Fabrikam AG", subscription(BASIC, 4), domain="fabrikam.example")
LATER: Final = {
    kind: customer(f"Drossel {kind} AG", subscription(BASIC, 4), domain=f"{kind}.later.example")
    for kind in (K.THROTTLED, K.ACCEPTED)
}
REFUSING: Final = {
    kind: customer(f"Nein {index} GmbH", subscription(BASIC, 4), domain=f"no{index}.example")
    for index, kind in enumerate(PROVES_NOTHING_HAPPENED)
}
SILENT: Final = {
    kind: customer(f"Still {index} GmbH", subscription(BASIC, 4), domain=f"silent{index}.example")
    for index, kind in enumerate(SAYS_NOTHING)
}
DONE: Final = {
    kind: customer(f"Getan {index} GmbH", subscription(BASIC, 4), domain=f"done{index}.example")
    for index, kind in enumerate(ACTED)
}
BOOK: Final = [FINE, *LATER.values(), *REFUSING.values(), *SILENT.values(), *DONE.values()]
LOCALES: Final = tuple(WORDS)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", READS)
async def test_at_reads_there_is_a_sentence_and_a_reference(product: Product, kind: FaultKind, locale: str) -> None:
    """To the command, to a refresh, and in the modal of a press; nothing is ordered."""
    words: Words = WORDS[locale]
    sven = await product.person("sales_agent", locale=locale)
    listed = await asked(sven, FINE["domain"])
    with product.faults.armed(kind, seconds=1.0 if kind is K.THROTTLED else None):
        told = reading(await asked(sven, FINE["domain"]))
        assert READS[kind].in_locale(locale) in told
        assert words.reference in told
        assert (await sven.press(listed, "Office 365 E3"))["ok"]
        told = reading(await sven.wait_for_modal(title=words.failed))
    wanted = GONE if kind is K.NOT_FOUND else READS[kind]
    assert wanted.in_locale(locale) in told
    await sven.close(clear=True)
    await ordered_once(product, FINE["id"], orders=0)


@pytest.mark.parametrize("kind", READS)
async def test_where_only_the_upgrades_cannot_be_read_nothing_is_claimed(product: Product, kind: FaultKind) -> None:
    """Least of all that the customer had nothing."""
    sven = await product.person("sales_agent", locale="en-US")
    with product.faults.armed(kind, path="/upgrades$", seconds=1.0 if kind is K.THROTTLED else None):
        told = reading(await asked(sven, FINE["domain"]))
    wanted = NONSENSE if kind is K.NOT_FOUND else READS[kind]
    assert wanted.en in told


async def _ordered(
    product: Product, wanted: dict[str, Any], kind: FaultKind, *, acts: bool | None, words: Words
) -> Any:
    sven = await product.person("sales_agent", locale="de-DE" if words is DE else "en-US")
    listed = await asked(sven, wanted["domain"])
    product.faults.arm(kind, method="POST", path=wanted["id"], acts=acts)
    await ordered(sven, listed, "Office 365 E3", words)
    return sven


@pytest.mark.parametrize("kind", PROVES_NOTHING_HAPPENED)
async def test_an_order_that_was_refused_has_failed_and_can_be_asked_for_again(
    product: Product, kind: FaultKind
) -> None:
    """The service's own words, a reference, and the button; asked for again it goes through, once."""
    wanted = REFUSING[kind]
    sven = await _ordered(product, wanted, kind, acts=None, words=DE)
    failed = await outcome(sven, DE.not_ordered, customer=wanted["companyName"])
    assert "Der Dienst meldet „" in reading(failed)
    assert DE.reference in reading(failed)
    await ordered_once(product, wanted["id"], orders=0)
    await sven.press(failed, DE.again)
    await sven.wait_for_modal(title=DE.confirm)
    assert (await sven.submit())["result"] == "updated"
    await outcome(sven, DE.completed, customer=wanted["companyName"])
    await ordered_once(product, wanted["id"])


@pytest.mark.parametrize("kind", SAYS_NOTHING)
async def test_an_order_without_an_answer_that_was_not_carried_out_stays_unclear(
    product: Product, kind: FaultKind
) -> None:
    """Never sent again, never called failed; the card says not to order elsewhere and can be asked to look."""
    wanted = SILENT[kind]
    sven = await _ordered(product, wanted, kind, acts=False, words=EN)
    told = await outcome(sven, EN.unclear, customer=wanted["companyName"])
    assert "do not order this in Partner Center!" in reading(told)
    shown = await card(sven, wanted["companyName"], EN.unclear)
    assert buttons(shown)[0] == "Check the outcome"
    before = {each["ts"] for each in await sven.messages(shown["channel"])}
    await sven.press(shown, "Check the outcome")
    said = await sven.wait_for_message(shown["channel"], where=lambda each: each["ts"] not in before)
    assert "nothing new is known" in reading(said)
    again = await asked(sven, wanted["domain"])
    await sven.press(again, "Office 365 E3")
    assert "already has an open change" in reading(await sven.wait_for_modal(title=EN.hindered))
    await sven.close(clear=True)
    await ordered_once(product, wanted["id"], orders=0)


@pytest.mark.parametrize("kind", ACTED)
async def test_an_order_without_an_answer_that_was_carried_out_is_found_to_be_done(
    product: Product, kind: FaultKind
) -> None:
    """By positive evidence, a minute later; ordered once."""
    wanted = DONE[kind]
    sven = await _ordered(product, wanted, kind, acts=True, words=DE)
    await outcome(sven, DE.unclear, customer=wanted["companyName"])
    await ordered_once(product, wanted["id"])
    await product.slack.advance(MINUTE)
    done = reading(await outcome(sven, DE.completed, customer=wanted["companyName"]))
    assert "Neues Abonnement: " in done
    await card(sven, wanted["companyName"], "COMPLETED")
    await ordered_once(product, wanted["id"])


async def test_a_throttled_order_is_sent_later_and_once(product: Product) -> None:
    """429 proves that nothing happened; the card says when it is tried next."""
    wanted = LATER[K.THROTTLED]
    sven = await _ordered(product, wanted, K.THROTTLED, acts=None, words=EN)
    await card(sven, wanted["companyName"], "tried in vain, next try")
    await ordered_once(product, wanted["id"], orders=0)
    await product.slack.advance(MINUTE)
    await outcome(sven, EN.completed, customer=wanted["companyName"])
    await ordered_once(product, wanted["id"])


async def test_an_accepted_order_is_followed_to_its_end(product: Product) -> None:
    """202: told at once, told again when it is done."""
    wanted = LATER[K.ACCEPTED]
    sven = await _ordered(product, wanted, K.ACCEPTED, acts=None, words=DE)
    await outcome(sven, "ANGENOMMEN", customer=wanted["companyName"])
    await product.slack.advance(MINUTE)
    await outcome(sven, DE.completed, customer=wanted["companyName"])
    await ordered_once(product, wanted["id"])
