import pytest

from handlers.blocks.card import fault_text
from handlers.blocks.service_words import SERVICE_CODES
from tests.handlers import samples
from tests.handlers.samples import LANGUAGES

NAMED = ["2055", "800082", "900278", "800088", "800089", "800090", "800091"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", NAMED)
def test_each_code_of_seats_has_its_sentence_before_the_services_own(code: str, language: str) -> None:
    """Issue 5, 1: each with its sentence. The service's words stay: they have the numbers in them."""
    told = fault_text(samples.pen(language), code, "The service's own <words>.")
    sentence = samples.pen(language).t(SERVICE_CODES[code])
    assert told.startswith(sentence)
    assert "own &lt;words&gt;" in told
    assert code in told


def test_a_code_without_a_sentence_is_told_in_the_services_words() -> None:
    told = fault_text(samples.pen(LANGUAGES[0]), "900124", "Agreement missing.")
    assert "Agreement missing" in told
    assert "900124" in told
