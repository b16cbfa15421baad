import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.eligibility.client_seats import quantity_body

WIRE = Path(__file__).parents[4] / "shared" / "wire" / "partner_center"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(), each, max_size=3),
    max_leaves=8,
)
INDENTS = st.sampled_from([None, 1, "\t"])


@given(
    fields=st.dictionaries(st.text().filter(lambda key: key.casefold() != "quantity"), JSON, max_size=6),
    key=st.sampled_from(["quantity", "Quantity", "QUANTITY"]),
    at=st.integers(min_value=0, max_value=6),
    how=st.fixed_dictionaries({"ensure_ascii": st.booleans(), "indent": INDENTS}),
)
def test_nothing_but_the_number_changes(fields: dict[str, object], key: str, at: int, how: dict[str, Any]) -> None:
    """Nothing dropped, order and spelling kept (issue 5, 1): what is left out would be reset."""
    pairs = list(fields.items())
    before = dict([*pairs[:at], (key, 5), *pairs[at:]])
    raw = json.dumps(before, **how).encode("utf-8", "surrogatepass")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return
    sent = quantity_body(raw, quantity=9)
    assert list(json.loads(sent).items()) == list({**before, key: 9}.items())
    assert len(sent) == len(raw)


@pytest.mark.parametrize("name", ["03_get_subscription_2", "03c_patch_quantity_3"])
def test_the_documentations_own_resources_go_back_whole(name: str) -> None:
    raw = (WIRE / f"{name}.response.json").read_bytes()
    before, after = json.loads(raw), json.loads(quantity_body(raw, quantity=77))
    changed = {key for key in before if before[key] != after[key]}
    assert (list(before), {each.casefold() for each in changed}) == (list(after), {"quantity"})


def test_numbers_that_no_float_holds_and_nulls_go_back_as_they_came() -> None:
    raw = b'{ "parentSubscriptionId":null,"price":1.10, "big":123456789012345678901234567890,"quantity" : 5 }'
    assert quantity_body(raw, quantity=6) == raw.replace(b": 5 ", b": 6 ")


@pytest.mark.parametrize(
    "raw", [b"[]", b"{}", b"null", b'{"a": 1}', b'{"quantity": }', b'{"quantity" 5}', b"", b"\xff"]
)
def test_what_has_no_quantity_is_not_sent(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of whatever kind: what matters is that nothing goes out
        quantity_body(raw, quantity=6)
