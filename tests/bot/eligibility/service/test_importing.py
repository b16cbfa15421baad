import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.clock import ShiftedClock
from bot.eligibility.importing import BookFault, BookRefused
from bot.eligibility.importing.check import BookCheck
from bot.eligibility.importing.positions import path_text, positions
from bot.eligibility.importing.stream import PIECE, BookStream
from storage.book.book import Book
from tests.support.books import CATALOGUE, load, write_book
from tests.support.service import BASIC, SAMPLE, customer, subscription, user


def faults_of(folder: Path, text: str | bytes) -> list[BookFault]:
    """The faults of a file, without a database."""
    file = folder / "book.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    check = BookCheck(CATALOGUE)
    try:
        for raw in BookStream(file):
            check.take(raw)
        check.faults.refuse_if_any()
    except BookRefused as refused:
        return list(refused.faults)
    return []


def spoilt(**fields: Any) -> dict[str, Any]:
    return customer("Contoso", subscription(), users=[user("Anna")]) | fields


def test_the_sample_book_has_no_fault() -> None:
    check = BookCheck(CATALOGUE)
    for raw in BookStream(SAMPLE):
        check.take(raw)
    check.faults.refuse_if_any()
    assert check.counts["customers"] > 30


@pytest.mark.parametrize(
    ("change", "path", "sentence"),
    [
        ({"id": "x"}, "id", "must be a UUID"),
        ({"companyName": ""}, "companyName", "is empty"),
        ({"companyName": "x" * 3001}, "companyName", "has more than 3000 characters"),
        ({"companyName": "a\0b"}, "companyName", "holds the character U+0000"),
        ({"companyName": "\ud83d"}, "companyName", "holds half of a character"),
        ({"country": "Germany"}, "country", "must be two letters"),
        ({"delegatedAdmin": ["exchange", "nonsense"]}, "delegatedAdmin[1]", "is no service family"),
        ({"granularAdmin": "yes"}, "granularAdmin", "must be true, false or a list"),
        ({"more": 1}, "more", "is not known here"),
        (
            {"subscriptions": [subscription("no-such-offer")], "users": []},
            "subscriptions[0].offer",
            "is not in the catalogue",
        ),
        ({"subscriptions": [subscription(quantity=0)]}, "subscriptions[0].quantity", "must be 1 or more"),
        ({"subscriptions": [subscription(quantity=301)]}, "subscriptions[0].quantity", "is above the offer's limit"),
        ({"subscriptions": [{**subscription(), "quantity": "5"}]}, "subscriptions[0].quantity", "must be a whole"),
        ({"subscriptions": [{**subscription(), "quantity": True}]}, "subscriptions[0].quantity", "must be a whole"),
        ({"subscriptions": [subscription(status="cancelled")]}, "subscriptions[0].status", "must be 'active'"),
        (
            {"subscriptions": [subscription(commitmentEndDate="2026-02-30")]},
            "subscriptions[0].commitmentEndDate",
            "day",
        ),
        ({"users": [user("A", licenses=["office-365-enterprise-e5"])]}, "users[0].licenses[0]", "has no subscription"),
        ({"users": [user("A", licenses=[BASIC, BASIC])]}, "users[0].licenses[1]", "is named twice"),
        ({"users": [user("A", disabled=["MCOEV"])]}, "users[0].disabledPlans[0]", "is no service plan of"),
        ({"users": "nobody"}, "users", "must be a list"),
    ],
)
def test_each_fault_is_told_with_its_field(tmp_path: Path, change: dict[str, Any], path: str, sentence: str) -> None:
    text = json.dumps({"customers": [customer("First"), spoilt(**change)]})
    found = faults_of(tmp_path, text)
    assert [each.path for each in found] == [f"customers[1].{path}"]
    assert sentence in found[0].sentence


def test_what_must_be_unique_is_watched_over_the_whole_book(tmp_path: Path) -> None:
    first = customer("A", subscription(), domain="a.de", users=[user("U")])
    second = customer(
        "B", first["subscriptions"][0], domain="A.DE", users=[user("V"), user("W")], id=first["id"].upper()
    )
    second["users"][1]["id"] = second["users"][0]["id"]
    second["users"][1]["userPrincipalName"] = second["users"][0]["userPrincipalName"].upper()
    found = faults_of(tmp_path, json.dumps({"customers": [first, second]}))
    assert {each.path.removeprefix("customers[1].") for each in found} == {
        *("id", "domain", "subscriptions[0].id", "users[1].id", "users[1].userPrincipalName")
    }


def test_every_fault_has_the_line_where_it_stands(tmp_path: Path) -> None:
    made = [spoilt(country="x"), customer("Good"), spoilt(companyName=7), spoilt(id=None)]
    del made[3]["domain"]
    text = json.dumps({"customers": made}, indent=2)
    lines = text.splitlines()
    found = faults_of(tmp_path, text)
    assert [each.path for each in found] == [
        *("customers[0].country", "customers[2].companyName", "customers[3].domain", "customers[3].id")
    ]
    told = {each.path: lines[each.line - 1].strip() for each in found}
    assert told["customers[0].country"] == '"country": "x",'
    assert told["customers[2].companyName"] == '"companyName": 7,'
    assert told["customers[3].id"] == '"id": null,'
    assert told["customers[3].domain"] == "{"


