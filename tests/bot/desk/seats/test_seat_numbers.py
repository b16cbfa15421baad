import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.reasons import Problem
from bot.desk.seats.seat_numbers import (
    Added,
    Either,
    Total,
    added_by,
    read_added,
    read_number,
    read_part,
    within_limit,
)
from bot.domain.catalogue import NO_LIMIT
from bot.domain.errors import BadInput

COUNTS = st.integers(min_value=1, max_value=NO_LIMIT)
SPACES = st.text(alphabet=" \t\n", max_size=3)


@given(count=COUNTS, current=COUNTS, before=SPACES, between=SPACES, after=SPACES)
def test_a_sign_says_what_is_meant(count: int, current: int, before: str, between: str, after: str) -> None:
    assert read_number(f"{before}+{between}{count}{after}", current=current) == Added(seats=count)
    total = f"{before}={between}{count}{after}"
    if count > current:
        assert read_number(total, current=current) == Total(seats=count)
        assert added_by(Total(seats=count), current=current) == count - current
    else:
        with pytest.raises(BadInput) as raised:
            read_number(total, current=current)
        assert raised.value.problem == Problem.NOT_MORE_THAN_NOW


@given(count=COUNTS, current=COUNTS)
def test_a_bare_number_can_mean_both_only_where_it_is_more_than_there_are(count: int, current: int) -> None:
    """With 20 seats, 25 is "25 more, or 25 in total?"; 15 can only be more (issue 5, 1)."""
    meant = read_number(str(count), current=current)
    if count > current:
        assert meant == Either(added=Added(seats=count), total=Total(seats=count))
    else:
        assert meant == Added(seats=count)
    assert isinstance(read_number(str(count), current=None), Either)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem.EMPTY),
        ("   ", Problem.EMPTY),
        ("many", Problem.NOT_A_NUMBER),
        ("25 seats", Problem.NOT_A_NUMBER),
        ("+", Problem.NOT_A_NUMBER),
        ("=", Problem.NOT_A_NUMBER),
        ("++5", Problem.NOT_A_NUMBER),
        ("+-5", Problem.NOT_POSITIVE),
        ("1e3", Problem.NOT_A_NUMBER),
        ("0x10", Problem.NOT_A_NUMBER),
        ("2²", Problem.NOT_A_NUMBER),
        ("٢٥", Problem.NOT_A_NUMBER),
        ("1_000", Problem.NOT_A_NUMBER),
        ("1 000", Problem.NOT_A_NUMBER),
        ("0", Problem.NOT_POSITIVE),
        ("+0", Problem.NOT_POSITIVE),
        ("000", Problem.NOT_POSITIVE),
        ("-5", Problem.NOT_POSITIVE),
        ("− 5", Problem.NOT_POSITIVE),
        ("–5,5", Problem.NOT_POSITIVE),
        ("2.5", Problem.NOT_WHOLE),
        ("2,5", Problem.NOT_WHOLE),
        ("2.0", Problem.NOT_WHOLE),
        (".5", Problem.NOT_WHOLE),
        ("1.000", Problem.NOT_WHOLE),
        ("10000001", Problem.NUMBER_TOO_LARGE),
        ("9" * 5_000, Problem.NUMBER_TOO_LARGE),
    ],
)
def test_what_is_no_number_of_seats_is_said_as_what_it_is(text: str, problem: Problem) -> None:
    for read in (lambda: read_number(text, current=20), lambda: read_added(text), lambda: read_part(text, most=20)):
        with pytest.raises(BadInput) as raised:
            read()
        assert (raised.value.field, raised.value.problem) == ("seats", problem)


@given(text=st.text(max_size=30))
def test_any_text_is_a_number_or_a_problem_at_the_field(text: str) -> None:
    try:
        read_number(text, current=20)
    except BadInput as error:
        told = error.problem
    else:
        digits = text.strip().lstrip("+=").strip()
        assert digits.isascii()
        assert digits.isdigit()
        return
    assert told in list(Problem)


@given(count=COUNTS)
def test_where_seats_to_add_are_asked_for_a_total_is_no_answer(count: int) -> None:
    assert read_added(f"{count}") == read_added(f"+{count}") == count
    with pytest.raises(BadInput):
        read_added(f"={count}")


@given(count=COUNTS, current=COUNTS, limit=st.one_of(st.none(), COUNTS))
def test_a_new_total_is_within_the_limit_or_says_how_many_fit(count: int, current: int, limit: int | None) -> None:
    most = max((NO_LIMIT if limit is None else limit) - current, 0)
    if count <= most:
        assert within_limit(count, current=current, limit=limit) == current + count
    else:
        with pytest.raises(BadInput) as raised:
            within_limit(count, current=current, limit=limit)
        assert (raised.value.problem, raised.value.params["most"]) == (Problem.OVER_LIMIT, most)


@given(count=COUNTS, most=COUNTS)
def test_a_part_is_at_most_what_is_there(count: int, most: int) -> None:
    if count <= most:
        assert read_part(str(count), most=most) == count
    else:
        with pytest.raises(BadInput) as raised:
            read_part(str(count), most=most)
        assert raised.value.problem == Problem.MORE_THAN_THERE
