"""What a message says about whose it is: in Slack's mrkdwn, in both languages, whatever else stands around it."""

import uuid

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.desk.finding.clues import LONGEST, MOST, clues_in
from bot.desk.finding.names import fit
from bot.desk.naming import domain_key

TENANT = "0b7c9a1e-4a0e-4c25-9c37-6d8e7c1a2b3c"

LABELS = st.from_regex(r"[a-zäöü][a-z0-9äöü]{1,10}", fullmatch=True)
DOMAINS = st.builds(lambda one, end: f"kunde-{one}.{end}", LABELS, st.sampled_from(["de", "com", "example", "co.uk"]))
AROUND = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="<>@./-_+'"), max_size=60).map(
    lambda text: "".join(each for each in text if not each.isalnum() or each.isascii())
)

WRAPPED = {
    "bare": "{domain}",
    "at the end of a sentence": "für {domain}.",
    "www": "www.{domain}",
    "Slack's link": "<http://{domain}|{domain}>",
    "Slack's link with www": "<http://www.{domain}|www.{domain}>",
    "a link to a page": "<https://{domain}/kontakt?x=1&amp;y=2>",
    "a link with words": "<https://{domain}/|unsere Seite>",
    "an address typed": "anna.weber+it@{domain}",
    "an address of Slack's": "<mailto:anna.weber@{domain}|anna.weber@{domain}>",
    "code": "`{domain}`",
    "a block of code": "```\nhost {domain}\n```",
    "a quote": "&gt; {domain}",
    "bold": "*{domain}*",
    "in quotes": "„{domain}“",
    "in brackets": "({domain}),",
    "after a colon": "Domain:{domain}",
    "after a mention": "<@U012ABC>{domain}",
}


@pytest.mark.parametrize("wrapping", WRAPPED)
@given(domain=DOMAINS, before=AROUND, after=AROUND)
@example(domain="kunde-bäcker.de", before="", after="")
def test_a_domain_is_found_however_it_is_written(wrapping: str, domain: str, before: str, after: str) -> None:
    """Typed, linked by Slack, in an address, in code, in a quote; between anything that is no part of it."""
    text = f"{before} {WRAPPED[wrapping].format(domain=domain)} {after}"
    assert domain_key(domain) in clues_in(text).domains, text


@given(tenant=st.uuids(), upper=st.booleans(), wrapped=st.sampled_from(["{}", "`{}`", "({})", "&gt; {}.", "*{}*"]))
def test_a_tenant_id_is_found_in_its_usual_spelling(*, tenant: uuid.UUID, upper: bool, wrapped: str) -> None:
    """Also in code, in capitals, in the address of a portal."""
    shown = str(tenant).upper() if upper else str(tenant)
    assert clues_in(f"Mandant {wrapped.format(shown)} bitte").tenants == (str(tenant),)
    link = f"<https://admin.example/?tid={shown}&amp;x=1|Portal>"
    assert clues_in(link).tenants == (str(tenant),)


@pytest.mark.parametrize(
    "text", [f"x{TENANT}", f"{TENANT}0", f"{TENANT}-1", TENANT.replace("-", ""), TENANT[:-1], f"a-{TENANT}"]
)
def test_what_only_looks_like_a_tenant_id_is_none(text: str) -> None:
    """A part of something longer is something else."""
    assert clues_in(text).tenants == ()


@pytest.mark.parametrize("domain", ["gmail.com", "gmx.de", "outlook.com", "WEB.de", "t-online.de", "Hotmail.com"])
def test_a_mail_service_that_anybody_may_use_is_nobodys(domain: str) -> None:
    """Neither in an address nor alone, nor a part of it."""
    text = f"<mailto:anna@{domain}|anna@{domain}> oder bob@{domain}, siehe {domain} und mail.{domain}"
    found = clues_in(text)
    assert domain.lower() not in found.domains
    assert domain.lower() not in found.above


def test_mentions_channels_and_dates_say_nothing() -> None:
    """Names of colleagues and channels are no customers."""
    found = clues_in(
        "<@U012ABC|contoso.de> <#C012|contoso> <!subteam^S01|@contoso> <!date^1^{date}|contoso.de> <!here>"
    )
    assert (found.tenants, found.domains, found.names, found.words) == ((), (), (), frozenset())


def test_a_link_counts_by_its_address_not_by_what_it_is_called() -> None:
    """Words that show another domain make it two domains, which is for the reader to decide."""
    assert clues_in("<https://boese.example/x|contoso.de>").domains == ("boese.example", "contoso.de")
    assert clues_in("<mailto:a@boese.example|a@contoso.de>").domains == ("boese.example",)
    assert clues_in("<https://contoso.de@boese.example/>").domains[0] == "boese.example"


