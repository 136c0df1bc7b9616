"""A fresh database for every test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from fifthwheel.records import Records, VehicleRecord

POSTGRESQL = os.environ.get("FIFTHWHEEL_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/test")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Engine]:
    engine = create_engine(POSTGRESQL)
    try:
        engine.connect().close()
    except OperationalError as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no PostgreSQL at {POSTGRESQL}: {error.orig}")
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/records.sqlite"


@pytest.fixture
def postgresql_url(postgresql: Engine) -> Iterator[str]:
    schema = f"records_{uuid4().hex}"
    with postgresql.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield f"{POSTGRESQL}?options=-csearch_path%3D{schema}"
    with postgresql.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    opened = Records.open(url)
    yield opened
    opened.close()


@pytest.fixture
def fleet(records: Records) -> Records:
    """Two tractors, a rigid and two trailers."""
    for vehicle_id, kind in (("T1", "tractor"), ("T2", "tractor"), ("R1", "rigid"), ("X1", "trailer"), ("X2", "trailer")):
        records.add_vehicle(VehicleRecord(vehicle_id=vehicle_id, plate=vehicle_id, kind=kind, created_us=0))
    return records
