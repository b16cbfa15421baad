import pytest

from bot.desk.naming import domain_key, keys, same_name, spellings, tenant_id


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("contoso gmbh", "Contoso GmbH"),
        ("Mueller GmbH", "Müller GmbH"),
        ("Muller GmbH", "Müller GmbH"),
        ("MÜLLER GMBH", "Müller GmbH"),
        ("Mu\u0308ller GmbH", "Müller GmbH"),
        ("Strasse AG", "Straße AG"),
        ("Aerzte Verbund", "Ärzte Verbund"),
        ("Smorrebrod ApS", "Smørrebrød ApS"),
        ("Contoso  \t GmbH ", "Contoso GmbH"),
        ("Contoso Ltd", "Contoso Ltd."),
        ("Contoso Inc", "Contoso, Inc."),
        ("Müller&Söhne", "Müller & Söhne"),
        ("O'Neill", "O’Neill"),
        ("Rhein-Neckar", "Rhein–Neckar"),
        ("Cafe \u2067Sonne\u2069", "Café Sonne"),
        ("شركة النور", "شركة النور"),
    ],
)
def test_people_spell_a_name_in_many_ways(typed: str, name: str) -> None:
    """Any case, umlauts or not, and the punctuation that people leave out."""
    assert same_name(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Contoso", "Contoso GmbH"),
        ("Contoso GmbH", "Contoso Ltd"),
        ("A+B GmbH", "AB GmbH"),
        ("Muller", "Mueller"),
        ("AB GmbH", "A B GmbH"),
        ("Nord-Wind", "Nordwind"),
        ("3M", "3 M"),
        ("Contoso 1", "Contoso 11"),
        ("\u200b", "\u200b\u200b"),
        ("", ""),
    ],
)
def test_a_different_firm_never_opens(typed: str, name: str) -> None:
    """The wrong customer is the worst mistake (rule 11); nothing at all is nobody's name."""
    assert not same_name(typed, name)


def test_a_name_has_two_spellings_at_most() -> None:
    assert keys("Müller") == {"muller", "mueller"}
    assert keys("Mueller") == {"mueller"}


def test_a_service_that_compares_letters_is_asked_for_each_spelling() -> None:
    assert set(spellings("Mueller")) == {"Mueller", "Müller"}
    assert set(spellings("Überwald")) == {"Überwald", "Ueberwald"}
    assert spellings("Contoso GmbH") == ("Contoso GmbH",)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Contoso.DE", "contoso.de"),
        ("contoso.de.", "contoso.de"),
        ("müller.de", "xn--mller-kva.de"),
        ("xn--mller-kva.de", "xn--mller-kva.de"),
        ("Contoso GmbH", None),
        ("anna@contoso.de", None),
        ("https://contoso.de", None),
        ("Ltd.", None),
    ],
)
def test_domains_have_one_spelling(text: str, key: str | None) -> None:
    assert domain_key(text) == key


def test_two_domains_that_fold_alike_stay_two() -> None:
    """straße.de and strasse.de belong to different owners."""
    assert domain_key("straße.de") != domain_key("strasse.de")


def test_a_tenant_id_is_a_whole_one() -> None:
    assert tenant_id("4D2B015F-5C5B-4864-B331-747EE1479C41 ") == "4d2b015f-5c5b-4864-b331-747ee1479c41"
    assert tenant_id("4d2b015f5c5b4864b331747ee1479c41") is None
    assert tenant_id("{4d2b015f-5c5b-4864-b331-747ee1479c41") is None
    assert tenant_id("Contoso") is None
