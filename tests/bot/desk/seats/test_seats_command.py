"""What is typed after `/add-seats`: a name, with or without a number; a name may end in one itself (issue 5, 1)."""

import pytest

from bot.desk.seats.seats_command import SeatsTyped, seats_typed
from bot.domain.customers import Customer


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("contoso", "contoso", ""),
        ("contoso 25", "contoso", "25"),
        ("contoso +25", "contoso", "+25"),
        ("contoso =25", "contoso", "=25"),
        ("contoso + 25", "contoso", "+25"),
        ("contoso+25", "contoso", "+25"),
        ("  contoso   25 ", "contoso", "25"),
        ("contoso.de 25", "contoso.de", "25"),
        ("11111111-aaaa-bbbb-cccc-000000009c41 25", "11111111-aaaa-bbbb-cccc-000000009c41", "25"),
        ("Müller & Söhne 3", "Müller & Söhne", "3"),
        ("Studio 54", "Studio", "54"),
        ("Studio 54 25", "Studio 54", "25"),
        ("contoso -5", "contoso", "-5"),
        ("contoso 2.5", "contoso", "2.5"),
        ("contoso 2,5", "contoso", "2,5"),
        ("contoso 0", "contoso", "0"),
        ("25", "", "25"),
        ("+25", "", "+25"),
        ("Web 2.0 GmbH", "Web 2.0 GmbH", ""),
        ("contoso 10-20", "contoso 10-20", ""),
        ("contoso ++5", "contoso ++5", ""),
        ("Canal+ 20", "Canal+", "20"),
        ("Canal+ +20", "Canal+", "+20"),
        ("C++ 5", "C++", "5"),
        ("= 5", "", "=5"),
        ("contoso twenty", "contoso twenty", ""),
        ("", "", ""),
    ],
)
def test_what_is_typed_is_taken_apart(text: str, name: str, number: str) -> None:
    """Only what looks like a number, at the end, after a name or alone. Which of the two it is, a search decides."""
    assert seats_typed(text) == SeatsTyped(text=text.strip(), name=name, number=number)


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("Studio 54", "Studio", "54"),
        ("Studio 54", "Studio 54", ""),
        ("studio 5", "Studio 54 Nord", ""),
        ("müller 3", "Mueller 3 GmbH", ""),
        ("müller 3", "Müller GmbH", "3"),
        ("studio +5", "Studio 54", "+5"),
    ],
)
def test_a_number_that_is_part_of_the_chosen_name_is_no_number(text: str, name: str, number: str) -> None:
    """However the name is spelt."""
    customer = Customer(id="11111111-aaaa-bbbb-cccc-000000009c41", name=name, domain="x.example")
    assert seats_typed(text).number_for(customer) == number


def test_a_long_text_is_taken_apart_in_no_time() -> None:
    """What people paste must not hold anybody up."""
    for text in ("a " * 20_000 + "x", "1 " * 20_000 + "x", "+" * 20_000, "a" + " " * 20_000 + "+"):
        seats_typed(text)
