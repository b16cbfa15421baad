"""The one MetaData, with names for every constraint so that migrations can speak of them on both engines."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Index, MetaData, literal_column, text

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def listed(states: Iterable[StrEnum]) -> str:
    """The states as an SQL list, in one order whatever order the set has."""
    return ", ".join(f"'{state.value}'" for state in sorted(states))


def partial_index(name: str, *columns: str | ColumnElement[Any], where: str, unique: bool = False) -> Index:
    """An index over part of a table, the same part on both engines."""
    return Index(name, *columns, unique=unique, postgresql_where=text(where), sqlite_where=text(where))


def among(column: ColumnElement[str], states: Iterable[StrEnum]) -> ColumnElement[bool]:
    """Whether a state is one of these, with the states written out: a bound one hides a partial index from its use."""
    return column.in_([literal_column(f"'{state.value}'") for state in sorted(states)])
