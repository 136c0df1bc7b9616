"""Opening the records' database: connection rules and migrations."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from fifthwheel.errors import StorageError

_BUSY_TIMEOUT_MS: Final = 10_000
_MIGRATION_LOCK: Final = 17_691
WRITES: Final = "fifthwheel_writes"
"""Execution option of transactions that write: SQLite then takes its write lock at once, so it waits instead of failing later."""


def connect(url: str) -> Engine:
    """Engine for `url`, migrated to the newest schema.

    Raises
    ------
    StorageError : the database cannot be opened or migrated.
    """
    try:
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _configure_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            migrate(connection)
    except SQLAlchemyError as error:
        raise StorageError(f"records cannot be opened: {error}") from error
    return engine


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the schema to `revision` inside the connection's transaction; one process at a time."""
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "fifthwheel.records:migrations")
    if revision == "base":
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (f"busy_timeout = {_BUSY_TIMEOUT_MS}", "foreign_keys = ON", "journal_mode = WAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITES) else "BEGIN")
