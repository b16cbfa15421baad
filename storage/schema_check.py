"""Whether a database is what the code says: both are described by the same catalogue queries, and compared.

The code's schema is made in a place of its own (memory; a schema that is rolled back) instead of being guessed from
the metadata, so partial indexes, triggers and functions are compared as the engine itself understands them.
"""

import re
import secrets
from typing import Any, Final

from sqlalchemy import Connection, create_engine, inspect, text

from storage.tables import metadata
from storage.triggers import statements
from storage.version import VERSION_TABLE, recorded_version

Facts = dict[str, str]


def differences(connection: Connection) -> list[str]:
    """Sentences, in the order of the names; empty when the two are equal."""
    if recorded_version(connection) is None:
        return ["the database was never migrated"]
    if connection.dialect.name == "postgresql":
        found, wanted = _described_postgres(connection), _wanted_postgres(connection)
    else:
        found, wanted = _described_sqlite(connection), _wanted_sqlite()
    told = []
    for name in sorted(found.keys() | wanted.keys()):
        if name not in found:
            told.append(f"{name} is missing: {wanted[name]}")
        elif name not in wanted:
            told.append(f"{name} is not in the code: {found[name]}")
        elif found[name] != wanted[name]:
            told.append(f"{name} is {found[name]}, the code says {wanted[name]}")
    return told


def make(connection: Connection) -> None:
    """Make the code's schema, as migrations would leave it."""
    metadata.create_all(connection)
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def _wanted_sqlite() -> Facts:
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            make(connection)
            return _described_sqlite(connection)
    finally:
        engine.dispose()


def _described_sqlite(connection: Connection) -> Facts:
    facts: Facts = {}
    tables = connection.exec_driver_sql(
        "SELECT name, wr, \"strict\" FROM pragma_table_list WHERE schema = 'main'"
    ).all()
    for table, without_rowid, strict in tables:
        if table.startswith("sqlite_") or table == VERSION_TABLE:
            continue
        facts[f"table {table}"] = f"without rowid {without_rowid}, strict {strict}"
        for column in connection.exec_driver_sql(f'PRAGMA table_xinfo("{table}")').all():
            _, name, kind, required, default, key, hidden = column
            facts[f"column {table}.{name}"] = f"{kind} required={required} default={default} key={key} hidden={hidden}"
        for key in connection.exec_driver_sql(f'PRAGMA foreign_key_list("{table}")').all():
            _, _, target, source, column, on_update, on_delete, _ = key
            facts[f"foreign key {table}.{source}"] = f"to {target}.{column} {on_update} {on_delete}"
        checks = inspect(connection).get_check_constraints(table)
        facts |= {f"check {table}.{each['name']}": _plain(str(each["sqltext"])) for each in checks}
    rest = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger', 'view') AND sql IS NOT NULL"
    facts |= {f"{kind} {name}": _plain(sql) for kind, name, sql in connection.exec_driver_sql(rest).all()}
    return facts


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql.replace('"', "")).strip()


def _wanted_postgres(connection: Connection) -> Facts:
    name = f"check_{secrets.token_hex(8)}"
    with connection.begin_nested() as aside:
        before = connection.execute(text("SHOW search_path")).scalar_one()
        connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')
        connection.exec_driver_sql(f'SET LOCAL search_path TO "{name}"')
        make(connection)
        facts = _described_postgres(connection)
        aside.rollback()
    connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": before})
    return facts


def _described_postgres(connection: Connection) -> Facts:
    schema = connection.execute(text("SELECT current_schema()")).scalar_one()
    facts: Facts = {}
    for query in _CATALOGUE:
        rows: Any = connection.execute(text(query), {"schema": schema, "version": VERSION_TABLE}).all()
        facts |= {name: said.replace(f"{schema}.", "") for name, said in rows}
    return facts


_CATALOGUE: Final = (
    """SELECT 'table ' || c.relname, c.relkind::text || c.relpersistence::text
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = :schema AND c.relname <> :version AND c.relkind IN ('r', 'p', 'v', 'm', 'S')""",
    """SELECT 'column ' || c.relname || '.' || a.attname,
        format_type(a.atttypid, a.atttypmod) || ' required=' || a.attnotnull || a.attidentity::text
        || a.attgenerated::text || ' default=' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE n.nspname = :schema AND c.relname <> :version AND c.relkind IN ('r', 'p')
        AND a.attnum > 0 AND NOT a.attisdropped""",
    """SELECT 'constraint ' || c.relname || '.' || k.conname, pg_get_constraintdef(k.oid) || k.convalidated
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = :schema AND c.relname <> :version""",
    """SELECT 'index ' || i.relname, pg_get_indexdef(i.oid) || x.indisvalid
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = :schema AND c.relname <> :version""",
    """SELECT 'trigger ' || t.tgname, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = :schema AND c.relname <> :version AND NOT t.tgisinternal""",
    """SELECT 'function ' || p.proname, pg_get_functiondef(p.oid)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    LEFT JOIN pg_depend e ON e.objid = p.oid AND e.deptype = 'e'
    WHERE n.nspname = :schema AND e.objid IS NULL AND :version <> ''""",
)
