from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from fifthwheel.records import Records
from fifthwheel.records.database import connect, migrate
from fifthwheel.records.tables import metadata


def test_migrations_from_empty_make_exactly_the_declared_tables(url: str) -> None:
    engine = connect(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_migrations_go_down_and_up_again(url: str) -> None:
    engine = connect(url)
    with engine.begin() as connection:
        migrate(connection, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
        migrate(connection)
        assert set(inspect(connection).get_table_names()) == {"alembic_version", *metadata.tables}
    engine.dispose()


def test_several_processes_may_open_an_empty_database_at_once(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(Records.open, [url] * 4))
    for records in opened:
        assert records.vehicles() == []
        records.close()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO couplings VALUES ('T2', 'X1', 150, 160)",
        "INSERT INTO couplings VALUES ('T1', 'X2', 0, 101)",
        "INSERT INTO couplings VALUES ('T1', 'X1', 300, 300)",
        "UPDATE couplings SET end_us = 251 WHERE start_us = 100",
        "INSERT INTO couplings VALUES ('T1', 'nobody', 900, NULL)",
        "INSERT INTO vehicles VALUES ('T9', 'T1', 'tractor', NULL, NULL, NULL, 0)",
        "INSERT INTO vehicles VALUES ('T9', 'T9', 'ship', NULL, NULL, NULL, 0)",
        "INSERT INTO identities VALUES ('can', '1', 'T1')",
    ],
)
def test_the_schema_itself_refuses(fleet: Records, url: str, statement: str) -> None:
    fleet.couple("T1", "X1", 100, 200)
    fleet.couple("T2", "X1", 250, 280)
    engine = connect(url)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_sqlite_waits_and_logs_ahead(sqlite_url: str) -> None:
    engine = connect(sqlite_url)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 10_000
    engine.dispose()
