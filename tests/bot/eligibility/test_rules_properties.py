"""The conditions once more, written from the article and the service plans alone, against generated books."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.catalogue import load_default
from bot.domain.customers import SoldBy
from bot.eligibility.reasons import (
    AddOnsPresent,
    DelegatedRights,
    DelegatedRightsMissing,
    GranularRightsMissing,
    HeldSubscription,
    NotActive,
    NotProvisioned,
    OperationPending,
    Reason,
    ServicesAlreadyHeld,
    TargetAlreadyHeld,
)
from bot.eligibility.rules import evaluate

CATALOGUE = load_default()
DATA: Mapping[str, Any] = tomllib.loads(
    (Path(__file__).parents[3] / "bot" / "eligibility" / "catalogue.toml").read_text(encoding="utf-8")
)
EXTENDS = {each["key"]: each.get("extends") for each in DATA["family"]}
PLANS = {each["key"]: each.get("families", []) for each in DATA["plan"]}
PLANS_OF = {each["key"]: each["plans"] for each in DATA["offer"]}
TABLE = {each["from"]: each["to"] for each in DATA["upgrade"]}
STATUSES = ("active", "suspended", "deleted", "pending", "expired", "disabled", "none")


def has(offer: str, family: str) -> bool:
    """Whether an offer contains a family, by itself or as the lower edition of what one of its plans gives."""
    return any(family in chain(given) for plan in PLANS_OF[offer] for given in PLANS[plan])


def chain(family: str) -> list[str]:
    return [family] if EXTENDS[family] is None else [family, *chain(EXTENDS[family])]


def expected(  # noqa: C901  # the article's list, one branch a condition
    source: HeldSubscription, target: str, held: list[HeldSubscription], rights: DelegatedRights
) -> set[tuple[str, frozenset[str], str]]:
    """Every reason that holds: its kind, all families concerned (editions spelt out), and the blocking id."""
    assert source.offer is not None
    own = source.offer.key
    found: set[tuple[str, frozenset[str], str]] = set()
    if source.status != "active":
        found.add((f"1 {source.status}", frozenset(), ""))

    def granted(right: frozenset[str] | None, family: str) -> bool:
        return right is None or any(each in right for each in chain(family))

    concerned = {each for each in EXTENDS if has(own, each) or has(target, each)}
    if missing := frozenset(each for each in concerned if not granted(rights.delegated, each)):
        found.add(("2", missing, ""))
    for other in held:
        if other.id == source.id or other.status == "deleted" or other.offer is None:
            continue
        both = frozenset(
            each for each in EXTENDS if has(target, each) and not has(own, each) and has(other.offer.key, each)
        )
        if both:
            found.add(("3", both, other.id))
        if other.offer.key == target:
            found.add(("4", frozenset(), other.id))
    if source.has_add_ons:
        found.add(("add-ons", frozenset(), ""))
    if source.operation_pending:
        found.add(("pending", frozenset(), ""))
    if not source.provisioned:
        found.add(("provisioning", frozenset(), ""))
    poor = frozenset(
        each for each in concerned if granted(rights.delegated, each) and not granted(rights.granular, each)
    )
    if poor:
        found.add(("granular", poor, ""))
    return found


def simplified(reason: tuple[str, frozenset[str], str]) -> tuple[str, frozenset[str], str]:
    """Families as they are told: rights by their lowest edition asked for, services by their highest one held."""
    kind, families, blocking = reason
    if kind == "3":
        told = {each for each in families if not any(each in chain(more)[1:] for more in families)}
    else:
        told = {each for each in families if not any(less in families for less in chain(each)[1:])}
    return kind, frozenset(told), blocking


def reported(reason: Reason) -> tuple[str, frozenset[str], str]:  # noqa: PLR0911  # a closed union, one return each
    match reason:
        case NotActive(status=status):
            return f"1 {status}", frozenset(), ""
        case DelegatedRightsMissing(families=families):
            return "2", frozenset(families), ""
        case ServicesAlreadyHeld(families=families, blocking=blocking):
            return "3", frozenset(families), blocking.id
        case TargetAlreadyHeld(blocking=blocking):
            return "4", frozenset(), blocking.id
        case AddOnsPresent():
            return "add-ons", frozenset(), ""
        case OperationPending():
            return "pending", frozenset(), ""
        case NotProvisioned():
            return "provisioning", frozenset(), ""
        case GranularRightsMissing(families=families):
            return "granular", frozenset(families), ""


@st.composite
def subscriptions(draw: st.DrawFn, keys: list[str | None], mostly: str) -> HeldSubscription:
    key = draw(st.sampled_from(keys))
    return HeldSubscription(
        id=draw(st.uuids()).hex,
        offer=None if key is None else CATALOGUE.offers[key],
        offer_name="x",
        friendly_name="",
        status=draw(st.sampled_from(STATUSES) | st.just(mostly)),
        quantity=1,
        sold_by=draw(st.sampled_from([SoldBy.US, SoldBy.PARTNER, SoldBy.DIRECT])),
        provisioned=draw(st.sampled_from([True, True, True, False])),
        has_add_ons=draw(st.sampled_from([False, False, False, True])),
        operation_pending=draw(st.sampled_from([False, False, False, True])),
    )


RIGHTS = st.none() | st.frozensets(st.sampled_from(sorted(EXTENDS)))


@settings(max_examples=600, deadline=None)
@given(
    source=subscriptions(sorted(TABLE), "active"),
    others=st.lists(subscriptions([*sorted(PLANS_OF), None], "active"), max_size=6),
    rights=st.builds(DelegatedRights, delegated=RIGHTS, granular=RIGHTS),
    itself_listed=st.booleans(),
)
def test_an_option_is_permitted_exactly_when_no_condition_is_broken_and_every_broken_one_is_told(
    source: HeldSubscription, others: list[HeldSubscription], rights: DelegatedRights, *, itself_listed: bool
) -> None:
    """Issue 2, 2: none permitted that breaks a condition, none refused without one, every reason reported."""
    held = [*others, source] if itself_listed else others
    options = evaluate(catalogue=CATALOGUE, subscription=source, held=held, rights=rights)
    assert source.offer is not None
    assert [each.target.key for each in options] == TABLE[source.offer.key]
    for option in options:
        truth = expected(source, option.target.key, held, rights)
        assert option.permitted == (not truth)
        told = [reported(each) for each in option.reasons]
        assert len(told) == len(set(told))
        assert set(told) == {simplified(each) for each in truth}


@given(subscription=subscriptions([*sorted(set(PLANS_OF) - set(TABLE)), None], "active"))
def test_what_has_no_row_has_no_option_whatever_its_state(subscription: HeldSubscription) -> None:
    assert evaluate(catalogue=CATALOGUE, subscription=subscription, held=(), rights=DelegatedRights()) == ()
