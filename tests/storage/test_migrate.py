"""Migrations on both engines: up, down, compared with the code."""

import os
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from bot.domain.clock import ShiftedClock
from storage import migrate
from storage.database import Database
from storage.engines import database_url as parsed_url
from storage.errors import SchemaMismatch
from storage.version import HEAD
from tests.support.counting_ids import CountingIds
from tests.support.engines import AUDIT_KEY


def run(url: str, *statements: str) -> None:
    parsed = parsed_url(url)
    driver = "sqlite" if parsed.drivername == "sqlite" else "postgresql+psycopg"
    engine = create_engine(parsed.set(drivername=driver))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_a_migrated_database_is_what_the_code_says(database_url: str) -> None:
    assert migrate.check(database_url) == []
    assert migrate.current(database_url) == HEAD


def test_the_check_leaves_nothing_behind(database_url: str) -> None:
    migrate.check(database_url)
    assert migrate.check(database_url) == []


def test_down_and_up_again_ends_where_it_began(database_url: str) -> None:
    migrate.downgrade(database_url, "base")
    assert migrate.current(database_url) is None
    assert migrate.check(database_url) == ["the database was never migrated"]
    migrate.upgrade(database_url)
    assert migrate.check(database_url) == []


def test_migrating_twice_is_migrating_once(database_url: str) -> None:
    migrate.upgrade(database_url)
    assert migrate.check(database_url) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DROP INDEX uq_changes_in_flight", "index uq_changes_in_flight is missing"),
        ("CREATE INDEX extra ON changes (note)", "index extra is not in the code"),
        ("ALTER TABLE changes ADD COLUMN extra INTEGER", "column changes.extra is not in the code"),
        ("DROP TABLE cards", "table cards is missing"),
    ],
)
def test_a_difference_is_named(database_url: str, statement: str, told: str) -> None:
    run(database_url, statement)
    assert any(sentence.startswith(told) for sentence in migrate.check(database_url))


def test_an_index_over_another_part_of_the_table_is_a_difference(database_url: str) -> None:
    """Alembic's own comparison does not look at the condition of a partial index."""
    run(
        database_url,
        "DROP INDEX uq_changes_in_flight",
        "CREATE UNIQUE INDEX uq_changes_in_flight ON changes (customer_id) WHERE state IN ('submitting')",
    )
    found = migrate.check(database_url)
    assert len(found) == 1
    assert found[0].startswith("index uq_changes_in_flight is ")


def test_a_trigger_that_is_gone_or_off_is_a_difference(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        run(database_url, "DROP TRIGGER audit_entries_no_delete")
        assert migrate.check(database_url)[0].startswith("trigger audit_entries_no_delete is missing")
    else:
        run(database_url, "ALTER TABLE audit_entries DISABLE TRIGGER ALL")
        assert migrate.check(database_url)[0].startswith("trigger audit_entries_append_only is ")


async def test_opening_a_database_of_another_version_says_what_to_run(
    database_url: str, clock: ShiftedClock, ids: CountingIds
) -> None:
    run(database_url, "UPDATE alembic_version SET version_num = '0000'")
    database = Database(database_url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
    with pytest.raises(SchemaMismatch, match="upgrade-desk migrate"):
        await database.open()


async def test_opening_never_makes_a_file(tmp_path: Path, clock: ShiftedClock, ids: CountingIds) -> None:
    database = Database(f"sqlite:///{tmp_path}/none.db", clock=clock, ids=ids, audit_key=AUDIT_KEY)
    with pytest.raises(SchemaMismatch, match="upgrade-desk migrate"):
        await database.open()
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - pathlib's own is refused in async code


def test_the_codes_version_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).with_name("migrations")))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_failed_migration_leaves_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/broken.db"
    run(url, "CREATE TABLE audit_texts (x INTEGER)")
    with pytest.raises(Exception, match="audit_texts"):
        migrate.upgrade(url)
    assert migrate.current(url) is None
    run(url, "DROP TABLE audit_texts")
    migrate.upgrade(url)
    assert migrate.check(url) == []
