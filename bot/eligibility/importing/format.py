"""The shape of a book file (docs/book.md): each field's type and bounds. What holds between them: `check`."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

MOST_SEATS = 10_000_000
_UUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"

Id = Annotated[str, StringConstraints(pattern=_UUID, to_lower=True)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=3000, pattern=r"\S")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"\S", strip_whitespace=True)]


def _day(text: str) -> str:
    if len(text) != len("2026-11-22"):
        raise ValueError("not a day")
    return date.fromisoformat(text).isoformat()


Day = Annotated[str, AfterValidator(_day)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", alias_generator=to_camel, frozen=True)


class BookSubscription(_Strict):
    """A subscription of the file."""

    id: Id
    offer: Word
    offer_name: Name | None = None
    quantity: Annotated[int, Field(ge=1, le=MOST_SEATS)]
    status: Literal["active", "suspended", "deleted", "pending", "expired", "disabled", "none"] = "active"
    sold_by: Literal["us", "partner", "direct"] = "us"
    friendly_name: Name | None = None
    commitment_end_date: Day | None = None
    creation_date: Day | None = None
    auto_renew: bool = True
    billing_cycle: Literal["monthly", "annual", "triennial", "one_time", "none"] = "monthly"
    add_ons: list[Name] = []
    operation_pending: bool = False
    provisioned: bool = True
    term_duration: Literal["P1M", "P1Y", "P3Y"] | None = None
    cancellation_allowed_until_date: Day | None = None
    partial_upgrade: bool = False


class BookUser(_Strict):
    """A user of the file."""

    id: Id
    display_name: Name
    user_principal_name: Name
    licenses: list[Word] = []
    disabled_plans: list[Word] = []
    state: Literal["active", "inactive"] = "active"


class BookCustomer(_Strict):
    """A customer of the file. Rights are checked in `check`: true, false or a list of families."""

    id: Id
    company_name: Name
    domain: Word
    country: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}$", to_upper=True)]
    delegated_admin: Any = True
    granular_admin: Any = True
    subscriptions: list[BookSubscription] = []
    users: list[BookUser] = []


_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "must be a text",
    "string_unicode": "holds half of a character",
    "string_too_short": "is empty",
    "string_too_long": "has more than {max_length} characters",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
    "value_error": "must be a day such as 2027-03-31",
}
_PATTERNS = {"id": "must be a UUID", "country": "must be two letters"}


def sentence_for(kind: str, field: str | int, context: dict[str, Any]) -> str:
    """Pydantic's fault in our words."""
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(str(field), "is empty")
    return _WORDS.get(kind, "cannot be used").format_map(context)
