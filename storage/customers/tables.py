"""The directory's own tables: customers, a grams' index of their names in segments, and words for typing errors.

All of it is a copy of what the service lists: another version's tables are dropped and filled anew, never migrated.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

from storage.types import Instant, Words

VERSION: Final = 1
ROOMY: Final = "ALTER TABLE gram SET (toast_tuple_target = 8160), ALTER COLUMN docs SET STORAGE MAIN"

metadata: Final = MetaData()


def _key() -> TypeEngine[str]:
    """Text compared by code points on both engines, so that a prefix is a range."""
    return Text().with_variant(Text(collation="C"), "postgresql")


state: Final = Table(
    "state",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("next_segment", Integer, nullable=False),
    Column("passed_at", Instant),
    Column("pass_number", Integer, nullable=False),
    Column("pass_begun_at", Instant),
    Column("token", Text),
    Column("doubted", Integer, nullable=False),
    Column("owner", Text),
    Column("lease_until", Instant),
)
"""One row. `passed_at`: when the last pass that came to its end began; `token`: where the one under way goes on."""

customers: Final = Table(
    "customer",
    metadata,
    Column("num", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("id", _key(), nullable=False, unique=True),
    Column("key", _key(), nullable=False, unique=True),
    Column("name", Words, nullable=False),
    Column("domain", _key(), nullable=False),
    Index("ix_customer_domain", "domain"),
)
"""`num` = segment * SEGMENT + place in it; a customer who is renamed gets a new one and keeps its `key`."""

segments: Final = Table(
    "segment",
    metadata,
    Column("segment", Integer, primary_key=True, autoincrement=False),
)
"""The segments that there are."""

grams: Final = Table(
    "gram",
    metadata,
    Column("segment", Integer, primary_key=True, autoincrement=False),
    Column("gram", _key(), primary_key=True),
    Column("docs", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""Which places of a segment hold three characters (`storage.customers.grams`). Added at the end, never changed."""

words: Final = Table(
    "word",
    metadata,
    Column("word", _key(), primary_key=True),
    sqlite_with_rowid=False,
)
"""The beginnings of the words of all names, each once."""

slips: Final = Table(
    "slip",
    metadata,
    Column("segment", Integer, primary_key=True, autoincrement=False),
    Column("rest", _key(), primary_key=True),
    Column("letter", _key(), primary_key=True),
    sqlite_with_rowid=False,
)
"""Those beginnings with one letter left out: the place, what is left, and the letter (`storage.customers.slips`).

By the segment that brought the word: rows are added at the end, where anywhere would write most of the file each time.
"""

seen: Final = Table(
    "seen",
    metadata,
    Column("segment", Integer, primary_key=True, autoincrement=False),
    Column("docs", LargeBinary, nullable=False),
)
"""Which places were met in the pass that is under way, as a bitmap."""
