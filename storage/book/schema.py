"""Making the tables: all at once, with a version. No migrations (docs/decisions/0020): another version is refused."""

import secrets

from sqlalchemy import Connection, inspect, select, text

from storage.book.tables import SCHEMA_VERSION, metadata, state


class BookSchemaError(RuntimeError):
    """The database holds a book of another version of this program; `found` is its version, `wanted` ours."""

    def __init__(self, *, found: int, wanted: int) -> None:
        super().__init__(
            f"the book's database is of version {found}, this program needs {wanted}: "
            "set ELIGIBILITY_DATABASE_URL to a new one and import the book again"
        )
        self.found = found
        self.wanted = wanted


def make_schema(connection: Connection) -> None:
    """Create what is missing, or check the version. Runs in a writing transaction; two at once do it once."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('upgrade_desk_book schema'))"))
    if not inspect(connection).has_table(state.name):
        metadata.create_all(connection, checkfirst=False)
        connection.execute(
            state.insert().values(
                id=1,
                schema_version=SCHEMA_VERSION,
                generation=0,
                last_generation=0,
                customers=0,
                paging_key=secrets.token_hex(32),
            )
        )
        return
    found = connection.execute(select(state.c.schema_version)).scalar_one()
    if found != SCHEMA_VERSION:
        raise BookSchemaError(found=found, wanted=SCHEMA_VERSION)
