"""Which faults of a driver mean that the database does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.errors import StorageUnavailable

# SQLSTATEs that are passing and not always OperationalError in psycopg's own tree: deadlock, serialisation, shut-down,
# no resources, no connection, and the server's trouble with its own disk (a file that cannot grow is XX000 there).
_PASSING: Final = ("40P01", "40001", "57P01", "57P02", "57P03", "53", "08", "58", "XX")
_SPOILT: Final = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR")


def is_disconnect(error: DBAPIError) -> bool:
    """Whether the connection is gone, so that nothing more can be said about what was under way."""
    return error.connection_invalidated


def is_busy(error: DBAPIError) -> bool:
    """Whether another process holds SQLite's write lock."""
    return getattr(error.orig, "sqlite_errorname", "") in {"SQLITE_BUSY", "SQLITE_BUSY_TIMEOUT"}


def spoils_connection(error: BaseException | None) -> bool:
    """Whether SQLite will go on failing on this connection: one that was opened while nothing could be written."""
    return getattr(error, "sqlite_errorname", "").startswith(_SPOILT)


@contextmanager
def as_storage_errors() -> Iterator[None]:
    """Turn "the database does not answer" into StorageUnavailable; constraint faults and defects stay as they are."""
    try:
        yield
    except PoolTimeout as error:
        raise StorageUnavailable("no connection became free") from error
    except (OperationalError, InterfaceError) as error:
        raise StorageUnavailable(_words(error)) from error
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or ""
        if error.connection_invalidated or state.startswith(_PASSING):
            raise StorageUnavailable(_words(error)) from error
        raise


def _words(error: DBAPIError) -> str:
    """The driver's own words, without the statement and its values."""
    return f"{type(error.orig).__name__}: {str(error.orig).strip().splitlines()[0] if str(error.orig) else ''}"
