"""What can go wrong with the store itself. The errors that a user is told about stand in `bot.domain.errors`."""


class StorageError(Exception):
    """Base of everything the store raises by itself."""


class StorageUnavailable(StorageError):
    """The database does not answer: locked, full, unreachable, too slow. Nothing of the transaction was kept."""


class CommitUnknown(StorageUnavailable):
    """The connection broke while the commit was under way: it may have been kept. Read before doing it again."""


class SchemaMismatch(StorageError):
    """The database is not at the version of this code. The message says which command mends it."""


class AttemptPending(StorageError):
    """The change has a sent attempt without an answer: no second one is recorded (design.md, rule 2)."""
