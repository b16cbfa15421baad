"""How the wire is read and written: camelCase out; any case of keys, and any text in an enum, in.

Partner Center's own examples mix camelCase and PascalCase and carry trailing spaces (facts/partner-center.md).
"""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

EnumText = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True)]
"""A word of a closed list, read tolerantly; a word that we do not know stays as it is, in lower case."""


def _none_is_empty(value: object) -> object:
    return [] if value is None else value


Item = TypeVar("Item")
Many = Annotated[list[Item], BeforeValidator(_none_is_empty)]
"""A list that may come as null."""


class WireModel(BaseModel):
    """Base of all that goes over the wire. Unknown fields are ignored; fields are frozen."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, frozen=True, extra="ignore")

    _spellings: ClassVar[dict[str, str]]
    _known: ClassVar[frozenset[str]]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        """Note the fields' spellings once per class."""
        super().__pydantic_init_subclass__(**kwargs)
        aliases = [field.alias or name for name, field in cls.model_fields.items()]
        cls._spellings = {alias.casefold(): alias for alias in aliases}
        cls._known = frozenset([*aliases, *cls.model_fields])

    @model_validator(mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        """Bring keys into their spelling where one differs. An exactly spelt key wins over a variant of it."""
        if not isinstance(value, dict) or cls._known.issuperset(value):
            return value
        spelt: dict[str, Any] = {}
        for key, each in value.items():
            own = key if key in cls._known else cls._spellings.get(str(key).casefold()) or key
            if own == key:
                spelt[key] = each
            elif own not in value:
                spelt.setdefault(own, each)
        return spelt

    def to_json(self) -> bytes:
        """The body as it goes out: camelCase, without what is not set."""
        return self.__pydantic_serializer__.to_json(self, by_alias=True, exclude_none=True)


class Attributes(WireModel):
    """What every resource carries: its type, and an etag where it can be changed."""

    model_config = ConfigDict(extra="allow")

    etag: str | None = None
    object_type: str | None = None


def typed(object_type: str) -> Attributes:
    """The attributes of a resource of a type, such as `Subscription`."""
    return Attributes(object_type=object_type)


class Header(WireModel):
    """A request header that a link asks for."""

    key: str
    value: str


class Link(WireModel):
    """Where something else is. `headers` must be sent along (the continuation token of a next page)."""

    uri: str
    method: str = "GET"
    headers: Many[Header] = Field(default_factory=list)


class Links(WireModel):
    """Links of a resource or a page. `next` is None on the last page."""

    model_config = ConfigDict(extra="allow")

    self_: Link | None = Field(default=None, alias="self")
    next: Link | None = None
    previous: Link | None = None
    offer: Link | None = None
    learn_more: Link | None = None


class Collection(WireModel, Generic[Item]):
    """A list of resources, or a page of one. `total_count` counts the items of this body, as Partner Center does."""

    total_count: int | None = None
    items: Many[Item] = Field(default_factory=list)
    links: Links | None = None
    continuation_token: str | None = None
    attributes: Attributes | None = None


def collection(items: Sequence[Item], *, links: Links | None = None, token: str | None = None) -> Collection[Item]:
    """A collection to send."""
    return Collection(
        total_count=len(items), items=list(items), links=links, continuation_token=token, attributes=typed("Collection")
    )
