"""A text that opens a customer names that customer: what folding may not make equal (rule 11)."""

import pytest

from bot.desk.find_customer import find_customer
from bot.desk.naming import same_name
from bot.desk.results import CustomerChoice
from bot.domain.people import Caller
from tests.support.desks import DeskKit


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        pytest.param("カトー", "ガトー", id="ka and ga"),
        pytest.param("ハス", "バス", id="ha and ba"),
        pytest.param("ハス", "パス", id="ha and pa"),
        pytest.param("Мои", "Мой", id="i and short i"),
        pytest.param("กา", "กุ้า", id="Thai vowel and tone"),
        pytest.param("कम", "क्म", id="virama"),
        pytest.param("100", "1००", id="digits of two scripts"),
    ],
)
def test_a_mark_that_makes_another_letter_makes_another_name(typed: str, name: str) -> None:
    """An umlaut may be left out where people leave it out; elsewhere a mark is the letter."""
    assert not same_name(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("カトー", "ｶﾄｰ"),
        ("Елка", "ЕЛКА"),
        ("Ελλας", "ΕΛΛΆΣ"),
        ("Lodz", "Łódź"),
        ("Viet", "Việt"),
        ("ガトー", "カ\u3099トー"),
    ],
)
def test_another_way_to_write_the_same_letters_is_the_same_name(typed: str, name: str) -> None:
    assert same_name(typed, name)


async def test_a_name_that_differs_by_such_a_mark_is_offered_and_not_opened(kit: DeskKit, heidi: Caller) -> None:
    """The service folds every mark; the desk judges."""
    found = await find_customer(kit.desk, caller=heidi, text="カトー")
    assert isinstance(found, CustomerChoice)
    assert [each.customer.name for each in found.matches] == ["ガトー"]