def test_a_field_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    text = json.dumps({"customers": [customer("A")]}, indent=1).replace('"country"', '"companyName": "B",\n"country"')
    found = faults_of(tmp_path, text)
    assert [(each.path, each.sentence) for each in found] == [("customers[0].companyName", "stands here twice")]


def test_only_fifty_faults_are_told_and_the_rest_is_counted(tmp_path: Path) -> None:
    file = write_book(tmp_path, [spoilt(country="x") for _ in range(80)])
    check = BookCheck(CATALOGUE)
    for raw in BookStream(file):
        check.take(raw)
    with pytest.raises(BookRefused, match="and 30 more") as refused:
        check.faults.refuse_if_any()
    assert len(refused.value.faults) == 50


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", 1, "begins with {"),
        ("[]", 1, "begins with {"),
        ("{}", 1, '"customers" is missing'),
        ('{"customers": {}}', 1, "must be a list"),
        ('{"other": []}', 1, '"other" is not known'),
        ('{"customers": []} x', 1, "behind the end"),
        ('{"customers": [], "more": 1}', 1, "nothing may stand beside"),
        ('{"customers": [\n{"id": 1\n', 3, "not valid JSON"),
        ('{"customers": [\n{}\n{}]}', 3, "a comma or ] is missing"),
        ('{"customers": [\n\n{"a": nope}]}', 3, "not valid JSON"),
        ('{"customers": [\n{"a": NaN}]}', 2, "NaN is not a number"),
        ('{"customers": [' + "[" * 100_000, 1, "nested too deeply"),
        ('{"customers": [\n' + "9" * 5000 + "]}", 2, "too long"),
        (b'{"customers": [\n\n"\xff\xfe"]}', 3, "not UTF-8"),
    ],
)
def test_a_text_that_is_no_book_is_told_with_its_line(
    tmp_path: Path, text: str | bytes, line: int, sentence: str
) -> None:
    found = faults_of(tmp_path, text)
    assert len(found) == 1
    assert sentence in found[0].sentence
    assert found[0].line == line


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BookRefused, match="cannot be read"):
        list(BookStream(tmp_path / "none.json"))


def test_a_file_of_several_pieces_is_read_as_one(tmp_path: Path) -> None:
    """Pieces end anywhere: in a name, in a character of several bytes, in a number."""
    made = [customer("Ümläut 😀 " * 40 + str(n), subscription(), users=[user("Zoë")]) for n in range(2500)]
    file = write_book(tmp_path, made)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert file.stat().st_size > 2 * PIECE
    raw = file.read_bytes()
    lines = raw.decode("utf-8-sig").split("\n")
    for expected, found in zip(made, BookStream(file), strict=True):
        assert found.value == expected
        assert json.loads(raw[found.offset : found.offset + found.length]) == expected
        assert lines[found.line - 1].strip() == "{"


def test_a_customer_larger_than_a_piece_is_read(tmp_path: Path) -> None:
    made = [customer("A"), customer("Large", users=[user(f"Person {n}", licenses=[]) for n in range(15_000)])]
    file = write_book(tmp_path, made)
    assert [len(each.value["users"]) for each in BookStream(file)] == [0, 15_000]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=15,
)


@given(json_values, st.sampled_from([None, 1, 3]))
@settings(max_examples=150)
def test_the_position_of_each_value_is_where_it_can_be_read_again(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    found = positions(text)

    def walk(part: Any, place: tuple[str | int, ...]) -> None:
        again, _ = json.JSONDecoder().raw_decode(text, found[place])
        assert again == part
        pairs = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        for step, each in pairs:
            walk(each, (*place, step))

    walk(value, ())


def test_paths_read_as_people_write_them() -> None:
    assert path_text(("customers", 3, "subscriptions", 0, "quantity")) == "customers[3].subscriptions[0].quantity"


async def test_a_book_with_one_fault_changes_nothing(book: Book, tmp_path: Path, clock: ShiftedClock) -> None:
    old = customer("Old", subscription())
    await load(book, write_book(tmp_path, [old]), clock=clock)
    with pytest.raises(BookRefused, match=r"line \d+, customers\[1\]\.country: must be two letters"):
        await load(book, write_book(tmp_path, [customer("New"), spoilt(country="x")]), clock=clock)
    assert await book.holding(old["id"]) is not None


async def test_ids_and_offers_may_be_written_in_any_case(book: Book, tmp_path: Path, clock: ShiftedClock) -> None:
    made = customer("A", subscription("BD938F12-058F-4927-BBA3-AE36B1D2501C".lower()), subscription("O365_BUSINESS"))
    await load(book, write_book(tmp_path, [{**made, "id": made["id"].upper()}]), clock=clock)
    holding = await book.holding(made["id"])
    assert holding is not None
    found = [CATALOGUE.by_offer_id(each.offer_id) for each in holding.subscriptions]
    assert [each.key for each in found if each is not None] == [BASIC, "microsoft-365-apps-for-business"]


async def test_an_offer_that_the_catalogue_lacks_is_kept_by_its_name(
    book: Book, tmp_path: Path, clock: ShiftedClock
) -> None:
    made = customer(
        "A", subscription("Their-Own-1", offerName="Their own product"), users=[user("U", licenses=["Their-Own-1"])]
    )
    await load(book, write_book(tmp_path, [made]), clock=clock)
    async with book.read() as tx:
        assert await tx.users.counts(made["id"]) == {"Their-Own-1": 1}
