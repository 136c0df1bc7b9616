"""The SQL schema of the records. A change here needs a revision in ``migrations/versions`` (a test compares the two).

That couplings of one trailer or one tractor never overlap cannot be declared on both databases: a trigger of the first revision
refuses it. The driver of ``assignments`` drives from ``start_us`` until the vehicle's next assignment.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)

from fifthwheel.records.entities import KINDS, WIRES

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _one_of(column: str, names: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(name) for name in names)})", name=column)


def _vehicle(name: str, *, primary_key: bool = False, index: bool = False) -> Column[str]:
    return Column(name, Text, ForeignKey("vehicles.vehicle_id"), nullable=False, primary_key=primary_key, index=index)


vehicles: Final = Table(
    "vehicles",
    metadata,
    Column("vehicle_id", Text, primary_key=True),
    Column("plate", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("combination", Text),
    Column("vin", Text, unique=True),
    Column("phone", Text, unique=True),
    Column("created_us", BigInteger, nullable=False),
    _one_of("kind", KINDS),
    CheckConstraint("plate <> ''", name="plate"),
)

identities: Final = Table(
    "identities",
    metadata,
    Column("wire", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    _vehicle("vehicle_id", index=True),
    _one_of("wire", WIRES),
)

drivers: Final = Table(
    "drivers",
    metadata,
    Column("driver_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

assignments: Final = Table(
    "assignments",
    metadata,
    _vehicle("vehicle_id", primary_key=True),
    Column("start_us", BigInteger, primary_key=True),
    Column("driver_id", Text, ForeignKey("drivers.driver_id")),
)

_OPEN: Final = text("end_us IS NULL")

couplings: Final = Table(
    "couplings",
    metadata,
    _vehicle("tractor_id"),
    _vehicle("trailer_id", primary_key=True),
    Column("start_us", BigInteger, primary_key=True),
    Column("end_us", BigInteger),
    CheckConstraint("end_us > start_us", name="interval"),
    CheckConstraint("tractor_id <> trailer_id", name="pair"),
    Index("ix_couplings_tractor", "tractor_id", "start_us"),
    Index("uq_couplings_open_trailer", "trailer_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("uq_couplings_open_tractor", "tractor_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
)

enrolments: Final = Table(
    "enrolments",
    metadata,
    Column("wire", Text, primary_key=True),
    Column("identity", Text, primary_key=True),
    _vehicle("vehicle_id", index=True),
    Column("terminal_id", Text, nullable=False),
    Column("secret_hash", Text, nullable=False),
    Column("enrolled_us", BigInteger, nullable=False),
    Column("rotated_us", BigInteger, nullable=False),
    _one_of("wire", WIRES),
)

beliefs: Final = Table(
    "beliefs",
    metadata,
    Column("key", Text, primary_key=True),
    Column("belief", JSON, nullable=False),
)

promises: Final = Table(
    "promises",
    metadata,
    _vehicle("vehicle_id", primary_key=True),
    Column("start_us", BigInteger, primary_key=True),
    Column("end_us", BigInteger),
    Column("made_us", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("duty", JSON, nullable=False),
    Column("candidate", JSON, nullable=False),
    CheckConstraint("end_us > start_us", name="interval"),
    Index("uq_promises_open", "vehicle_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
)

audit: Final = Table(
    "audit",
    metadata,
    Column("audit_id", Integer, primary_key=True),
    Column("time_us", BigInteger, nullable=False, index=True),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("detail", Text, nullable=False),
)
