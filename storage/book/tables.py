"""The service's own tables (docs/decisions/0020): a book in generations, its audit records, its remembered answers.

Rows of the book carry the generation they belong to; readers see the one that `book_state` names, and an import fills
the next one beside it. Names of tables begin with `book_`, so that one PostgreSQL database can hold the bot's too.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

SCHEMA_VERSION = 1


def _key() -> TypeEngine[str]:
    """Text compared by code points on both engines, so that a prefix is a range."""
    return Text().with_variant(Text(collation="C"), "postgresql")


metadata = MetaData()

state = Table(
    "book_state",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("schema_version", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("last_generation", Integer, nullable=False),
    Column("customers", Integer, nullable=False),
    Column("paging_key", Text, nullable=False),
)
"""One row. `last_generation` is the newest number given out; `customers` counts those of the current generation."""

imports = Table(
    "book_import",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("audit_before", BigInteger, nullable=False),
    Column("alive_at", String(32), nullable=False),
)
"""Imports under way. A chunk is only loaded while its row is here; one whose `alive_at` is old has died."""

customers = Table(
    "book_customer",
    metadata,
    Column("generation", Integer, primary_key=True),
    Column("id", _key(), primary_key=True),
    Column("name", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("delegated", Text, nullable=False),
    Column("granular", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""`delegated` and `granular` are JSON: true, false, or the list of service families with such rights."""

names = Table(
    "book_name",
    metadata,
    Column("generation", Integer, primary_key=True),
    Column("field", SmallInteger, primary_key=True),
    Column("key", _key(), primary_key=True),
    Column("customer_id", _key(), primary_key=True),
    Column("main_key", _key(), nullable=True),
    sqlite_with_rowid=False,
)
"""Folded names and domains (see `folding`). `main_key` is set on the second spelling only: the key of the first."""

subscriptions = Table(
    "book_subscription",
    metadata,
    Column("generation", Integer, primary_key=True),
    Column("customer_id", _key(), primary_key=True),
    Column("id", _key(), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("offer_id", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("sold_by", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("details", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""`details` is JSON; `version` counts changes (it is in the ETag); `position` keeps the file's order."""

users = Table(
    "book_user",
    metadata,
    Column("generation", Integer, primary_key=True),
    Column("customer_id", _key(), primary_key=True),
    Column("id", _key(), primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("principal_name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

licences = Table(
    "book_licence",
    metadata,
    Column("generation", Integer, primary_key=True),
    Column("customer_id", _key(), primary_key=True),
    Column("offer_id", _key(), primary_key=True),
    Column("user_id", _key(), primary_key=True),
    Column("disabled", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""A licence of an offer that a user holds; `disabled` is a JSON list of the service plans that are switched off."""

audit = Table(
    "book_audit",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("customer_id", _key(), nullable=False),
    Column("customer_name", Text, nullable=False),
    Column("name_key", _key(), nullable=False),
    Column("resource_type", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("old_value", Text, nullable=False),
    Column("new_value", Text, nullable=False),
    Column("extra", Text, nullable=False),
    Index("book_audit_at", "at", "number"),
    Index("book_audit_customer", "customer_id", "number"),
)
"""`at` is UTC in ISO form, always of the same length, so that it sorts; `extra` is the JSON of `customizedData`."""

answers = Table(
    "book_answer",
    metadata,
    Column("request_id", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("headers", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", String(32), nullable=False),
    Index("book_answer_at", "at"),
    sqlite_with_rowid=False,
)
"""Answers of writes that acted, by `MS-RequestId`."""

GENERATIONAL = (customers, names, subscriptions, users, licences)
