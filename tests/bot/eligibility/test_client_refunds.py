from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.catalogue import load_default
from bot.domain.customers import Refundable, Subscription
from bot.eligibility import wire
from bot.eligibility.client_answers import subscription_of

CATALOGUE = load_default()
UNTIL = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)


def _read(**fields: Any) -> Subscription:
    made = {"id": "s", "offerId": "CFQ7TTC0LH18:0001:CFQ7TTC0K971", "quantity": 5, "status": "active", **fields}
    return subscription_of(wire.Subscription.model_validate(made), CATALOGUE)


def test_what_can_be_given_back_is_read_in_any_spelling() -> None:
    """facts/partner-center.md, 3: `refundableQuantity` and `cancellationAllowedUntilDate`."""
    window = {"quantity": 2, "allowedUntilDateTime": "2026-11-29T10:00:00Z"}
    found = _read(
        refundableQuantity={"totalQuantity": 2, "details": [window], "more": 1},
        cancellationAllowedUntilDate="2026-11-29T10:00:00Z",
        termDuration="P1Y",
    )
    assert (found.refundable, found.cancellable_until) == ((Refundable(quantity=2, until=UNTIL),), UNTIL)
    assert (found.term, found.etag, found.offer.seat_limit) == ("P1Y", None, None)
    other = {"TotalQuantity": 2, "Details": [{"Quantity": 2, "AllowedUntilDateTime": "2026-11-29T10:00:00"}]}
    assert _read(RefundableQuantity=other).refundable == found.refundable


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "soon",
        7,
        [],
        {"details": None},
        {"details": "none"},
        {"details": [{"quantity": "many"}]},
        {"details": [{"quantity": 1, "allowedUntilDateTime": "soon"}]},
        {"details": [{"quantity": 0, "allowedUntilDateTime": "2026-11-29T10:00:00Z"}]},
    ],
)
def test_a_window_in_a_shape_that_we_do_not_know_never_hides_the_subscription(odd: object) -> None:
    found = _read(refundableQuantity=odd, cancellationAllowedUntilDate=odd)
    assert (found.quantity, found.refundable, found.cancellable_until) == (5, (), None)
