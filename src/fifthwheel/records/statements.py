"""Statements that several methods of `Records` share; each runs on the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, delete, insert, or_, select

from fifthwheel.errors import Conflict, UnknownName
from fifthwheel.records import tables
from fifthwheel.records.entities import WIRES, Coupling, Identity, VehicleRecord


def normal(wire: str, value: str) -> str:
    """The one spelling of an identity: phones without leading zeros, plates and VINs in capitals without separators.

    >>> normal("jt808", "013800138000"), normal("plate", "鲁b·36712")
    ('13800138000', '鲁B36712')

    Raises
    ------
    UnknownName : no such wire.
    """
    if wire not in WIRES:
        raise UnknownName("wire", wire, WIRES)
    if wire == "jt808":
        return value.strip().lstrip("0") or "0"
    return "".join(letter for letter in value.upper() if letter.isalnum())


def vehicle_query() -> Select[Any]:
    """Columns of `VehicleRecord`; the driver is the one assigned last."""
    assignments = tables.assignments.c
    driver = select(assignments.driver_id).where(assignments.vehicle_id == tables.vehicles.c.vehicle_id)
    driver = driver.order_by(assignments.start_us.desc()).limit(1)
    return select(tables.vehicles, driver.scalar_subquery().label("driver_id"))


def vehicle(connection: Connection, vehicle_id: str) -> VehicleRecord:
    """The vehicle called `vehicle_id`.

    Raises
    ------
    UnknownName : there is none.
    """
    row = connection.execute(vehicle_query().where(tables.vehicles.c.vehicle_id == vehicle_id)).first()
    if row is None:
        raise UnknownName("vehicle", vehicle_id, connection.scalars(select(tables.vehicles.c.vehicle_id)))
    return VehicleRecord(**row._mapping)


def vehicle_row(record: VehicleRecord) -> dict[str, Any]:
    """Column values of `record`; empty names are absent names."""
    row = asdict(record) | {
        "vin": normal("vin", record.vin) if record.vin else None,
        "phone": normal("jt808", record.phone) if record.phone else None,
    }
    del row["driver_id"]
    return row


def names(record: VehicleRecord) -> list[Identity]:
    """The identities that a vehicle's own fields give it."""
    given = {"plate": record.plate, "vin": record.vin, "jt808": record.phone}
    return [Identity(wire, normal(wire, value), record.vehicle_id) for wire, value in given.items() if value]


def identify(connection: Connection, wire: str, value: str) -> str | None:
    """Id of the vehicle that `wire` knows as `value`, or ``None``."""
    found: str | None = connection.scalar(select(tables.identities.c.vehicle_id).filter_by(wire=wire, value=normal(wire, value)))
    return found


def refuse_taken(connection: Connection, wanted: Iterable[Identity]) -> None:
    """Check that every wanted identity, whose value is normal, is free or that vehicle's already.

    Raises
    ------
    Conflict : one is another vehicle's.
    """
    for identity in wanted:
        owner = identify(connection, identity.wire, identity.value)
        if owner not in {None, identity.vehicle_id}:
            raise Conflict(f"{identity.wire} {identity.value!r} is {owner!r}, so it cannot be {identity.vehicle_id!r} too")


def overlapping(connection: Connection, coupling: Coupling) -> list[Coupling]:
    """Recorded couplings of the same tractor or trailer that share a moment with `coupling`, in order of start."""
    other = tables.couplings.c
    same = or_(other.tractor_id == coupling.tractor_id, other.trailer_id == coupling.trailer_id)
    query = select(tables.couplings).where(same, or_(other.end_us.is_(None), other.end_us > coupling.start_us))
    if coupling.end_us is not None:
        query = query.where(other.start_us < coupling.end_us)
    return [Coupling(**row._mapping) for row in connection.execute(query.order_by(other.start_us))]


def active(role: str, vehicle_id: str, time_us: int) -> Select[Any]:
    """The coupling in force at `time_us` in which `vehicle_id` has the role ``tractor_id`` or ``trailer_id``."""
    column = tables.couplings.c
    return select(tables.couplings).where(
        and_(column[role] == vehicle_id, column.start_us <= time_us, or_(column.end_us.is_(None), column.end_us > time_us))
    )


def replace(connection: Connection, table: Table, row: Mapping[str, Any], key: Iterable[str]) -> None:
    """Add `row`, in place of the one with the same `key`."""
    connection.execute(delete(table).filter_by(**{name: row[name] for name in key}))
    connection.execute(insert(table).values(row))