@pytest.mark.parametrize(
    "text",
    [
        "contoso.de.boese.example",
        "contoso.de.1.2.3.4.5.6.7.8.boese.example",
        "contoso.de.1",
        "anna@contoso.de.1",
        "https://contoso.de.1.x/",
        "https://x@contoso.de@boese.example/",
        "https://boese.example?mail=x@contoso.de",
        "https://boese.example#@contoso.de",
        f"https://contoso.de:{'p' * 120}@boese.example/",
        "https://contoso.de:pw@boese.example:443/contoso.de",
        "contoso.de@localhost",
        "contoso.de+x@localhost",
        f"{'a' * 70}.contoso.de@boese.example",
        "@contoso.de",
        "contoso.de_boese.example",
        "x" * (LONGEST - len("anna@contoso.de") - 1) + " anna@contoso.de.boese.example",
    ],
)
def test_a_part_of_an_address_is_not_whose_it_is(text: str) -> None:
    """Rule 11: the beginning of a longer domain, what stands in front of an @, or what a link carries along."""
    found = clues_in(text)
    assert "contoso.de" not in found.domains
    assert "contoso.de" not in found.above


@pytest.mark.parametrize(
    "link",
    [
        "<https://boese.example/|contoso.de>",
        "<https://boese.example/|anna@contoso.de>",
        "<https://boese.example/|https://contoso.de/>",
    ],
)
def test_what_only_the_words_of_a_link_show_is_known_as_such(link: str) -> None:
    """They count against being sure of another, and never for it."""
    assert clues_in(link).called == {"contoso.de"}
    assert clues_in(f"{link} anna@contoso.de").called == frozenset()
    assert clues_in(f"<https://boese.example/|{TENANT}>").called == {TENANT}


def test_what_was_left_out_is_said() -> None:
    """The customer of another domain may stand there."""
    assert clues_in("contoso.de").whole
    assert not clues_in("contoso.de " + "x " * LONGEST).whole
    assert not clues_in(" ".join(f"kunde-{each}.de" for each in range(MOST + 1))).whole


def test_a_domain_in_capitals_is_the_same() -> None:
    """As some people sign."""
    assert clues_in("ANNA@CONTOSO.DE, WWW.Contoso.de").domains == ("contoso.de",)


def test_a_domain_belongs_to_those_above_it() -> None:
    """Not to the top; as a weaker clue."""
    found = clues_in("anna@mail.berlin.contoso.de")
    assert found.domains == ("mail.berlin.contoso.de",)
    assert found.above == ("berlin.contoso.de", "contoso.de")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bitte für Müller &amp; Söhne GmbH &amp; Co. KG nachsehen", "Müller & Söhne GmbH & Co KG"),
        ("Hallo zusammen, Contoso GmbH braucht mehr", "Contoso GmbH"),
        ("Anfrage von *Fabrikam Reisen AG*: geht das?", "Fabrikam Reisen AG"),
        ("Der Kunde „Gestern &amp; Heute Verlag“ fragt", "Gestern & Heute Verlag"),
        ('the customer "northwind" asks', "northwind"),
        ("&gt; Bharat Textiles Pvt Ltd wants E3", "Bharat Textiles Pvt Ltd"),
        ("Greetings from Nordwind Handel", "Nordwind Handel"),
        ("contoso braucht lizenzen", "contoso"),
    ],
)
def test_a_name_in_a_sentence_is_looked_for(text: str, name: str) -> None:
    """German nouns are capitalised and chats are not: the likeliest comes first, ordinary words never."""
    found = clues_in(text)
    assert name in found.names[:3]
    assert not {"Bitte", "Hallo", "braucht", "Kunde"} & set(found.names)


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("Contoso GmbH", "contoso braucht was", 1.0),
        ("Müller & Söhne GmbH", "frag mueller und soehne", 1.0),
        ("Müller & Söhne GmbH", "frag Muller", 0.5),
        ("Contoso GmbH", "eine GmbH", 0.0),
        ("AG", "die AG", 0.0),
        ("", "x", 0.0),
    ],
)
def test_a_name_fits_by_the_words_that_tell_something(name: str, text: str, wanted: float) -> None:
    """Umlauts and accents either way; what a firm is says nothing about which."""
    assert fit(name, clues_in(text).words) == wanted


PIECES = st.sampled_from(
    [
        "<",
        ">",
        "|",
        "<@",
        "<mailto:",
        "<http://",
        "@",
        ".",
        ".de",
        "&lt;",
        "&amp;",
        "`",
        "„",
        "“",
        "GmbH",
        "A",
        "-",
        "\n",
    ]
)


@given(text=st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=200).map("".join)))
@example(text="<" * 12_000)
@example(text="a." * 6_000)
@example(text="a-" * 6_000)
@example(text="A " * 6_000)
@example(text="A & " * 3_000 + "GmbH")
@example(text="http://" * 1_700)
@example(text="„" * 12_000)
@example(text="x@" * 6_000)
@example(text="ß.ß" * 4_000)
def test_any_text_gives_a_bounded_answer(text: str) -> None:
    """It comes from people and from apps; nothing in it may break or stall the search."""
    found = clues_in(text)
    for kind in (found.tenants, found.domains, found.above, found.names):
        assert len(kind) <= MOST
        assert len(set(kind)) == len(kind)


def test_what_is_far_too_long_is_looked_at_from_the_beginning() -> None:
    """A log that somebody pasted is no reason to wait."""
    assert clues_in("x " * LONGEST + "contoso.de").domains == ()
    assert clues_in("contoso.de " + "x " * LONGEST).domains == ("contoso.de",)
